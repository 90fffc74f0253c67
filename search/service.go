package search

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"time"
)

// timeout bounds one search, whatever it asks.
const timeout = 2 * time.Second

// Service answers searches over one built index and over live documents, such
// as forum posts, which may change at any time.
type Service struct {
	analyzers *analyzers
	log       *slog.Logger
	folder    string // of the live documents

	// gate is held for reading by each search: whoever holds it for writing
	// knows that no search uses what it takes away.
	gate sync.RWMutex
	site *Index
	live *part

	changes sync.Mutex // one change of the live documents at a time
	store   *liveStore
}

// NewService starts a service without an index: it finds nothing until Swap.
// The folder is where live documents are kept while the service runs; it is
// the service's alone and need not exist.
func NewService(folder string, log *slog.Logger) *Service {
	return &Service{analyzers: newAnalyzers(), folder: folder, log: log}
}

// Swap puts a new index in the old one's place. Searches that run finish on
// the old one, which is then closed; no search ever fails by it.
func (s *Service) Swap(ix *Index) error {
	s.gate.Lock()
	old := s.site
	s.site = ix
	s.gate.Unlock()
	if ix != nil {
		s.log.Info("search index swapped", "documents", ix.Documents())
	}
	if old == nil {
		return nil
	}
	if err := old.Close(); err != nil {
		return fmt.Errorf("close previous index: %w", err)
	}
	return nil
}

// Ready says whether there is an index to search.
func (s *Service) Ready() bool {
	s.gate.RLock()
	defer s.gate.RUnlock()
	return s.site != nil
}

// hasType says whether any record that a reader may see has that type.
func (s *Service) hasType(kind string, readerAudiences []string) bool {
	s.gate.RLock()
	defer s.gate.RUnlock()
	r := Request{Audiences: readerAudiences}
	return slices.ContainsFunc(s.parts(), func(p *part) bool {
		n, ok := p.values[facetType].numbers[kind]
		return ok && p.shows(facetType, n, p.visible(r.audiences()))
	})
}

// Close ends the service and removes its live documents.
func (s *Service) Close() error {
	err := s.Swap(nil)
	s.changes.Lock()
	defer s.changes.Unlock()
	s.gate.Lock()
	s.live = nil
	s.gate.Unlock()
	if s.store != nil {
		err = errors.Join(err, s.store.close())
		s.store = nil
	}
	return err
}

// parts are what is searched; the gate must be held.
func (s *Service) parts() []*part {
	var parts []*part
	if s.site != nil {
		parts = append(parts, s.site.part)
	}
	if s.live != nil {
		parts = append(parts, s.live)
	}
	return parts
}

// Search answers a request. It fails only when ctx ends or the index cannot be
// read, never for what was typed.
func (s *Service) Search(ctx context.Context, r Request) (response *Response, err error) {
	began := time.Now()
	defer guard(&err)()
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	s.gate.RLock()
	defer s.gate.RUnlock()

	r.bound()
	m, q, a, err := s.answer(ctx, &r, fewRecords)
	defer func() { m.release() }()
	if err != nil {
		return nil, err
	}
	suggestion, err := m.correct(ctx, q, m.speaks)
	if err != nil {
		return nil, err
	}
	instead := false
	missed := a.total == 0 || a.relaxed && !onlyEndings(q.text, suggestion.text)
	if suggestion.sure && missed && !a.barred {
		if instead, err = s.meant(ctx, r, suggestion.text, &m, &q, &a); err != nil {
			return nil, err
		}
	}
	hits, err := m.hits(ctx, q, a.page(&r))
	if err != nil {
		return nil, err
	}
	response = &Response{
		Query: cleanQuery(r.Query), Total: a.total, Page: r.Page, Size: r.Size,
		Suggestion: suggestion.text, Instead: instead, Relaxed: a.relaxed, Fields: q.fields, Unread: q.unread, Like: m.named(r.Like), Hits: hits, Facets: s.facets(m, &a, r.Language),
	}
	if response.Total == 0 {
		response.See = s.see(m, q)
	}
	if r.Page == 1 && r.Order != ByDate {
		beside := a.rest[:min(len(a.rest), max(fewRecords-len(a.records), 0))]
		if len(beside) > 0 {
			if response.Partial, err = m.hits(ctx, q, beside); err != nil {
				return nil, err
			}
		}
	}
	response.TookMS = float64(time.Since(began).Microseconds()) / 1000
	return response, nil
}

