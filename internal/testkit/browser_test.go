package testkit

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/chromedp/cdproto/network"
)

// serve answers with a page whose script, form and colours show what kind of
// browser reads it.
func serve(t *testing.T) string {
	t.Helper()
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprint(w, `<!doctype html><html lang="en"><title>Rooms</title><link rel="icon" href="data:,">
			<main><h1>Rooms</h1><p id="by">by hand</p>
			<form action="/hello"><label>Name <input name="name"></label><button>Send</button></form></main>
			<script src="/script.js"></script></html>`)
	})
	mux.HandleFunc("GET /script.js", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/javascript")
		fmt.Fprint(w, `document.getElementById("by").textContent = "by script"`)
	})
	mux.HandleFunc("GET /hello", func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintf(w, `<!doctype html><html><body><h1>Hello %s</h1><img src="data:,"></body></html>`, r.FormValue("name"))
	})
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return server.URL
}

func TestABrowserWalksWithAndWithoutScripts(t *testing.T) {
	url := serve(t)
	for _, test := range []struct {
		name string
		opt  BrowserOptions
		by   string
	}{
		{"with scripts, dark, on a telephone", BrowserOptions{Width: 320, Height: 640, Dark: true}, "by script"},
		{"without scripts", BrowserOptions{NoScript: true}, "by hand"},
	} {
		t.Run(test.name, func(t *testing.T) {
			b := NewBrowser(t, test.opt)
			b.Open(url)
			b.Page().Has("h1", "Rooms").Has("#by", test.by)
			var dark bool
			b.Eval(`matchMedia("(prefers-color-scheme: dark)").matches`, &dark)
			if dark != test.opt.Dark {
				t.Errorf("dark = %v, want %v", dark, test.opt.Dark)
			}
			if all, script := b.Received(); all == 0 || (script > 0) == test.opt.NoScript {
				t.Errorf("received %d bytes, %d of scripts", all, script)
			}
			b.Fill("input[name=name]", "Ana")
			b.Follow("button")
			b.WaitText("h1", "Hello Ana")
			if got, want := b.Path(), "/hello?name=Ana"; got != want {
				t.Errorf("path = %q, want %q", got, want)
			}
		})
	}
}

func TestAxeFindsWhatIsWrong(t *testing.T) {
	b := NewBrowser(t, BrowserOptions{})
	Require(t, "axe")
	url := serve(t)
	b.Open(url)
	b.Axe()
	b.Open(url + "/hello?name=Ana")
	if found, err := findings(b.ctx); err != nil || len(found) == 0 {
		t.Errorf("axe-core found nothing (%v) on a page without language, title and image text", err)
	}
}

func TestWhatStaysOnThisMachine(t *testing.T) {
	tests := map[string]bool{
		"http://127.0.0.1:8080/":           true,
		"http://localhost/x":               true,
		"http://[::1]:80/":                 true,
		"ws://127.0.0.1:1/forum/ws":        true,
		"data:image/png;base64,AA==":       true,
		"about:blank":                      true,
		"https://fonts.example.org/a.woff": false,
		"http://127.0.0.1.example.org/":    false,
		"http://10.0.0.1/":                 false,
	}
	for address, want := range tests {
		if got := local(address); got != want {
			t.Errorf("local(%q) = %v, want %v", address, got, want)
		}
	}
	var c traffic
	c.note(&network.EventRequestWillBeSent{Request: &network.Request{URL: "https://fonts.example.org/a.woff"}})
	if got := c.strangers(); len(got) != 1 {
		t.Errorf("strangers = %q, want the font's address", got)
	}
}
