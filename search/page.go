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

const (
	pageName    = "search/results"
	pagePath    = "/search/"
	resultsPath = "/search/results"
)

// resultPage is what the template of /search/ reads.
type resultPage struct {
	page.Base
	*Response
	Similar        string // id of the record to which the hits are similar
	Searched       bool   // something was typed or chosen
	Corrected      string // address of the corrected query
	Sorts          []choice
	Order          Order
	Chips          []choice
	Clear          string // address of the query without filters
	Groups         []group
	Results        []result
	Beside         []result    // that hold some of the words
	Browse         []themeLink // to go on with when nothing was found: those of most records
	BrowseRest     []themeLink
	BrowseRestText string
	Nearest        []choice // records whose names begin like a word of the query
	Ask            string   // where to ask people what was not found
	Follow         string   // address of the search as a feed
	Previous       string
	Next           string
	Pages          int
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
	Rest        []box // that few readers look for, folded away
	RestText    string
}

// box is one value of a facet.
type box struct {
	FacetValue
	Name, ID string
	Chosen   bool
}

// result is a hit with its names in the reader's language.
type result struct {
	Hit
	Kind     string
	Places   []string
	MoreText string // how many countries there are beyond those in Places
	Language string // its name, when it is not the page's
	Where    string // section and page of the source

	TextElsewhere bool     // the passage is in another language than the page
	Further       []choice // other passages that answer
	FurtherText   string
	Similar       choice // records like this one
	Through       string // the translations by which it was found
}

// page answers GET /search/.
func (web *Web) page(w http.ResponseWriter, r *http.Request) error {
	p, err := web.answer(r)
	if err != nil {
		return err
	}
	web.caching(w, r)
	return web.pages.Render(w, r, http.StatusOK, pageName, p)
}

// results answers GET /search/results: the part of the page that changes with
// the search, for a script that puts it in the place of the last one.
func (web *Web) results(w http.ResponseWriter, r *http.Request) error {
	p, err := web.answer(r)
	if err != nil {
		return err
	}
	web.caching(w, r)
	return web.pages.Fragment(w, r, http.StatusOK, pageName, "answer", p)
}

// answer searches and arranges what the page says.
func (web *Web) answer(r *http.Request) (*resultPage, error) {
	req, err := web.request(r)
	if err != nil {
		return nil, err
	}
	response, err := web.service.Search(r.Context(), req)
	if err != nil {
		return nil, fmt.Errorf("search: %w", err)
	}
	web.name(response, req.Language)
	p := &resultPage{Base: web.pages.NewBase(r, "search_title"), Response: response, Order: req.Order, Searched: response.Query != "" || req.Like != "" || req.Filters.any()}
	if response.Query != "" {
		p.Title = p.T("search_title_query", "Query", response.Query)
	}
	if response.Like != nil {
		p.Title, p.Similar = p.T("search_similar_to", "Title", response.Like.Text), req.Like
	}
	p.NoIndex = p.Searched
	if response.Total == 0 {
		if err := web.browse(r, p, req); err != nil {
			return nil, err
		}
		p.Ask = web.ask(p.Base, response.Query)
		if len(p.See) == 0 {
			p.Nearest = web.nearest(req)
		}
	}
	p.arrange(web, req)
	return p, nil
}

// ask is where a question that nothing answers can be put to people.
func (web *Web) ask(b page.Base, question string) string {
	if web.settings.Ask == "" || question == "" {
		return ""
	}
	return b.URL(web.settings.Ask) + "?" + url.Values{"title": {question}}.Encode()
}

// Names near a word that nothing holds begin with at least this much of it,
// and with half of it.
const (
	nearestBeginning = 4 // letters
	nearestNames     = 5
)

// nearest offers records whose names begin like the longest word of the query,
// the longer the better.
func (web *Web) nearest(req Request) []choice {
	words := strings.Fields(cleanQuery(req.Query))
	if len(words) == 0 {
		return nil
	}
	word := []rune(slices.MaxFunc(words, func(x, y string) int { return len(x) - len(y) }))
	for n := min(len(word), maxQueryBytes/100); n >= max(nearestBeginning, (len(word)+1)/2); n-- {
		var names []choice
		for _, s := range web.service.Suggest(string(word[:n]), req.Language, req.Audiences) {
			names = append(names, choice{Label: s.Text, URL: s.URL})
		}
		if len(names) > 0 {
			return names[:min(len(names), nearestNames)]
		}
	}
	return nil
}

// themeLink leads to the records of a theme.
type themeLink struct {
	choice
	Count int
}

// browse offers every theme that the reader can see.
func (web *Web) browse(r *http.Request, p *resultPage, req Request) error {
	all, err := web.service.Search(r.Context(), Request{Language: req.Language, Audiences: req.Audiences, Size: 1})
	if err != nil {
		return fmt.Errorf("list themes: %w", err)
	}
	var themes []themeLink
	for _, v := range all.Facets[facetNames[facetTheme]] {
		link := choice{Label: v.Label, URL: web.address(p.Base, Request{Filters: Filters{}.with(facetTheme, v.Value)})}
		themes = append(themes, themeLink{link, v.Count})
	}
	open := min(len(themes), shownValues)
	p.Browse, p.BrowseRest = themes[:open], themes[open:]
	p.BrowseRestText = p.T("search_further_values", "Count", len(p.BrowseRest))
	return nil
}

