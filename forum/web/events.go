package web

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"

	"cmc/forum"
	"cmc/forum/store"
	"cmc/internal/errs"
)

// events answers with what happened after a point of the log, as far as the
// caller may read. It is what the websocket tells, for those who have none.
func (f *Web) events(w http.ResponseWriter, r *http.Request) error {
	after := int64(0)
	if text := r.URL.Query().Get("after"); text != "" {
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil || n < 0 {
			return errs.New(errs.Invalid, "forum_error_after")
		}
		after = n
	}
	list, last, err := f.Store.EventsAfter(r.Context(), f.member(r), after, store.MaxEvents)
	if err != nil {
		return err
	}
	if list == nil {
		list = []forum.Event{} // "events": [], never null
	}
	body, err := json.Marshal(struct {
		Events []forum.Event `json:"events"`
		Last   int64         `json:"last"`
	}{list, last})
	if err != nil {
		return fmt.Errorf("write %d events: %w", len(list), err)
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	_, err = w.Write(body)
	return err
}
