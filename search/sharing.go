package search

import "strings"

// sharing keeps one of equal texts: what is read from a file has each anew,
// and most titles, headings, countries and audiences come many times.
type sharing struct {
	texts map[string]string
	lists map[string][]string
}

// share lets the heads and passages of a catalogue have equal texts in common.
func (c *catalogue) share() {
	s := sharing{map[string]string{}, map[string][]string{}}
	for _, h := range c.Heads {
		for _, text := range []*string{&h.Record, &h.Type, &h.Lang, &h.URL, &h.Title, &h.Symbol} {
			*text = s.text(*text)
		}
		for _, list := range []*[]string{&h.Acronyms, &h.Names, &h.Called, &h.Countries, &h.Themes, &h.Audience} {
			*list = s.list(*list)
		}
	}
	for i := range c.Passages {
		p := &c.Passages[i].Passage
		p.TextLang, p.Anchor, p.Heading = s.text(p.TextLang), s.text(p.Anchor), s.text(p.Heading)
	}
}

func (s *sharing) text(text string) string {
	one, ok := s.texts[text]
	if !ok {
		s.texts[text], one = text, text
	}
	return one
}

func (s *sharing) list(list []string) []string {
	if len(list) == 0 {
		return nil
	}
	key := strings.Join(list, "\x00")
	one, ok := s.lists[key]
	if !ok {
		for i := range list {
			list[i] = s.text(list[i])
		}
		s.lists[key], one = list, list
	}
	return one
}
