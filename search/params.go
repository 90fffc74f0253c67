package search

import (
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"

	"cmc/internal/errs"
	"cmc/internal/i18n"
	"cmc/internal/page"
)

// shapes are what facet values look like in an address. Types and languages
// are checked against the ones that the interface knows.
func shapes() [facetCount]*regexp.Regexp {
	return [facetCount]*regexp.Regexp{
		facetType:    regexp.MustCompile(`^[a-z][a-z-]{1,30}$`),
		facetCountry: regexp.MustCompile(`^[A-Z]{3}$`),
		facetTheme:   regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,60}$`),
		facetYear:    regexp.MustCompile(`^[12][0-9]{3}$`),
		facetLang:    regexp.MustCompile(`^[a-z]{2,3}$`),
	}
}

// maxValues bounds the values chosen of one facet.
const maxValues = 60

// bad is the answer to a parameter that cannot be used.
func bad(name string) *errs.Error {
	return errs.New(errs.Invalid, "search_bad_parameter", "Name", name).On(name)
}

// request reads the parameters of a search.
func (web *Web) request(r *http.Request) (Request, error) {
	values, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return Request{}, bad("q")
	}
	req := Request{
		Query:     values.Get("q"),
		Language:  web.language(r, values).Code(),
		Audiences: web.audiences(r),
		Order:     ByRelevance,
	}
	if cleanQuery(req.Query) == "" {
		req.Like = values.Get("like")
	}
	if req.Page, err = count(values, "page", 1, MaxPage); err != nil {
		return Request{}, err
	}
	if req.Size, err = count(values, "size", web.settings.PageSize, MaxSize); err != nil {
		return Request{}, err
	}
	switch order := Order(values.Get("sort")); order {
	case "":
	case ByRelevance, ByDate:
		req.Order = order
	default:
		return Request{}, bad("sort")
	}
	req.Filters, err = web.filters(values, req.Audiences)
	return req, err
}

// count reads a positive number up to a limit.
func count(values url.Values, name string, fallback, limit int) (int, error) {
	text := values.Get(name)
	if text == "" {
		return fallback, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 || n > limit {
		return 0, bad(name)
	}
	return n, nil
}

// filters reads the chosen facet values. Empty ones are left out, as a form
// sends them for a choice that was not made.
func (web *Web) filters(values url.Values, audiences []string) (Filters, error) {
	var chosen Filters
	for f, name := range facetNames {
		for _, value := range values[name] {
			if value == "" {
				continue
			}
			if f == int(facetCountry) {
				value = strings.ToUpper(value)
			}
			if !web.shapes[f].MatchString(value) || !web.known(facet(f), value, audiences) || len(chosen[f]) == maxValues {
				return Filters{}, bad(name)
			}
			chosen = chosen.with(facet(f), value)
		}
	}
	return chosen, nil
}

// known says whether a type or a language is one that the interface can name,
// or that some record has which the reader may see.
func (web *Web) known(f facet, value string, audiences []string) bool {
	switch f {
	case facetType:
		return web.catalogue.Default().Has(typeKey(value)) || web.service.hasType(value, audiences)
	case facetLang:
		return web.catalogue.Has(value)
	default:
		return true
	}
}

// typeKey is the key of a type's name among the interface texts.
func typeKey(kind string) string { return "search_type_" + strings.ReplaceAll(kind, "-", "_") }

// language is that of the request's path, or the one that a script names in
// ui, since programs ask at one address in all languages.
func (web *Web) language(r *http.Request, values url.Values) *i18n.Language {
	if code := values.Get("ui"); web.catalogue.Has(code) {
		return web.catalogue.Language(code)
	}
	if l := page.Language(r.Context()); l != nil {
		return l
	}
	return web.catalogue.Default()
}
