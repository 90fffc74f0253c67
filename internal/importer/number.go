package importer

import (
	"fmt"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// noSection holds what stands before the first heading.
const noSection = "sec-0"

// number gives every section and block its permanent id. The same text always
// gets the same ids: they depend on the printed numbers and the order alone.
func number(doc *Document, report *Report) {
	section, parent, parentLevel := noSection, "", 0
	taken, count := map[string]int{}, map[string]int{}
	for i := range doc.Blocks {
		b := &doc.Blocks[i]
		if b.Kind != Heading {
			count[section]++
			b.Section = section
			b.ID = fmt.Sprintf("par-%s-%02d", strings.TrimPrefix(section, "sec-"), count[section])
			continue
		}
		s := Section{Title: b.Text, Page: b.Page, Line: b.Line, Level: parentLevel + 1}
		if n := b.heading.number; n != "" {
			s.Number, s.Level = n, b.heading.depth()
			s.ID = "sec-" + strings.ToLower(n)
			s.Title = numbered.FindStringSubmatch(b.Text)[3]
		} else {
			s.ID = bareID(parent, b.Text)
		}
		s.ID = unique(s.ID, taken)
		if s.Number != "" {
			parent, parentLevel = s.ID, s.Level
		}
		section, b.Section, b.ID = s.ID, s.ID, s.ID
		b.heading.level = s.Level
		doc.Sections = append(doc.Sections, s)
	}
	if len(doc.Sections) == 0 {
		report.add(Person, 0, "no headings were recognised: put them in by hand, or check that the text kept its empty lines")
	}
}

// bareID names a heading that has no number: below a numbered one by the
// initials of its words, or by its first word when it has only one or two.
func bareID(parent, title string) string {
	const initials = 3 // words from which initials are used
	if parent == "" {
		return "sec-" + slugify(title)
	}
	words := strings.Fields(title)
	if len(words) < initials {
		first, _, _ := strings.Cut(words[0], "-")
		return parent + "-" + slugify(first)
	}
	var b strings.Builder
	for _, w := range words {
		if s := slugify(w); s != "" {
			b.WriteByte(s[0])
		}
	}
	return parent + "-" + b.String()
}

// unique adds a number to an id that is taken; taken counts the uses of each.
func unique(id string, taken map[string]int) string {
	name := id
	for taken[name] > 0 {
		taken[id]++
		name = fmt.Sprintf("%s-%d", id, taken[id])
	}
	taken[name]++
	return name
}

// slugify makes lower-case ASCII words joined by hyphens.
func slugify(s string) string {
	const longest = 40
	var b strings.Builder
	for _, r := range norm.NFD.String(strings.ToLower(s)) {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9':
			b.WriteRune(r)
		case unicode.Is(unicode.Mn, r), r == '\'', r == '’':
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "-"):
			b.WriteByte('-')
		}
		if b.Len() >= longest {
			break
		}
	}
	if slug := strings.Trim(b.String(), "-"); slug != "" {
		return slug
	}
	return "x"
}
