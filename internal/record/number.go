package record

import (
	"strconv"
	"strings"
)

// checkNumbers proves that the recommendations of a group are numbered without
// a gap, as people cite them.
func (c *checker) checkNumbers() {
	groups := map[string]map[int]*Page{}
	for _, p := range c.pages {
		stem, n := splitSymbol(p.Text("symbol"))
		if n == 0 || p.Section != "recommendations" || p.Lang != c.known.base || p.Name != "index" {
			continue
		}
		if groups[stem] == nil {
			groups[stem] = map[int]*Page{}
		}
		groups[stem][n] = p
	}
	for stem, pages := range groups {
		for n, p := range pages {
			if n > 1 && pages[n-1] == nil {
				c.at(p, "symbol", "%s/%d is here, but %s/%d is not; add the missing record, or correct the number", stem, n, stem, n-1)
			}
		}
	}
}

// splitSymbol takes the number from the end of a symbol; 0 where there is none.
func splitSymbol(symbol string) (stem string, n int) {
	i := strings.LastIndexByte(symbol, '/')
	n, err := strconv.Atoi(symbol[i+1:])
	if i < 0 || err != nil {
		return symbol, 0
	}
	return symbol[:i], n
}

// checkSymbol holds the parts of a symbol against the fields that repeat them.
func (c *checker) checkSymbol(p *Page) {
	parts := strings.Split(p.Text("symbol"), "/")
	if len(parts) != 4 {
		return
	}
	if group := p.Text("group"); group != "" && group != parts[2] {
		c.at(p, "group", "group: %q does not agree with the symbol %s; correct one of them", group, p.Text("symbol"))
	}
	if n := p.value("number"); n != nil && n.GetToken() != nil && n.GetToken().Value != parts[3] {
		c.at(p, "number", "number: %s does not agree with the symbol %s; correct one of them", n.GetToken().Value, p.Text("symbol"))
	}
}
