package record

import (
	"slices"
	"strings"

	"github.com/goccy/go-yaml/ast"
)

// checkAgreement holds a translation's facts against those of the first
// language: words may differ, dates, codes and sources may not.
func (c *checker) checkAgreement() {
	first := map[string]*Page{}
	for _, p := range c.pages {
		if p.Lang == c.known.base && p.Name == "index" && p.Slug != "" && !p.broken {
			first[p.URL()] = p
		}
	}
	for _, p := range c.pages {
		q := first[p.URL()]
		if q == nil || q == p || p.Name != "index" || p.Lang == "" || p.Lang == q.Lang || p.broken {
			continue
		}
		kind, ok := kindOf(p)
		if !ok {
			continue
		}
		for _, f := range kind.Fields {
			if !isFact(f) {
				continue
			}
			said, want := facts(p.value(f.Name)), facts(q.value(f.Name))
			switch {
			case slices.Equal(said, want):
			case !p.Has(f.Name):
				c.add(p.File, 1, "the field %s is missing; %s has it: write the same here, without translating it", f.Name, base(q.File))
			case !q.Has(f.Name):
				c.at(p, f.Name, "the field %s is not in %s; remove it, or add it there", f.Name, base(q.File))
			default:
				c.at(p, f.Name, "the field %s differs from %s, where it is %s; write the same in both", f.Name, base(q.File), strings.Join(want, ", "))
			}
		}
	}
}

// isFact tells which fields read the same in every language. When a translation
// is reviewed, shown and listed is its own affair.
func isFact(f Field) bool {
	switch f.Name {
	case "id", "sources", "symbol", "code", "treaty", "country", "part_of":
		return true
	case "reviewed_on", "next_review", "embargo_until", "weight":
		return false
	}
	switch f.Type {
	case Whole, Day, Moment, Link, Countries, Themes, Instruments, Recommendations:
		return true
	}
	return f.Type == Words && len(f.Values) > 0
}

// facts lists the values of a field, without the words that a translator puts
// into a source.
func facts(n ast.Node) []string {
	if list, ok := n.(*ast.SequenceNode); ok {
		var all []string
		for _, v := range list.Values {
			all = append(all, facts(v)...)
		}
		return all
	}
	if m := mapping(n); m != nil {
		var all []string
		for _, name := range []string{"report", "paragraph", "page", "url", "as_of"} {
			all = append(all, facts(valueIn(m, name))...)
		}
		return all
	}
	if s, ok := text(n); ok {
		return []string{s}
	}
	if n == nil || n.GetToken() == nil {
		return nil
	}
	return []string{n.GetToken().Value}
}
