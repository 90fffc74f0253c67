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

func (f *found) match() *versionMatch { return f.part.match(f.version) }
func (f *found) entry() *entry        { return f.part.entries[f.match().best] }

// answer is what a matcher found, before it is cut into pages.
type answer struct {
	records []found
	rest    []found // that hold only some of what was asked
	counts  counts
	relaxed bool // no record holds what was asked; these hold some of it
	barred  bool // records hold it, but the filters let none pass
}

// gather turns the matches into records, the first of them in order, and
// counts facets. Where fewer than few are found, the rest follow.
func (m *matcher) gather(q query, r *Request, few int) answer {
	m.chooseBest()
	need := q.needed()
	enough := func(_ *partMatch, v *versionMatch) bool { return int(v.holds) >= need }
	if need > fewWords {
		least := nearBest * m.bestScore()
		enough = func(p *partMatch, v *versionMatch) bool { return v.holds > 0 && p.total(v) >= least }
	}
	some := func(_ *partMatch, v *versionMatch) bool { return v.holds > 0 }
	m.pin(q)
	all := len(q.want) == 0
	a := m.choose(r, all, func(p *partMatch, v *versionMatch) bool { return v.pinned || enough(p, v) })
	switch {
	case len(a.records) >= few || need < 2:
	case len(a.records) > 0:
		rest := m.choose(r, false, func(p *partMatch, v *versionMatch) bool { return some(p, v) && !enough(p, v) && !v.pinned })
		a.rest = a.others(rest.records)
	default:
		if a.barred = m.anyHolds(enough); !a.barred {
			a = m.choose(r, false, func(p *partMatch, v *versionMatch) bool { return v.pinned || some(p, v) })
			a.relaxed = len(a.records) > 0
		}
	}
	byDate := r.Order == ByDate || all
	first(a.records, max(r.Page*r.Size, few), func(x, y found) int { return compareFound(x, y, byDate) })
	first(a.rest, max(r.Size, few), func(x, y found) int { return compareFound(x, y, false) })
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
		seen[record{f.part, f.part.versions[f.version].record}] = true
	}
	return slices.DeleteFunc(some, func(f found) bool { return seen[record{f.part, f.part.versions[f.version].record}] })
}

// bestScore is that of the best visible version, whatever the filters.
func (m *matcher) bestScore() float64 {
	best := 0.0
	for _, p := range m.parts {
		for _, v := range p.matched {
			if v := &p.matches[v]; !v.excluded {
				best = max(best, p.total(v))
			}
		}
	}
	return best
}

// chooseBest finds each version's best document; the first wins a draw.
func (m *matcher) chooseBest() {
	for _, p := range m.parts {
		for _, n := range p.scored {
			v := &p.matches[p.facts[n].version]
			best := p.score[v.best]
			if s := p.score[n]; s > best || s == best && n != v.best && p.before(n, v.best) {
				v.best = n
			}
		}
	}
}

// before says whether a document stands before another.
func (p *part) before(x, y int32) bool {
	if p.numbered {
		return x < y
	}
	return compareEntries(p.entries[x], p.entries[y]) < 0
}

// anyHolds says whether any visible version holds enough, whatever the
// filters: a filter that leaves nothing does not relax the query.
func (m *matcher) anyHolds(enough func(*partMatch, *versionMatch) bool) bool {
	for _, p := range m.parts {
		for _, v := range p.matched {
			if v := &p.matches[v]; !v.excluded && enough(p, v) {
				return true
			}
		}
	}
	return false
}

// pin marks the versions whose very name was asked for.
func (m *matcher) pin(q query) {
	if len(q.exclude) > 0 {
		return
	}
	key := m.analyzers.key(q.bare)
	for _, p := range m.parts {
		for _, v := range p.pins[key] {
			if p.see[p.versions[v].audience] {
				p.match(v).pinned = true
			}
		}
	}
}

// choose takes the records with a version that is to be included and passes
// the filters, and counts facets on the way. Unless all are looked at, only
// what was matched is.
func (m *matcher) choose(r *Request, all bool, include func(*partMatch, *versionMatch) bool) answer {
	a := answer{counts: newCounts(r.Filters)}
	for _, p := range m.parts {
		p.tallies.reset(p.part)
		chosen := p.chosen(&r.Filters)
		p.eachRecord(all, func(record int32) {
			var best *found
			for _, n := range p.records[record].versions {
				f, ok := p.consider(n, &chosen, include)
				if !ok {
					continue
				}
				if f.own = p.versions[n].lang == r.Language; !f.own {
					f.score *= otherLanguage
				}
				if best == nil || f.beats(best) {
					best = &f
				}
			}
			if best != nil {
				a.records = append(a.records, *best)
			}
		})
		a.counts.add(p.part, &p.tallies)
	}
	return a
}

// consider counts a version that is to be included, and says whether it
// passes the filters.
func (p *partMatch) consider(n int32, filters *chosen, include func(*partMatch, *versionMatch) bool) (found, bool) {
	v := &p.versions[n]
	if !p.see[v.audience] {
		return found{}, false
	}
	match := p.match(n)
	if match.excluded || !include(p, match) {
		return found{}, false
	}
	missed, which := filters.misses(v)
	for f := range facetCount {
		if missed == 0 || missed == 1 && f == which {
			p.tallies.add(f, v)
		}
	}
	return found{part: p, version: n, score: p.total(match), pinned: match.pinned, via: len(match.via) > 0}, missed == 0
}

// eachRecord calls f with the records that were matched, or with all.
func (p *partMatch) eachRecord(all bool, f func(record int32)) {
	if all {
		for r := range p.records {
			f(int32(r))
		}
		return
	}
	p.turn++
	for _, v := range slices.Clone(p.matched) {
		if r := p.versions[v].record; p.turns[r] != p.turn {
			p.turns[r] = p.turn
			f(r)
		}
	}
}

// first brings the first n of a list to its beginning, in order.
func first[T any](list []T, n int, compare func(x, y T) int) {
	if n = min(n, len(list)); n == 0 || n > 200 {
		slices.SortFunc(list, compare)
		return
	}
	slices.SortFunc(list[:n], compare)
	for i := n; i < len(list); i++ {
		if x := list[i]; compare(x, list[n-1]) < 0 {
			at, _ := slices.BinarySearchFunc(list[:n], x, compare)
			list[i] = list[n-1]
			copy(list[at+1:n], list[at:n-1])
			list[at] = x
		}
	}
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
	case f.own && f.score >= ownEnough*g.score:
		return true
	case g.own && g.score >= ownEnough*f.score:
		return false
	case f.score != g.score:
		return f.score > g.score
	default:
		return compareEntries(f.entry(), g.entry()) < 0
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
	return cmp.Or(better, later, strings.Compare(a.Title, b.Title), compareEntries(a, b))
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
			Countries: f.part.valuesOf(f.version, facetCountry),
			Themes:    f.part.valuesOf(f.version, facetTheme),
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
		if c.tongues.has(lang) {
			for _, t := range a.terms(lang, c.surface) {
				terms[lang+":"+t] = i
			}
		}
	}
	return terms
}

// valuesOf are a version's values of a facet, never null in JSON.
func (p *part) valuesOf(version int32, f facet) []string {
	values := []string{}
	for _, n := range p.versions[version].values[f] {
		values = append(values, p.values[f].names[n])
	}
	return values
}
