package main

import (
	"compress/gzip"
	"encoding/json"
	"fmt"
	"image/png"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"cmc/internal/testkit"
)

// TestTheSiteCanBeInstalled reads what a browser asks of an app.
func TestTheSiteCanBeInstalled(t *testing.T) {
	out := builtOfflineSite(t)
	for home, want := range map[string]struct{ lang, name string }{"/": {"en", "Lake Dialogue"}, "/es/": {"es", "Diálogo del Lago"}} {
		var manifest struct {
			Name, Lang, Scope, Display string
			Start                      string `json:"start_url"`
			Theme                      string `json:"theme_color"`
			Icons                      []struct{ Src, Sizes, Type, Purpose string }
		}
		text, err := os.ReadFile(filepath.Join(out, home, "manifest.webmanifest"))
		if err == nil {
			err = json.Unmarshal(text, &manifest)
		}
		if err != nil {
			t.Fatal(err)
		}
		if manifest.Name != want.name || manifest.Lang != want.lang || manifest.Start != home || manifest.Scope != "/" || manifest.Display != "standalone" {
			t.Errorf("the manifest of %s says %+v, want %+v", home, manifest, want)
		}
		var purposes []string
		for _, icon := range manifest.Icons {
			purposes = append(purposes, icon.Purpose+" "+icon.Sizes)
			file, err := os.Open(filepath.Join(out, icon.Src))
			if err != nil {
				t.Fatal(err)
			}
			if picture, err := png.DecodeConfig(file); icon.Type == "image/png" && (err != nil || fmt.Sprintf("%dx%d", picture.Width, picture.Height) != icon.Sizes) {
				t.Errorf("%s is %d × %d, %v; want %s", icon.Src, picture.Width, picture.Height, err, icon.Sizes)
			}
			file.Close()
		}
		for _, needed := range []string{"any 192x192", "any 512x512", "maskable 512x512"} {
			if !slices.Contains(purposes, needed) {
				t.Errorf("the manifest of %s has the icons %q, want %q", home, purposes, needed)
			}
		}
		page, err := os.ReadFile(filepath.Join(out, home, "index.html"))
		if err != nil {
			t.Fatal(err)
		}
		testkit.HTML(t, page).Has(`link[rel=manifest][href="` + home + `manifest.webmanifest"]`).
			Has(`meta[name=theme-color][content="` + manifest.Theme + `"]`).Has(`link[rel=apple-touch-icon]`)
	}
}

// workerBudget is for the compressed worker.
const workerBudget = 4 * kilobyte

// TestTheWorkerIsSmallAndNeverStale asks the running server.
func TestTheWorkerIsSmallAndNeverStale(t *testing.T) {
	server := launch(t, offlineSite(t))
	response, err := http.Get(server.address() + "/sw.js")
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if got := response.Header.Get("Cache-Control"); got != "no-cache" || response.Header.Get("Content-Type") != "text/javascript; charset=utf-8" {
		t.Errorf("/sw.js comes with %v", response.Header)
	}
	var size counter
	packed := gzip.NewWriter(&size)
	if _, err := io.Copy(packed, response.Body); err != nil || packed.Close() != nil {
		t.Fatal(err)
	}
	if size > workerBudget {
		t.Errorf("the worker has %d bytes, want at most %d", size, workerBudget)
	}
}

// counter counts what is written.
type counter int

// Write forgets the bytes.
func (c *counter) Write(b []byte) (int, error) {
	*c += counter(len(b))
	return len(b), nil
}
