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

		"forum/feeds":       {"templates/feeds.html"},
		"forum/calendar":    {"templates/calendar.html"},
		"forum/delegations": {"templates/delegations.html"},
		"forum/delegation":  {"templates/delegation.html"},
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

		"POST /forum/text-only":      f.textOnly,
		"GET " + page.PlainStylePath: plainStyle,

		"GET /forum/feeds/{$}":              f.feeds,
		"POST /forum/feeds/{$}":             f.createFeedKey,
		"POST /forum/feeds/{id}/revoke":     f.revokeFeedKey,
		"GET /forum/feed/{file}":            f.feedAll,
		"GET /forum/feed/rooms/{file}":      f.feedRoom,
		"GET /forum/feed/topics/{file}":     f.feedTopic,
		"GET /forum/feed/calendar.ics":      f.calendarICS,
		"GET /forum/calendar/{$}":           f.calendar,
		"GET /forum/delegations/{$}":        f.delegations,
		"GET /forum/delegations/{code}/{$}": f.delegation,
	} {
		mux.Handle(pattern, f.Pages.Handle(h))
	}
}
