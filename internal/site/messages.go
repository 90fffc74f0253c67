package site

import (
	"bytes"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"

	"github.com/bep/logg"
)

// messages collects what Hugo logs. Hugo's process-wide logger keeps a reference
// to it after the build, so it must hold nothing large.
type messages struct {
	mu       sync.Mutex
	warnings []string
	errors   []string
}

// take is Hugo's log hook.
func (m *messages) take(entry *logg.Entry) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	switch {
	case entry.Level >= logg.LevelError:
		m.errors = append(m.errors, entry.Message)
	case entry.Level == logg.LevelWarn:
		if text := readable(entry.Message); !slices.Contains(m.warnings, text) {
			m.warnings = append(m.warnings, text)
		}
	}
	return nil
}

func (m *messages) taken() (warnings, errs []string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Clone(m.warnings), slices.Clone(m.errors)
}

// readable says in words what Hugo says in code.
func readable(message string) string {
	if rest, ok := strings.CutPrefix(message, "i18n|MISSING_TRANSLATION|"); ok {
		lang, key, _ := strings.Cut(rest, "|")
		return fmt.Sprintf("i18n/%s.toml: the text %q is missing", lang, key)
	}
	if rest, ok := strings.CutPrefix(message, "Duplicate target paths:"); ok {
		return "two pages have the same address: " + strings.TrimSpace(rest)
	}
	return strings.TrimSpace(message)
}

type discard struct{}

func (discard) Write(p []byte) (int, error) { return len(p), nil }

// progressWriter reads the terminal's progress sequences (OSC 9;4), which are
// the only form in which Hugo tells how far it is.
func progressWriter(report func(Progress)) io.Writer {
	if report == nil {
		return discard{}
	}
	return reporter(report)
}

type reporter func(Progress)

func (r reporter) Write(p []byte) (int, error) {
	var state, percent int
	at := bytes.Index(p, []byte("]9;4;"))
	if at >= 0 {
		if n, _ := fmt.Sscanf(string(p[at:]), "]9;4;%d;%d", &state, &percent); n == 2 && state == 1 {
			r(Progress{Stage: "render", Done: percent})
		}
	}
	return len(p), nil
}
