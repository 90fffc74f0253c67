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
		"forum/rooms":       roomsPage{},
		"forum/room":        roomPage{},
		"forum/new":         newPage{},
		"forum/discuss":     discussPage{},
		"forum/topic":       topicPage{},
		"forum/news":        newsPage{},
		"forum/edit":        editPage{},
		"forum/drafts":      draftsPage{},
		"forum/draft":       draftConflictPage{},
		"forum/feeds":       feedsPage{},
		"forum/calendar":    calendarPage{},
		"forum/delegations": delegationsPage{},
		"forum/delegation":  delegationPage{},
		"forum/deed":        deedPage{},
		"forum/reported":    reportedPage{},
		"forum/moderation":  moderationPage{},
		"forum/log":         logPage{},
		"forum/own":         ownPage{},
		"forum/history":     historyPage{},
		"forum/move":        movePage{},
		"forum/expired":     expiredPage{},
		"forum/returned":    returnedPage{},
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
	if err := templatecheck.CheckHTML(pages.Lookup("forum/topic", "en").Lookup("posts"), topicPage{}); err != nil {
		t.Errorf("the fragment: %v", err)
	}
}
