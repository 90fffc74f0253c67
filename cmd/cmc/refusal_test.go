package main

import (
	"net/http"
	"strings"
	"testing"

	"github.com/gorilla/websocket"

	"cmc/internal/testkit"
)

// TestBadInputGetsAClearAnswer sends a member's server what no browser would:
// each gets its status and a page with a sentence, and the next request works.
func TestBadInputGetsAClearAnswer(t *testing.T) {
	server := launch(t, smallSite(t))
	member := server.member("Ana", "ana@lakeland.example", "XLA", "expert")
	topic := member.startTopic("pier", "Boats at night")
	for _, test := range []struct {
		name, body string
		status     int
	}{
		{"a post of ten megabytes", "body=" + strings.Repeat("a", 10<<20), http.StatusRequestEntityTooLarge},
		{"invalid UTF-8", "body=%ff%fe", http.StatusBadRequest},
		{"a NUL", "body=a%00b", http.StatusBadRequest},
		{"an empty post", "body=", http.StatusUnprocessableEntity},
		{"broken percent signs", "body=%zz", http.StatusBadRequest},
	} {
		t.Run(test.name, func(t *testing.T) {
			request, err := http.NewRequest(http.MethodPost, server.address()+topic+"posts", strings.NewReader(test.body))
			if err != nil {
				t.Fatal(err)
			}
			request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			answer, err := member.do(request)
			if err != nil {
				t.Fatal(err)
			}
			if answer.status != test.status {
				t.Errorf("status %d, want %d", answer.status, test.status)
			}
			testkit.HTML(t, answer.body).Has("header.masthead").Has("main h1")
			if strings.Contains(answer.body, "⟦") {
				t.Errorf("an interface text is missing: %s", answer.text("main"))
			}
		})
	}
	if got := member.get(topic).doc.Find(".post-body").Length(); got != 1 {
		t.Errorf("the topic has %d posts after refusals, want 1", got)
	}
}

// TestTheSocketRefusesAForeignOrigin dials as another site's script would.
func TestTheSocketRefusesAForeignOrigin(t *testing.T) {
	server := launch(t, smallSite(t))
	address := "ws" + strings.TrimPrefix(server.address(), "http") + "/forum/ws?after=0"
	for origin, want := range map[string]int{
		"https://elsewhere.example": http.StatusForbidden,
		server.address():            http.StatusSwitchingProtocols,
	} {
		socket, response, err := websocket.DefaultDialer.Dial(address, http.Header{"Origin": {origin}})
		if err == nil {
			socket.Close()
		}
		if response == nil || response.StatusCode != want {
			t.Errorf("origin %s: %v (%v), want status %d", origin, response, err, want)
		}
	}
}
