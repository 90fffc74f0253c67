package search

import (
	"slices"
	"strings"
)

// addFieldChips shows what was typed as a field, such as country:BHS, beside
// the chosen filters; removing the chip takes it out of the query.
func (p *resultPage) addFieldChips(web *Web, req Request) {
	for _, f := range p.Fields {
		other := req
		other.Query = strings.Join(strings.Fields(without(req.Query, f)), " ")
		_, value, _ := strings.Cut(f.Typed, ":")
		label := value
		for _, v := range p.Facets[f.Name] {
			if slices.Equal(f.Values, []string{v.Value}) {
				label = v.Label
			}
		}
		if f.Not {
			label = "−" + label
		}
		p.Chips = append(p.Chips, choice{Label: label, URL: web.address(p.Base, other)})
	}
}

// without takes a field out of a query, with the sign that excludes it.
func without(query string, f Field) string {
	at := strings.Index(query, f.Typed)
	if at < 0 {
		return query
	}
	return strings.TrimRight(query[:at], "-−–") + query[at+len(f.Typed):]
}
