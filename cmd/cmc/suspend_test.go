package main

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"cmc/internal/testkit"
)

// TestASuspendedMembersSocketCloses holds a socket open while the secretariat
// suspends its member: it is told of nothing more, long before the next look
// that the hub takes by itself.
func TestASuspendedMembersSocketCloses(t *testing.T) {
	server := launch(t, smallSite(t))
	secretary := server.secretary("Sol", "desk@secretariat.example")
	ana := server.member("Ana", "ana@lakeland.example", "XLA", "expert")
	base, err := url.Parse(server.address())
	if err != nil {
		t.Fatal(err)
	}
	request := httptest.NewRequest(http.MethodGet, "/", nil)
	for _, c := range ana.client.Jar.Cookies(base) {
		request.AddCookie(c)
	}
	socket, answer, err := websocket.DefaultDialer.DialContext(t.Context(), "ws://"+base.Host+"/forum/ws?after=0",
		http.Header{"Cookie": request.Header["Cookie"], "Origin": {server.address()}})
	if err != nil {
		t.Fatalf("open a socket: %v (%v)", err, answer)
	}
	defer socket.Close()
	answer.Body.Close()

	page := secretary.get("/account/members/XLA/")
	suspended := secretary.submit(page, `form[action$="/suspend"]`, map[string]string{"reason": "a lost telephone"})
	if !strings.Contains(suspended.text(".notice"), "suspended") {
		t.Fatalf("the secretariat is told %q", suspended.text("main"))
	}
	since := time.Now()
	if err := socket.SetReadDeadline(since.Add(patience)); err != nil {
		t.Fatal(err)
	}
	for {
		if _, _, err = socket.ReadMessage(); err != nil {
			break
		}
	}
	if took := time.Since(since); took > 3*time.Second {
		t.Errorf("the socket ended after %v: %v", took, err)
	}
	if home := ana.get("/forum/"); strings.Contains(home.text("header"), "Ana") {
		t.Error("the suspended member is still signed in")
	}
}

var appSecret = regexp.MustCompile(`name="secret" value="([A-Z2-7]+)"`)

// secretary follows the link of the first start and sets a second step up.
func (p *process) secretary(name, address string) *visitor {
	p.t.Helper()
	v := newVisitor(p.t, p.address)
	link := invitationPrinted.FindString(p.output.String())
	asked := v.submit(v.get(link), "main form", map[string]string{"name": name, "address": address})
	step := v.submit(asked, "main form", map[string]string{"code": p.code(address)})
	secret := appSecret.FindStringSubmatch(step.body)
	if secret == nil {
		p.t.Fatalf("the secretariat is at %s without an app to set up: %s", step.path, step.text("main"))
	}
	kept := v.submit(step, "main form", map[string]string{"code": testkit.TOTP(p.t, secret[1], time.Now())})
	if kept.text(".code-list code") == "" {
		p.t.Fatalf("the second step ends at %s without recovery codes: %s", kept.path, kept.text("main"))
	}
	return v
}
