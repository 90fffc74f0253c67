package web

import (
	"net/http"

	"cmc/internal/page"
)

// readingPages are the templates of what a seat keeps and follows.
func readingPages() map[string][]string {
	return map[string][]string{
		"forum/news":   {"templates/news.html", "templates/draft_list.html"},
		"forum/drafts": {"templates/drafts.html", "templates/draft_list.html"},
		"forum/draft":  {"templates/draft.html"},
	}
}

// readingRoutes registers what a seat keeps and follows.
func (f *Web) readingRoutes(mux *http.ServeMux) {
	for pattern, h := range map[string]page.Handler{
		"GET /forum/new/{$}":            f.news,
		"POST /forum/new/read":          f.readEverything,
		"POST /forum/rooms/{slug}/read": f.readRoom,
		"GET /forum/drafts/{$}":         f.drafts,
		"POST /forum/drafts/save":       f.saveDraft,
		"POST /forum/drafts/discard":    f.discardDraft,
	} {
		mux.Handle(pattern, f.Pages.Handle(h))
	}
}
