package web

import (
	"net/http"

	"cmc/internal/page"
)

// Routes registers the room. Paths are plain: the language's prefix is taken
// off before.
func (f *Web) Routes(mux *http.ServeMux) {
	for pattern, h := range map[string]page.Handler{
		"GET /forum":                          f.slash,
		"GET /forum/rooms/{slug}":             f.slash,
		"GET /forum/topics/{id}":              f.slash,
		"GET /forum/{$}":                      f.rooms,
		"GET /forum/rooms/{slug}/{$}":         f.room,
		"GET /forum/rooms/{slug}/new":         f.newTopic,
		"POST /forum/rooms/{slug}/new":        f.createTopic,
		"GET /forum/topics/{id}/{$}":          f.topic,
		"GET /forum/topics/{id}/fragment":     f.fragment,
		"POST /forum/topics/{id}/posts":       f.writing(f.createPost),
		"POST /forum/topics/{id}/lock":        f.lock,
		"POST /forum/topics/{id}/pin":         f.pin,
		"POST /forum/topics/{id}/close":       f.close,
		"POST /forum/topics/{id}/closes":      f.closes,
		"GET /forum/topics/{id}/move":         f.showMove,
		"POST /forum/topics/{id}/move":        f.move,
		"POST /forum/topics/{id}/merge":       f.merge,
		"POST /forum/topics/{id}/acknowledge": f.acknowledge,
		"POST /forum/posts/{id}/consolidate":  f.consolidate,
		"GET /forum/posts/{id}":               f.post,
		"GET /forum/files/{id}":               f.file,
		"GET /forum/posts/{id}/edit":          f.showEdit,
		"POST /forum/posts/{id}/edit":         f.writing(f.edit),
		"GET /forum/posts/{id}/reported":      f.reported,
		"GET /forum/moderation/{$}":           f.moderation,
		"POST /forum/reports/{id}/settle":     f.writing(f.settle),
		"GET /forum/log/{$}":                  f.log,
		"GET /forum/own/{$}":                  f.own,
		"GET /forum/own/data.json":            f.ownJSON,
		"GET /forum/own/posts.mbox":           f.ownMbox,
		"GET /forum/posts/{id}/history":       f.history,
		"GET /forum/discuss":                  f.discuss,
		"POST /forum/discuss":                 f.startDiscussion,
		"GET /forum/events":                   f.events,
	} {
		mux.Handle(pattern, f.Pages.Handle(h))
	}
	for _, d := range deeds() {
		path := "/forum/posts/{id}/" + d.name
		mux.Handle("GET "+path, f.Pages.Handle(f.showDeed(d)))
		mux.Handle("POST "+path, f.Pages.Handle(f.commit(d)))
	}
	f.readingRoutes(mux)
	if f.Live != nil {
		mux.Handle("GET /forum/ws", f.Pages.Handle(f.Live))
	}
}
