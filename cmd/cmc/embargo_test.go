package main

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestAnEmbargoIsDueOnceAndAfterAFailureAgain(t *testing.T) {
	noon := time.Date(2027, 1, 31, 12, 0, 0, 0, time.UTC)
	never := embargo{}
	if never.due(noon) {
		t.Error("due without a moment = true, want false")
	}
	e := embargo{next: noon}
	for _, step := range []struct {
		name  string
		after time.Duration
		want  bool
	}{
		{"before the moment", -time.Second, false},
		{"at the moment", 0, true},
		{"while the site is broken", 5 * time.Second, false},
		{"when it is tried again", liftAgain, true},
	} {
		if got := e.due(noon.Add(step.after)); got != step.want {
			t.Errorf("%s: due = %t, want %t", step.name, got, step.want)
		}
	}
}

// TestAPageAppearsWhenItsEmbargoEnds touches no file after the start.
func TestAPageAppearsWhenItsEmbargoEnds(t *testing.T) {
	dir := smallSite(t)
	file := filepath.Join(dir, "content", "practices", "ferry-registrar", "index.en.md")
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	until := time.Now().Add(8 * time.Second)
	embargoed := strings.Replace(string(text), "---\n", "---\nembargo_until: "+until.UTC().Format(time.RFC3339)+"\n", 1)
	if err := os.WriteFile(file, []byte(embargoed), 0o644); err != nil {
		t.Fatal(err)
	}
	server := launch(t, dir)
	reader := newVisitor(t, server.address)
	status := func() int { return reader.get("/practices/ferry-registrar/").status }
	if early := status(); time.Now().Before(until) && early != http.StatusNotFound {
		t.Errorf("status before the end = %d, want 404", early)
	}
	server.await("the page after its embargo", func() bool { return status() == http.StatusOK })
	if time.Now().Before(until) {
		t.Error("the page appeared before its embargo ended")
	}
}
