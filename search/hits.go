package search

import "context"

// hits reads the texts of one page of records.
func (m *matcher) hits(ctx context.Context, q query, records []found) ([]Hit, error) {
	out := make([]Hit, 0, len(records))
	wanted := map[string]*wanted{} // by language
	for _, f := range records {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		e, v := f.entry(), &f.part.versions[f.version]
		text, err := f.part.body(f.match().best)
		if err != nil {
			return nil, err
		}
		lang := e.textLang()
		if wanted[lang] == nil {
			wanted[lang] = m.analyzers.wanted(q, lang)
		}
		pieces := m.analyzers.snippet(text, wanted[lang])
		out = append(out, Hit{
			ID: e.Record, Type: e.Type, Lang: e.Lang, TextLang: lang, URL: e.link(), Title: e.Title,
			Heading: e.Heading, Page: e.Page, Symbol: e.Symbol,
			Snippet: markup(pieces), Pieces: pieces,
			Countries: f.part.valuesOf(facetCountry, v),
			Themes:    f.part.valuesOf(facetTheme, v),
			Year:      e.Year, Score: round(f.score), Date: e.Date,
			More: f.further(), Via: f.part.vias[f.version],
		})
	}
	return out, nil
}

// valuesOf are a version's values of a facet, never null in JSON.
func (p *part) valuesOf(f facet, v *version) []string {
	values := []string{}
	for _, m := range v.traits {
		if m.facet() == f {
			values = append(values, p.values[f].names[m.number()])
		}
	}
	return values
}
