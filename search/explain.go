package search

import (
	"context"
	"fmt"
	"strings"
)

// Explain tells, line by line, why each hit of a request's page stands where
// it does. It is for those who work on the ranking, in English.
func (s *Service) Explain(ctx context.Context, r Request) ([][]string, error) {
	r.bound()
	s.gate.RLock()
	defer s.gate.RUnlock()
	m, q, a, err := s.answer(ctx, &r, fewRecords)
	defer m.release()
	if err != nil {
		return nil, err
	}
	hits := a.page(&r)
	again := newMatcher(s.analyzers, s.parts(), r.audiences())
	defer again.release()
	again.trace = &trace{lines: map[spot][]string{}}
	for i := range hits {
		again.trace.lines[spot{hits[i].part.part, hits[i].match().best}] = nil
	}
	if err := again.run(ctx, q); err != nil {
		return nil, err
	}
	if err := again.reward(q, worthwhile{matters: again.notExcluded}); err != nil {
		return nil, err
	}
	out := make([][]string, len(hits))
	for i, f := range hits {
		best := f.match().best
		out[i] = append(again.trace.lines[spot{f.part.part, best}], m.summary(&f, best)...)
	}
	return out, nil
}

// summary says how a record's score comes of its passages'.
func (m *matcher) summary(f *found, best int32) []string {
	passage := float64(f.part.score[best])
	lines := []string{fmt.Sprintf("%.3f passage %s", passage, f.entry().link())}
	if more := f.part.total(f.match()) - passage; more > 0 {
		lines = append(lines, fmt.Sprintf("%.3f words of its other passages, × %.2g", more, wholeRecord))
	}
	if !f.own {
		lines = append(lines, fmt.Sprintf("× %.2g not in the reader's language", otherLanguage))
	}
	if f.pinned {
		lines = append(lines, "pinned: its very name was asked for")
	}
	return lines
}

// trace notes what a matcher does to some documents.
type trace struct {
	lines map[spot][]string
	at    string            // the field and term that are being read
	held  map[spot][]string // by the clause at hand
}

// spot is a document.
type spot struct {
	part *part
	n    int32
}

// reads tells which term of which part follows, and in which language.
func (t *trace) reads(part int, lang, term string) {
	if t == nil {
		return
	}
	if t.at = partNames[part]; lang != "" {
		t.at += "_" + lang
	}
	t.at += ":" + term
}

// holds notes that a document holds the term that is being read.
func (t *trace) holds(p *partMatch, n int32, tf uint64, length int32, mean float64) {
	if t == nil {
		return
	}
	at := spot{p.part, n}
	if _, ok := t.lines[at]; !ok {
		return
	}
	if t.held == nil {
		t.held = map[spot][]string{}
	}
	t.held[at] = append(t.held[at], fmt.Sprintf("%s %d of %d (mean %.1f)", t.at, tf, length, mean))
}

// scores notes what the clause at hand adds to a document's score.
func (t *trace) scores(p *partMatch, n int32, what string, weight float64, s float32) {
	if t == nil {
		return
	}
	at := spot{p.part, n}
	if _, ok := t.lines[at]; ok {
		why := strings.Join(t.held[at], ", ")
		if why != "" {
			why = ": " + why
		}
		t.lines[at] = append(t.lines[at], fmt.Sprintf("%.3f %s (weight %.2f)%s", s, what, weight, why))
	}
}

// forget ends a clause.
func (t *trace) forget() {
	if t != nil {
		t.held = nil
	}
}
