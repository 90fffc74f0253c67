package account_test

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"math/big"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync"
	"testing"
	"time"
)

// idp is a small OpenID provider over TLS, as a ministry would run one.
type idp struct {
	t      *testing.T
	server *httptest.Server
	now    func() time.Time

	mu      sync.Mutex
	key     *rsa.PrivateKey
	kid     int
	granted map[string]grant
	who     map[string]any              // the claims about whoever signs in next
	forge   func(claims map[string]any) // changes what a token says, if set
	signer  *rsa.PrivateKey             // signs instead of the published key, if set
	asked   map[string]int              // how often each path was asked for
	away    bool                        // answers nothing of use
}

type grant struct{ nonce, challenge, redirect string }

const clientSecret = "the client's secret"

func newIDP(t *testing.T, now func() time.Time) *idp {
	t.Helper()
	p := &idp{t: t, now: now, granted: map[string]grant{}, asked: map[string]int{}}
	p.rotate()
	mux := http.NewServeMux()
	mux.HandleFunc("GET /.well-known/openid-configuration", p.discovery)
	mux.HandleFunc("GET /keys", p.keys)
	mux.HandleFunc("POST /token", p.token)
	p.server = httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.asked[r.URL.Path]++
		if p.away {
			http.Error(w, "away", http.StatusServiceUnavailable)
			return
		}
		mux.ServeHTTP(w, r)
	}))
	t.Cleanup(p.server.Close)
	return p
}

// rotate gives the house a new key under a new name.
func (p *idp) rotate() {
	p.t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		p.t.Fatal(err)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.key = key
	p.kid++
}

func (p *idp) discovery(w http.ResponseWriter, _ *http.Request) {
	at := p.server.URL
	p.write(w, map[string]any{
		"issuer": at, "authorization_endpoint": at + "/authorize", "token_endpoint": at + "/token", "jwks_uri": at + "/keys",
		"id_token_signing_alg_values_supported": []string{"RS256"}, "response_types_supported": []string{"code"},
		"subject_types_supported": []string{"public"},
	})
}

func (p *idp) keys(w http.ResponseWriter, _ *http.Request) {
	p.write(w, map[string]any{"keys": []any{map[string]any{
		"kty": "RSA", "use": "sig", "alg": "RS256", "kid": fmt.Sprint(p.kid),
		"n": base64.RawURLEncoding.EncodeToString(p.key.N.Bytes()),
		"e": base64.RawURLEncoding.EncodeToString(big.NewInt(int64(p.key.E)).Bytes()),
	}}})
}

// approve is the person who signs in at the house: it returns what the browser
// brings back.
func (p *idp) approve(address string) (state, code string) {
	p.t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		p.t.Fatal(err)
	}
	q := u.Query()
	if q.Get("response_type") != "code" || q.Get("code_challenge_method") != "S256" || q.Get("client_id") != "forum" {
		p.t.Fatalf("the house is asked with %s", address)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	code = fmt.Sprintf("code-%d", len(p.granted))
	p.granted[code] = grant{q.Get("nonce"), q.Get("code_challenge"), q.Get("redirect_uri")}
	return q.Get("state"), code
}

func (p *idp) token(w http.ResponseWriter, r *http.Request) {
	g, ok := p.granted[r.PostFormValue("code")]
	delete(p.granted, r.PostFormValue("code"))
	sum := sha256.Sum256([]byte(r.PostFormValue("code_verifier")))
	id, secret, _ := r.BasicAuth()
	if !ok || base64.RawURLEncoding.EncodeToString(sum[:]) != g.challenge || r.PostFormValue("redirect_uri") != g.redirect ||
		id != "forum" || secret != url.QueryEscape(clientSecret) {
		w.WriteHeader(http.StatusBadRequest)
		p.write(w, map[string]any{"error": "invalid_grant"})
		return
	}
	said := map[string]any{
		"iss": p.server.URL, "aud": "forum", "nonce": g.nonce,
		"iat": p.now().Unix(), "exp": p.now().Add(time.Minute).Unix(),
	}
	maps.Copy(said, p.who)
	if p.forge != nil {
		p.forge(said)
	}
	p.write(w, map[string]any{"access_token": "x", "token_type": "Bearer", "id_token": p.sign(said)})
}

func (p *idp) sign(said map[string]any) string {
	part := func(v any) string {
		text, err := json.Marshal(v)
		if err != nil {
			p.t.Error(err)
		}
		return base64.RawURLEncoding.EncodeToString(text)
	}
	head := part(map[string]any{"alg": "RS256", "kid": fmt.Sprint(p.kid)}) + "." + part(said)
	sum := sha256.Sum256([]byte(head))
	key := p.key
	if p.signer != nil {
		key = p.signer
	}
	signature, err := rsa.SignPKCS1v15(rand.Reader, key, crypto.SHA256, sum[:])
	if err != nil {
		p.t.Error(err)
	}
	return head + "." + base64.RawURLEncoding.EncodeToString(signature)
}

func (p *idp) write(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	if err := json.NewEncoder(w).Encode(v); err != nil {
		p.t.Error(err)
	}
}
