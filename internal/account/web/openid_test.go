package web

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"cmc/internal/account"
	"cmc/internal/testkit"
)

func TestADelegationsOwnHouseIsOffered(t *testing.T) {
	var address string
	house := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/.well-known/openid-configuration" {
			http.Error(w, "no", http.StatusBadRequest)
			return
		}
		_ = json.NewEncoder(w).Encode(map[string]any{
			"issuer": address, "authorization_endpoint": address + "/authorize", "token_endpoint": address + "/token",
			"jwks_uri": address + "/keys", "id_token_signing_alg_values_supported": []string{"RS256"},
		})
	}))
	t.Cleanup(house.Close)
	address = house.URL
	client := house.Client()
	client.Timeout = 5 * time.Second
	d := newDoor(t, false, account.OpenID{Delegation: "LCA", Issuer: address, ClientID: "forum", Secret: "s", Client: client})
	b := d.browser()
	form := b.get("/fr/account/sign-in?next=/fr/forum/").Has("main button", "Se connecter avec un compte de Saint Lucia").
		Attr(`form[action*="/openid/"]`, "action")
	sent := b.post(form, "next", "/fr/forum/")
	link := sent.Attr("main a.button", "href")
	u, err := url.Parse(link)
	if err != nil || !strings.HasPrefix(link, address+"/authorize?") || sent.header.Get("Refresh") != "0; url="+link {
		t.Fatalf("the form leads to %q (Refresh %q), %v", link, sent.header.Get("Refresh"), err)
	}
	if got, want := u.Query().Get("redirect_uri"), d.address+"/account/openid/callback"; got != want {
		t.Errorf("the house leads back to %q, want %q", got, want)
	}
	back := "/account/openid/callback?code=x&state="
	d.browser().get(back+u.Query().Get("state")).Has(".error-summary", "took too long")
	b.get(back+"another").Has(".error-summary", "does not open this door")
	b.get(back+u.Query().Get("state")).Has(".error-summary", "took too long").Has("#address")
	if got := b.post("/account/openid/SEC/send"); got.status != http.StatusNotFound {
		t.Errorf("a delegation without a house answers %d", got.status)
	}
	// A text that would not come back is not sent away.
	b.post("/account/sign-in", "keep_action", "/forum/topics/3/posts", "keep_body", "x", "address", "broken").Lacks(`form[action*="/openid/"]`)
}

// TestABrowserGoesToTheHouseAndComesBack proves that nothing between our form
// and the other house stops a browser: not the content policy, and not a cookie
// that stays behind.
func TestABrowserGoesToTheHouseAndComesBack(t *testing.T) {
	for name, noScript := range map[string]bool{"with scripts": false, "without scripts": true} {
		t.Run(name, func(t *testing.T) {
			mux := http.NewServeMux()
			house := httptest.NewServer(mux)
			t.Cleanup(house.Close)
			mux.HandleFunc("GET /.well-known/openid-configuration", func(w http.ResponseWriter, _ *http.Request) {
				_ = json.NewEncoder(w).Encode(map[string]any{
					"issuer": house.URL, "authorization_endpoint": house.URL + "/authorize", "token_endpoint": house.URL + "/token",
					"jwks_uri": house.URL + "/keys", "id_token_signing_alg_values_supported": []string{"RS256"},
				})
			})
			mux.HandleFunc("GET /authorize", func(w http.ResponseWriter, r *http.Request) {
				http.Redirect(w, r, r.FormValue("redirect_uri")+"?code=x&state="+url.QueryEscape(r.FormValue("state")), http.StatusSeeOther)
			})
			var asked atomic.Int32
			mux.HandleFunc("POST /token", func(w http.ResponseWriter, _ *http.Request) {
				asked.Add(1)
				http.Error(w, "no", http.StatusBadRequest)
			})
			d := newDoor(t, false, account.OpenID{Delegation: "LCA", Issuer: house.URL, ClientID: "forum", Secret: "s"})
			b := testkit.NewBrowser(t, testkit.BrowserOptions{NoScript: noScript})
			b.Open(d.address + "/account/sign-in")
			b.Click(`form[action*="/openid/"] button`)
			b.WaitText(".error-summary", "does not open this door")
			if got := b.Path(); !strings.HasPrefix(got, "/account/openid/callback?") || asked.Load() == 0 {
				t.Errorf("the browser is at %s, and the house was asked %d times for a token", got, asked.Load())
			}
		})
	}
}