// meant puts the answer to a correction in the place of one without records
// that have all the words, if the correction has any.
func (s *Service) meant(ctx context.Context, r Request, correction string, m **matcher, q *query, a *answer) (bool, error) {
	r.Query = correction
	m2, q2, a2, err := s.answer(ctx, &r, fewRecords)
	if err != nil || len(a2.records) == 0 || a2.relaxed {
		m2.release()
		return false, err
	}
	(*m).release()
	*m, *q, *a = m2, q2, a2
	return true, nil
}

// answer matches a request, and looks for the words of a phrase that nothing
// holds; where fewer than few records are found, others follow. The gate must
// be held.
func (s *Service) answer(ctx context.Context, r *Request, few int) (*matcher, query, answer, error) {
	m, q, a, err := s.ask(ctx, r, r.Query, few)
	if err != nil || len(a.records) > 0 || a.barred || !q.hasPhrase() {
		return m, q, a, err
	}
	m.release()
	looseM, looseQ, loose, err := s.ask(ctx, r, unquoted(r.Query), few)
	if err != nil || len(loose.records) == 0 {
		return looseM, looseQ, a, err
	}
	loose.relaxed = true
	return looseM, looseQ, loose, nil
}

// ranking is the records that answer a request, best first, and then those
// that hold some of what was asked.
func (s *Service) ranking(ctx context.Context, r Request, depth int) ([]string, error) {
	s.gate.RLock()
	defer s.gate.RUnlock()
	m, _, a, err := s.answer(ctx, &r, depth)
	defer m.release()
	if err != nil {
		return nil, err
	}
	all := slices.Concat(a.records, a.rest)
	ids := make([]string, min(depth, len(all)))
	for i := range ids {
		ids[i] = all[i].entry().Record
	}
	return ids, nil
}

// ask matches one form of a request's text.
func (s *Service) ask(ctx context.Context, r *Request, text string, few int) (*matcher, query, answer, error) {
	m := newMatcher(s.analyzers, s.parts(), r.audiences())
	m.reads = r.Language
	if r.Like != "" {
		if err := m.similar(ctx, r.Like); err != nil {
			return m, query{}, answer{}, err
		}
		a, err := m.gather(query{}, r, few)
		return m, query{}, a, err
	}
	q := s.analyzers.parse(text, s.resolve(m))
	m.speaks = s.spoken(q, r.Language)
	q.expand(s.known(m))
	s.findKinds(&q)
	if err := m.run(ctx, q); err != nil {
		return m, q, answer{}, err
	}
	a, err := m.gather(q, r, few)
	return m, q, a, err
}

// known tells the other names of what a key names, the countries and themes
// that it names, and what it is called in other languages, as far as the reader of m may know them.
func (s *Service) known(m *matcher) func(key string) ([][]string, []tag, []meaning) {
	return func(key string) (names [][]string, tags []tag, foreign []meaning) {
		if s.site != nil {
			names = append(names, s.site.synonyms[key]...)
			for _, t := range s.site.terms[key] {
				if t.foreign {
					foreign = append(foreign, t)
				} else {
					names = append(names, t.words)
				}
			}
		}
		for _, p := range m.parts {
			foreign = append(foreign, p.translated(key)...)
			var own [][]string
			for _, n := range p.names[key] {
				if p.see[p.versions[n.version].audience] {
					own = append(own, n.words)
				}
			}
			// In an order that tells nothing of when they came.
			slices.SortFunc(own, slices.Compare[[]string])
			names = append(names, own...)
			tags = append(tags, p.typesNamed(key)...)
			for _, t := range p.tags[key] {
				if p.see[p.versions[t.version].audience] {
					tags = append(tags, t)
				}
			}
		}
		return distinct(names), tags, foreign
	}
}

// facets lists every facet's values with their labels.
func (s *Service) facets(m *matcher, a *answer, lang string) map[string][]FacetValue {
	out := map[string][]FacetValue{}
	for f := range facetCount {
		out[facetNames[f]] = a.counts.values(f, func(value string) string { return s.label(m, f, value, lang) })
	}
	return out
}

// label names a facet value in a language: as the corpus says, or by the title
// of the visible record that stands for it, or else by the value itself.
func (s *Service) label(m *matcher, f facet, value, lang string) string {
	if s.site != nil {
		if names := s.site.labels[facetNames[f]][value]; names[lang] != "" {
			return names[lang]
		}
	}
	label := value
	var best *entry
	for _, p := range m.parts {
		for _, n := range p.labels[f][value] {
			v := &p.versions[n]
			if !p.see[v.audience] {
				continue
			}
			e := p.entries[v.head]
			own := best != nil && best.Lang == lang
			if best == nil || e.Lang == lang && !own || (e.Lang == lang) == own && compareEntries(e, best) < 0 {
				best, label = e, e.Title
			}
		}
	}
	return label
}
