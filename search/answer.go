package search

import (
	"cmp"
	"context"
	"math"
	"slices"
	"strings"
)

// found is a record that answers a query, by its best version.
type found struct {
	part    *partMatch
	version int32
	score   float64
	pinned  bool
	own     bool // in the reader's own language
	via     bool // only by a translation of what was asked
}

func (f *found) match() *versionMatch { return &f.part.versions[f.version] }
func (f *found) entry() *entry        { return f.part.entries[f.match().best] }

// answer is what a matcher found, before it is cut into pages.
type answer struct {
	records []found
	rest    []found // that hold only some of what was asked
	counts  *counter
	relaxed bool // no record holds what was asked; these hold some of it
	barred  bool // records hold it, but the filters let none pass
}

// gather turns the matches into records, in order, and counts facets. Where
// fewer than few are found, the rest follow.
func (m *matcher) gather(q query, r *Request, few int) answer {
	m.chooseBest()
	need := q.needed()
	enough := func(_ *partMatch, v *versionMatch) bool { return v.holds >= need }
	if need > fewWords {
		least := nearBest * m.bestScore()
		enough = func(p *partMatch, v *versionMatch) bool { return v.holds > 0 && p.total(v) >= least }
	}
	some := func(_ *partMatch, v *versionMatch) bool { return v.holds > 0 }
	pinned := m.pinned(q)
	a := m.choose(r, pinned, enough)
	byDate := r.Order == ByDate || len(q.want) == 0
	switch {
	case len(a.records) >= few || need < 2:
	case len(a.records) > 0:
		rest := m.choose(r, nil, func(p *partMatch, v *versionMatch) bool { return some(p, v) && !enough(p, v) && !pinned[v] })
		a.rest = a.others(rest.records)
	default:
		if a.barred = m.anyHolds(enough); !a.barred {
			a = m.choose(r, pinned, some)
			a.relaxed = len(a.records) > 0
		}
	}
	slices.SortFunc(a.records, func(x, y found) int { return compareFound(x, y, byDate) })
	slices.SortFunc(a.rest, func(x, y found) int { return compareFound(x, y, false) })
	return a
}

// page is the part of the records that a request asks for.
func (a *answer) page(r *Request) []found {
	first := min((r.Page-1)*r.Size, len(a.records))
	return a.records[first:min(first+r.Size, len(a.records))]
}

// others are those of some records that are not found.
func (a *answer) others(some []found) []found {
	type record struct {
		part *partMatch
		n    int32
	}
	seen := map[record]bool{}
	for _, f := range a.records {
		seen[record{f.part, f.part.part.versions[f.version].record}] = true
	}
	return slices.DeleteFunc(some, func(f found) bool { return seen[record{f.part, f.part.part.versions[f.version].record}] })
}

// bestScore is that of the best visible version, whatever the filters.
func (m *matcher) bestScore() float64 {
	best := 0.0
	for _, p := range m.parts {
		for i := range p.versions {
			if v := &p.versions[i]; !v.excluded {
				best = max(best, p.total(v))
			}
		}
	}
	return best
}

// chooseBest finds each version's best document; the first wins a draw.
func (m *matcher) chooseBest() {
	for _, p := range m.parts {
		for _, n := range p.order {
			v := &p.versions[p.entries[n].version]
			if p.score[n] > p.score[v.best] {
				v.best = n
			}
		}
	}
}

// anyHolds says whether any visible version holds enough, whatever the
// filters: a filter that leaves nothing does not relax the query.
func (m *matcher) anyHolds(enough func(*partMatch, *versionMatch) bool) bool {
	for _, p := range m.parts {
		for i := range p.versions {
			if v := &p.versions[i]; !v.excluded && enough(p, v) {
				return true
			}
		}
	}
	return false
}

// pinned are the versions whose very name was asked for.
func (m *matcher) pinned(q query) map[*versionMatch]bool {
	pins := map[*versionMatch]bool{}
	if len(q.exclude) > 0 {
		return pins
	}
	key := m.analyzers.key(q.bare)
	for _, p := range m.parts {
		for _, v := range p.pins[key] {
			if p.see[p.part.versions[v].audience] {
				pins[&p.versions[v]] = true
			}
		}
	}
	return pins
}

