package search

import (
	"cmp"
	"slices"
	"strings"
)

// maxSuggestions is as many as a person reads while typing.
const maxSuggestions = 8

// Suggestion is a record offered while its name is being typed.
type Suggestion struct {
	Text string `json:"text"`
	URL  string `json:"url"`
	Type string `json:"type"`
	Kind string `json:"kind,omitempty"` // the type's name in the reader's language
}

// nearness is how well a name fits what was typed; lower is better.
type nearness int

const (
	same nearness = iota
	begins
	beginsWord
	hasWords
	unlike
)

// offer is a suggestion with what it is sorted by.
type offer struct {
	Suggestion
	record string
	near   nearness
	own    bool
	length int // of the record's title
}

// Suggest offers records by the beginning of their titles, acronyms, symbols
// and other names. Only records that the reader may see are looked at.
func (s *Service) Suggest(typed, lang string, readerAudiences []string) []Suggestion {
	s.gate.RLock()
	defer s.gate.RUnlock()
	words := s.analyzers.words(cleanQuery(typed))
	if len(words) == 0 {
		return []Suggestion{}
	}
	r := Request{Audiences: readerAudiences}
	best := map[string]offer{}
	for _, p := range s.parts() {
		for _, o := range p.offers(words, lang, p.visible(r.audiences())) {
			keepBetter(best, o)
		}
	}
	return firstOffers(best)
}

func keepBetter(best map[string]offer, o offer) {
	if b, ok := best[o.record]; !ok || compareOffers(o, b) < 0 {
		best[o.record] = o
	}
}

// offer is the name of a version that fits the words best.
func (p *part) offer(v *version, words []string, lang string) offer {
	head := p.entries[v.head]
	o := offer{near: unlike, record: head.Record, own: v.lang == lang, length: v.titleLength()}
	for i, c := range v.called {
		n := compareName(c.key, words)
		if n >= o.near {
			continue
		}
		o.near = n
		o.Suggestion = Suggestion{Text: head.Title, URL: head.URL, Type: head.Type}
		if i > 0 && c.text != head.Record && !strings.Contains(head.Title, c.text) {
			o.Text = c.text + " – " + head.Title
		}
	}
	return o
}

// compareName says how a name fits words of which the last may be unfinished.
func compareName(key string, words []string) nearness {
	typed := strings.Join(words, " ")
	switch {
	case key == typed:
		return same
	case strings.HasPrefix(key, typed):
		return begins
	case strings.Contains(key, " "+typed):
		return beginsWord
	}
	own := strings.Fields(key)
	for _, w := range words {
		if !slices.ContainsFunc(own, func(o string) bool { return strings.HasPrefix(o, w) }) {
			return unlike
		}
	}
	return hasWords
}

func compareOffers(a, b offer) int {
	if a.near == b.near && a.own != b.own {
		if a.own {
			return -1
		}
		return 1
	}
	return cmp.Or(cmp.Compare(a.near, b.near), cmp.Compare(a.length, b.length),
		strings.Compare(a.Text, b.Text), strings.Compare(a.URL, b.URL))
}

func firstOffers(best map[string]offer) []Suggestion {
	offers := make([]offer, 0, len(best))
	for _, o := range best {
		offers = append(offers, o)
	}
	slices.SortFunc(offers, compareOffers)
	out := []Suggestion{}
	for _, o := range offers[:min(len(offers), maxSuggestions)] {
		out = append(out, o.Suggestion)
	}
	return out
}
