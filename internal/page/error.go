package page

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strings"

	"cmc/internal/errs"
	"cmc/internal/i18n"
)

// Handler answers a request or says why it cannot.
type Handler func(w http.ResponseWriter, r *http.Request) error

// Handle adapts a Handler; its error becomes a page, or JSON for a program.
func (s *Set) Handle(h Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := h(w, r); err != nil {
			s.Error(w, r, err)
		}
	})
}

// status is the one table from kinds of error to HTTP.
func status(k errs.Kind) int {
	switch k {
	case errs.Invalid:
		return http.StatusBadRequest
	case errs.NotFound:
		return http.StatusNotFound
	case errs.Denied:
		return http.StatusForbidden
	case errs.Unauthenticated:
		return http.StatusUnauthorized
	case errs.Conflict:
		return http.StatusConflict
	case errs.TooMany:
		return http.StatusTooManyRequests
	case errs.TooLarge:
		return http.StatusRequestEntityTooLarge
	case errs.Method:
		return http.StatusMethodNotAllowed
	case errs.Unavailable:
		return http.StatusServiceUnavailable
	default:
		return http.StatusInternalServerError
	}
}

// errorPage is what the error template reads.
type errorPage struct {
	Base
	Messages  []string
	RequestID string
	SignIn    string // where to sign in, when that would help
}

// Error answers with what the visitor may know of err, and logs the rest when
// the fault is ours.
func (s *Set) Error(w http.ResponseWriter, r *http.Request, err error) {
	if r.Context().Err() != nil && errors.Is(err, context.Canceled) {
		return // whoever asked has left, which is nobody's failure
	}
	kind := errs.KindOf(err)
	if kind == errs.Internal || kind == errs.Unavailable {
		s.log.ErrorContext(r.Context(), "request failed", "request_id", RequestID(r.Context()), "path", r.URL.Path, "error", err)
	}
	messages := Messages(s.language(r.Context()), err)
	if wantsJSON(r) {
		writeJSONError(w, status(kind), messages[0])
		return
	}
	p := errorPage{
		Base:      s.NewBase(r, "error_title_"+strings.ReplaceAll(kind.String(), " ", "_")),
		Messages:  messages,
		RequestID: RequestID(r.Context()),
	}
	p.NoIndex = true
	if kind == errs.Unauthenticated {
		p.SignIn = p.URL("/account/sign-in") + "?next=" + url.QueryEscape(p.URL(r.URL.RequestURI()))
	}
	if failed := s.Render(w, r, status(kind), errorPageName, p); failed != nil {
		s.log.ErrorContext(r.Context(), "error page failed", "request_id", p.RequestID, "error", failed)
		http.Error(w, strings.Join(messages, "\n"), status(kind))
	}
}

// Messages are the sentences that tell a visitor what went wrong: one, or one
// for each fault of a form.
func Messages(l *i18n.Language, err error) []string {
	var many errs.Fields
	if errors.As(err, &many) && len(many) > 0 {
		all := make([]string, len(many))
		for i, e := range many {
			all[i] = l.T(e.Key, e.Args...)
		}
		return all
	}
	var one *errs.Error
	if errors.As(err, &one) && one.Key != "" {
		return []string{l.T(one.Key, one.Args...)}
	}
	return []string{l.T("error_internal")}
}

func wantsJSON(r *http.Request) bool {
	return strings.HasPrefix(r.URL.Path, "/api/") || r.URL.Path == "/forum/events" ||
		strings.HasPrefix(r.Header.Get("Accept"), "application/json")
}

func writeJSONError(w http.ResponseWriter, code int, message string) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(code)
	// The reader may be gone; there is nobody left to tell.
	_ = json.NewEncoder(w).Encode(struct {
		Error string `json:"error"`
	}{message})
}