// arrange makes the links, boxes and lines of the page.
func (p *resultPage) arrange(web *Web, req Request) {
	req.Page = 1
	for _, order := range []Order{ByRelevance, ByDate} {
		other := req
		other.Order = order
		p.Sorts = append(p.Sorts, choice{p.T("search_sort_" + string(order)), web.address(p.Base, other), order == req.Order})
	}
	if p.Suggestion != "" {
		other := req
		other.Query = p.Suggestion
		p.Corrected = web.address(p.Base, other)
	}
	other := req
	other.Filters = Filters{}
	p.Clear = web.address(p.Base, other)
	if p.Like != nil {
		other := req
		other.Like = ""
		p.Chips = append(p.Chips, choice{Label: p.T("search_similar_to", "Title", p.Like.Text), URL: web.address(p.Base, other)})
	}
	p.addFieldChips(web, req)
	for f := range facetCount {
		p.arrangeFacet(web, f, req)
	}
	for _, h := range p.Hits {
		p.Results = append(p.Results, p.result(web.catalogue, h))
	}
	for _, h := range p.Partial {
		p.Beside = append(p.Beside, p.result(web.catalogue, h))
	}
	if p.Searched {
		p.Follow = web.feedAddress(p.Base, atomPath, req)
	}
	p.Pages = (p.Total + p.Size - 1) / p.Size
	if req.Page = p.Page - 1; req.Page >= 1 {
		p.Previous = web.address(p.Base, req)
	}
	if req.Page = p.Page + 1; req.Page <= p.Pages && req.Page <= MaxPage {
		p.Next = web.address(p.Base, req)
	}
}

// arrangeFacet adds a facet's boxes, and a chip for each chosen value. A facet
// with nothing to choose is left out.
func (p *resultPage) arrangeFacet(web *Web, f facet, req Request) {
	g := group{Name: facetNames[f], Title: p.T("search_facet_" + facetNames[f])}
	for _, v := range p.Facets[facetNames[f]] {
		chosen := slices.Contains(req.Filters[f], v.Value)
		if chosen {
			other := req
			other.Filters = req.Filters.without(f, v.Value)
			p.Chips = append(p.Chips, choice{Label: v.Label, URL: web.address(p.Base, other)})
		}
		b := box{v, g.Name, g.Name + "-" + v.Value, chosen}
		if chosen || len(g.Values) < shownValues {
			g.Values = append(g.Values, b)
		} else {
			g.Rest = append(g.Rest, b)
		}
	}
	if len(g.Rest) == 1 { // a line to unfold it would take as much room
		g.Values, g.Rest = append(g.Values, g.Rest...), nil
	}
	g.RestText = p.T("search_further_values", "Count", len(g.Rest))
	if len(g.Values) > 1 || len(req.Filters[f]) > 0 {
		p.Groups = append(p.Groups, g)
	}
}

// shownValues is how many values of a facet stand open.
const shownValues = 6

// shownPlaces is how many countries a hit names: a report can concern them all.
const shownPlaces = 3

func (p *resultPage) result(cat *i18n.Catalogue, h Hit) result {
	r := result{Hit: h, Kind: typeName(p.Lang, h.Type), TextElsewhere: h.TextLang != p.Lang.Code()}
	r.URL = p.localized(h.Lang, h.URL)
	r.Similar = choice{Label: p.T("search_similar"), URL: withQuery(p.Base.URL(pagePath), url.Values{"like": {h.ID}})}
	if len(h.Via) > 0 {
		r.Through = p.T("search_through", "Terms", strings.Join(h.Via, ", "))
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
	r.Where = p.where(h.Heading, h.Page)
	for _, place := range h.More {
		r.Further = append(r.Further, choice{Label: p.where(place.Heading, place.Page), URL: p.localized(h.Lang, place.URL)})
	}
	r.FurtherText = p.T("search_further", "Count", len(r.Further))
	return r
}

// localized is the address of a record of that language. One that stands at
// the root has a page around it in every language.
func (p *resultPage) localized(lang, address string) string {
	if strings.HasPrefix(address, "/"+lang+"/") {
		return address
	}
	return p.Base.URL(address)
}

// where says the section and the page of a passage, as far as they are known.
func (p *resultPage) where(heading string, page int) string {
	switch {
	case heading != "" && page > 0:
		return p.T("search_where", "Section", heading, "Page", page)
	case page > 0:
		return p.T("search_where_page", "Page", page)
	default:
		return heading
	}
}

// First is the number of the first result on the page.
func (p resultPage) First() int { return (p.Page-1)*p.Size + 1 }

// address is where a search stands, so that it can be shared.
func (web *Web) address(b page.Base, req Request) string {
	values := req.values()
	if req.Page > 1 {
		values.Set("page", strconv.Itoa(req.Page))
	}
	if req.Size > 0 && req.Size != web.settings.PageSize {
		values.Set("size", strconv.Itoa(req.Size))
	}
	return withQuery(b.URL(pagePath), values)
}

// values are what a search asks for, as parameters of an address.
func (r *Request) values() url.Values {
	values := url.Values{}
	if r.Query != "" {
		values.Set("q", r.Query)
	}
	if r.Like != "" {
		values.Set("like", r.Like)
	}
	for f, name := range facetNames {
		if chosen := r.Filters[f]; len(chosen) > 0 {
			values[name] = chosen
		}
	}
	if r.Order == ByDate {
		values.Set("sort", string(ByDate))
	}
	return values
}

func withQuery(path string, values url.Values) string {
	if len(values) == 0 {
		return path
	}
	return path + "?" + values.Encode()
}
