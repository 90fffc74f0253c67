package main

import (
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestAChangeIsServedAndAMistakeIsNot edits a page under a watching server: a
// good edit appears; a broken one leaves the last good site served, and says
// where it is broken.
func TestAChangeIsServedAndAMistakeIsNot(t *testing.T) {
	site := smallSite(t)
	server := launch(t, site, "--watch")
	reader := newVisitor(t, server.address)
	file := filepath.Join(site, "content", "practices", "ferry-registrar", "index.en.md")
	edit := func(from, to string) {
		t.Helper()
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(strings.ReplaceAll(string(text), from, to)), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	says := func(words string) func() bool {
		return func() bool { return strings.Contains(reader.get("/practices/ferry-registrar/").text("main"), words) }
	}
	edit("The registrar travels", "The registrar sails")
	server.await("the edited page", says("The registrar sails"))

	edit("countries: [XLA]", "countries: [XLA")
	server.await("the mistake in the log", func() bool {
		return strings.Contains(server.output.String(), "practices/ferry-registrar/index.en.md:")
	})
	if !says("The registrar sails")() {
		t.Error("a broken edit disturbed the page that is served")
	}
	edit("countries: [XLA", "countries: [XLA]")
	edit("The registrar sails", "The registrar rows")
	server.await("the repaired page", says("The registrar rows"))
}

// TestSearchServesAlone runs the sidecar without site and forum.
func TestSearchServesAlone(t *testing.T) {
	server := launch(t, smallSite(t), "--only", "search")
	client := newVisitor(t, server.address)
	var answer struct {
		Total int `json:"total"`
		Hits  []struct{ ID, URL string }
	}
	if err := json.Unmarshal([]byte(client.get("/api/search?q=ferries&lang=en").body), &answer); err != nil {
		t.Fatal(err)
	}
	if answer.Total == 0 || answer.Hits[0].ID != "practice-ferry-registrar" {
		t.Errorf("the sidecar finds %+v, want the practice first", answer)
	}
	for path, want := range map[string]int{
		"/search/?q=ferry":          http.StatusOK,
		"/api/search?q=a&page=zero": http.StatusBadRequest,
		"/forum/":                   http.StatusNotFound,
		"/healthz":                  http.StatusOK,
	} {
		if got := client.get(path).status; got != want {
			t.Errorf("%s answers %d, want %d", path, got, want)
		}
	}
}

// TestTheSecretariatEnrolsOnce follows the link of the first start; later
// starts print none.
func TestTheSecretariatEnrolsOnce(t *testing.T) {
	server := launch(t, smallSite(t))
	link := invitationPrinted.FindString(server.output.String())
	if link == "" {
		t.Fatalf("the first start printed no link:\n%s", server.output)
	}
	const address = "desk@secretariat.example"
	secretary := server.secretary("Sol", address)
	if info, err := os.Stat(filepath.Join(server.state, "secret.key")); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the program's secret: %v, %v; want a file for its owner alone", info, err)
	}
	if home := secretary.get("/forum/"); !strings.Contains(home.text("header"), "Sol") {
		t.Fatalf("the secretariat is not signed in: %s", home.text("header"))
	}
	if again := newVisitor(t, server.address).get(link); again.status != http.StatusNotFound {
		t.Errorf("the used link answers %d, want 404", again.status)
	}
	if err := server.stop(); err != nil {
		t.Fatal(err)
	}
	server.start()
	if link := invitationPrinted.FindString(server.output.String()); link != "" {
		t.Errorf("the second start prints %s, want no link once somebody has enrolled", link)
	}
	if home := secretary.get("/account/"); home.text("main h1") == "" || !strings.HasPrefix(home.path, "/account/") || strings.Contains(home.path, "sign-in") {
		t.Errorf("after the restart the secretariat is at %s, want still signed in", home.path)
	}
}