// choose takes the records with a version that holds enough of the query and
// passes the filters, and counts facets on the way.
func (m *matcher) choose(r *Request, pinned map[*versionMatch]bool, enough func(*partMatch, *versionMatch) bool) answer {
	a := answer{counts: newCounter(r.Filters)}
	for i, p := range m.parts {
		last := int32(-1)
		for n := range p.part.versions {
			v, match := &p.part.versions[n], &p.versions[n]
			if !p.see[v.audience] || match.excluded || !enough(p, match) && !pinned[match] {
				continue
			}
			missed, which := r.Filters.misses(v)
			if missed > 1 {
				continue
			}
			for f := range facetCount {
				if missed == 0 || f == which {
					a.counts.add(f, i, v)
				}
			}
			if missed > 0 {
				continue
			}
			f := found{part: p, version: int32(n), score: p.total(match), pinned: pinned[match], own: v.lang == r.Language, via: len(match.via) > 0}
			if !f.own {
				f.score *= otherLanguage
			}
			switch {
			case v.record != last:
				a.records = append(a.records, f)
			case f.beats(&a.records[len(a.records)-1]):
				a.records[len(a.records)-1] = f
			}
			last = v.record
		}
	}
	return a
}

// total is the score of a version: its best passage, and a share of what the
// others add.
func (p *partMatch) total(v *versionMatch) float64 {
	best := float64(p.score[v.best])
	return best + wholeRecord*max(0, float64(v.sum)-best)
}

// beats says whether f is the better version of the record that g also is.
func (f *found) beats(g *found) bool {
	switch {
	case f.pinned != g.pinned:
		return f.pinned
	case f.via != g.via:
		return g.via
	case f.score != g.score:
		return f.score > g.score
	default:
		return f.own && !g.own
	}
}

// compareFound is the order of hits; it never depends on the index's history.
func compareFound(x, y found, byDate bool) int {
	a, b := x.entry(), y.entry()
	later := b.Date.Compare(a.Date)
	better := cmp.Compare(round(y.score), round(x.score))
	if byDate {
		better, later = later, better
	} else if x.pinned != y.pinned {
		if x.pinned {
			return -1
		}
		return 1
	} else if x.via != y.via {
		if y.via {
			return -1
		}
		return 1
	}
	return cmp.Or(better, later, strings.Compare(a.Title, b.Title), strings.Compare(a.sort, b.sort))
}

// round gives scores the precision in which they are shown and compared.
func round(score float64) float64 { return math.Round(score*1000) / 1000 }

// hits reads the texts of one page of records.
func (m *matcher) hits(ctx context.Context, q query, records []found) ([]Hit, error) {
	out := make([]Hit, 0, len(records))
	for _, f := range records {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		e := f.entry()
		text, err := f.part.body(f.match().best)
		if err != nil {
			return nil, err
		}
		pieces := m.analyzers.snippet(e.textLang(), text, m.analyzers.wanted(q, e.textLang()))
		out = append(out, Hit{
			ID: e.Record, Type: e.Type, Lang: e.Lang, TextLang: e.textLang(), URL: e.link(), Title: e.Title,
			Heading: e.Heading, Page: e.Page, Symbol: e.Symbol,
			Snippet: markup(pieces), Pieces: pieces,
			Countries: list(f.part.part.versions[f.version].values[facetCountry]),
			Themes:    list(f.part.part.versions[f.version].values[facetTheme]),
			Year:      e.Year, Score: round(f.score), Date: e.Date,
			More: f.further(), Via: f.match().via,
		})
	}
	return out, nil
}

// wanted are the terms that a snippet marks, with the clause that wants them:
// folded words as they are, stems behind their language.
func (a *analyzers) wanted(q query, lang string) map[string]int {
	terms := map[string]int{}
	for i, c := range q.want {
		if c.optional {
			continue
		}
		for _, w := range c.words {
			terms[w] = i
		}
		for _, words := range c.synonyms {
			for _, w := range words {
				if !a.isStop(w) {
					terms[w] = i
				}
			}
		}
		for _, f := range c.foreign {
			for _, w := range f.words {
				if _, ok := terms[w]; !ok && !a.isStop(w) {
					terms[w] = i
				}
			}
		}
		if _, ok := a.byLang[lang]; ok && len(c.words) == 1 && !c.exact {
			for _, t := range a.terms(lang, c.surface) {
				terms[lang+":"+t] = i
			}
		}
	}
	return terms
}

// list is never null in JSON.
func list(values []string) []string {
	if values == nil {
		return []string{}
	}
	return values
}
