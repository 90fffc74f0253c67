package importer

import (
	"regexp"
	"strings"
)

var digits = regexp.MustCompile(`\d+`)

// dropRunningHeads takes out lines that open or close three pages or more with
// the same words. The digits in them may differ.
func dropRunningHeads(doc *Document, body []line) []line {
	const enough = 3
	seen := map[string]int{}
	edges := map[int]string{}
	for i, l := range body {
		first := i == 0 || body[i-1].page != l.page
		last := i == len(body)-1 || body[i+1].page != l.page
		if !first && !last {
			continue
		}
		key := digits.ReplaceAllString(strings.ToLower(l.text), "#")
		edges[i] = key
		seen[key]++
	}
	kept := make([]line, 0, len(body))
	for i, l := range body {
		if key, ok := edges[i]; ok && seen[key] >= enough && seen[key]*2 >= doc.Pages {
			doc.Dropped = append(doc.Dropped, Dropped{l.no, l.text, "running head or foot"})
			continue
		}
		if len(kept) > 0 && kept[len(kept)-1].page != l.page {
			l.brk = true
		}
		kept = append(kept, l)
	}
	return kept
}
