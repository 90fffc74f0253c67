package web

import (
	"log/slog"
	"os"
	"testing"

	"github.com/jba/templatecheck"

	"cmc/internal/i18n"
	"cmc/internal/page"
	"cmc/internal/testkit"
)

func TestMain(m *testing.M) { os.Exit(testkit.Main(m)) }

func TestEveryTemplateFitsItsPage(t *testing.T) {
	cat, err := i18n.Load(os.DirFS(testkit.Root(t)), "en")
	if err != nil {
		t.Fatal(err)
	}
	pages := page.NewSet(cat, slog.New(slog.DiscardHandler))
	New(Options{Pages: pages})
	if err := pages.SetFrames(nil); err != nil {
		t.Fatal(err)
	}
	for name, data := range map[string]any{
		"mail/settings": settingsPage{},
		"mail/stop":     stopPage{},
		"mail/bounces":  bouncesPage{},
	} {
		tmpl := pages.Lookup(name, "en")
		if tmpl == nil {
			t.Errorf("there is no template %s", name)
			continue
		}
		if err := templatecheck.CheckHTML(tmpl.Lookup("frame"), data); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}
