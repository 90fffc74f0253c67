package search

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"cmc/internal/i18n"
	"cmc/internal/page"
)

const pageName = "search/results"

// resultPage is what the template of /search/ reads.
type resultPage struct {
	page.Base
	*Response
	Searched  bool   // something was typed or chosen
	Corrected string // address of the corrected query
	Sorts     []choice
	Order     Order
	Chips     []choice
	Clear     string // address of the query without filters
	Groups    []group
	Results   []result
	Beside    []result // that hold some of the words
	Browse    []choice // themes to go on with when nothing was found
	Previous  string
	Next      string
	Pages     int
}

// choice is a link with a name; a chosen one is where the reader is.
type choice struct {
	Label, URL string
	Chosen     bool
}

// group is a facet with its checkboxes.
type group struct {
	Name, Title string
	Values      []box
}

// box is one value of a facet.
type box struct {
	FacetValue
	ID     string
	Chosen bool
}

// result is a hit with its names in the reader's language.
type result struct {
	Hit
	Kind     string
	Places   []string
	MoreText string // how many countries there are beyond those in Places
	Language string // its name, when it is not the page's
	Where    string // section and page of the source
}

// page answers GET /search/.
func (web *Web) page(w http.ResponseWriter, r *http.Request) error {
	req, err := web.request(r)
	if err != nil {
		return err
	}
	response, err := web.service.Search(r.Context(), req)
	if err != nil {
		return fmt.Errorf("search: %w", err)
	}
	web.name(response, req.Language)
	p := resultPage{Base: web.pages.NewBase(r, "search_title"), Response: response, Order: req.Order, Searched: response.Query != "" || req.Filters.any()}
	if response.Query != "" {
		p.Title = p.T("search_title_query", "Query", response.Query)
	}
	p.NoIndex = p.Searched
	if response.Total == 0 {
		if p.Browse, err = web.browse(r, p.Base, req); err != nil {
			return err
		}
	}
	p.arrange(web.catalogue, req)
	web.caching(w, r)
	return web.pages.Render(w, r, http.StatusOK, pageName, p)
}

// browse offers every theme that the reader can see.
func (web *Web) browse(r *http.Request, b page.Base, req Request) ([]choice, error) {
	all, err := web.service.Search(r.Context(), Request{Language: req.Language, Audiences: req.Audiences, Size: 1})
	if err != nil {
		return nil, fmt.Errorf("list themes: %w", err)
	}
	var themes []choice
	for _, v := range all.Facets[facetNames[facetTheme]] {
		themes = append(themes, choice{Label: v.Label, URL: address(b, Request{Filters: Filters{}.with(facetTheme, v.Value)})})
	}
	return themes, nil
}

// arrange makes the links, boxes and lines of the page.
func (p *resultPage) arrange(cat *i18n.Catalogue, req Request) {
	req.Page = 1
	for _, order := range []Order{ByRelevance, ByDate} {
		other := req
		other.Order = order
		p.Sorts = append(p.Sorts, choice{p.T("search_sort_" + string(order)), address(p.Base, other), order == req.Order})
	}
	if p.Suggestion != "" {
		other := req
		other.Query = p.Suggestion
		p.Corrected = address(p.Base, other)
	}
	other := req
	other.Filters = Filters{}
	p.Clear = address(p.Base, other)
	for f := range facetCount {
		p.arrangeFacet(f, req)
	}
	for _, h := range p.Hits {
		p.Results = append(p.Results, p.result(cat, h))
	}
	for _, h := range p.Partial {
		p.Beside = append(p.Beside, p.result(cat, h))
	}
	p.Pages = (p.Total + p.Size - 1) / p.Size
	if req.Page = p.Page - 1; req.Page >= 1 {
		p.Previous = address(p.Base, req)
	}
	if req.Page = p.Page + 1; req.Page <= p.Pages && req.Page <= MaxPage {
		p.Next = address(p.Base, req)
	}
}

// arrangeFacet adds a facet's boxes, and a chip for each chosen value. A facet
// with nothing to choose is left out.
func (p *resultPage) arrangeFacet(f facet, req Request) {
	g := group{Name: facetNames[f], Title: p.T("search_facet_" + facetNames[f])}
	for i, v := range p.Facets[facetNames[f]] {
		chosen := slices.Contains(req.Filters[f], v.Value)
		if chosen {
			other := req
			other.Filters = req.Filters.without(f, v.Value)
			p.Chips = append(p.Chips, choice{Label: v.Label, URL: address(p.Base, other)})
		}
		g.Values = append(g.Values, box{v, g.Name + "-" + strconv.Itoa(i), chosen})
	}
	if len(g.Values) > 1 || len(req.Filters[f]) > 0 {
		p.Groups = append(p.Groups, g)
	}
}

// shownPlaces is how many countries a hit names: a report can concern them all.
const shownPlaces = 3

func (p *resultPage) result(cat *i18n.Catalogue, h Hit) result {
	r := result{Hit: h, Kind: typeName(p.Lang, h.Type)}
	if !strings.HasPrefix(h.URL, "/"+h.Lang+"/") {
		// It stands at the root, so it has a page around it in every language.
		r.URL = p.Base.URL(h.URL)
	}
	for _, code := range h.Countries {
		for _, v := range p.Facets[facetNames[facetCountry]] {
			if v.Value == code {
				r.Places = append(r.Places, v.Label)
			}
		}
	}
	if over := len(r.Places) - shownPlaces; over > 1 {
		r.Places, r.MoreText = r.Places[:shownPlaces], p.T("search_more_places", "Count", over)
	}
	if h.Lang != p.Lang.Code() && cat.Has(h.Lang) {
		r.Language = cat.Language(h.Lang).Label()
	}
	switch {
	case h.Heading != "" && h.Page > 0:
		r.Where = p.T("search_where", "Section", h.Heading, "Page", h.Page)
	case h.Page > 0:
		r.Where = p.T("search_where_page", "Page", h.Page)
	default:
		r.Where = h.Heading
	}
	return r
}

// First is the number of the first result on the page.
func (p resultPage) First() int { return (p.Page-1)*p.Size + 1 }

// address is where a search stands, so that it can be shared.
func address(b page.Base, req Request) string {
	values := url.Values{}
	if req.Query != "" {
		values.Set("q", req.Query)
	}
	for f, name := range facetNames {
		if chosen := req.Filters[f]; len(chosen) > 0 {
			values[name] = chosen
		}
	}
	if req.Order == ByDate {
		values.Set("sort", string(ByDate))
	}
	if req.Page > 1 {
		values.Set("page", strconv.Itoa(req.Page))
	}
	if req.Size > 0 && req.Size != DefaultSize {
		values.Set("size", strconv.Itoa(req.Size))
	}
	if len(values) == 0 {
		return b.URL("/search/")
	}
	return b.URL("/search/") + "?" + values.Encode()
}
