package testkit

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"strings"

	"github.com/chromedp/chromedp"
)

// Finding is one accessibility rule that a page breaks.
type Finding struct {
	ID     string `json:"id"`
	Impact string `json:"impact"`
	Help   string `json:"help"`
	Nodes  []struct {
		HTML    string `json:"html"`
		Summary string `json:"failureSummary"`
	} `json:"nodes"`
}

// String names the rule and every element that breaks it.
func (f Finding) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s (%s): %s", f.ID, f.Impact, f.Help)
	for _, node := range f.Nodes {
		fmt.Fprintf(&b, "\n\t%s\n\t\t%s", node.HTML, strings.ReplaceAll(node.Summary, "\n", "\n\t\t"))
	}
	return b.String()
}

// axeRules are the rules of WCAG 2.2 at levels A and AA, and axe-core's best
// practices.
const axeRules = `["wcag2a","wcag2aa","wcag21a","wcag21aa","wcag22aa","best-practice"]`

// Axe runs axe-core over the page that is open and fails the test for each
// finding. The library comes from tools/node_modules and is never committed; it
// runs in the page through the browser's own console, which no content security
// policy forbids. It needs scripts to be on.
func (b *Browser) Axe() {
	b.t.Helper()
	Require(b.t, "axe")
	found, err := findings(b.ctx)
	if err != nil {
		b.t.Fatalf("accessibility of %s: %v", b.URL(), err)
	}
	for _, finding := range found {
		b.t.Errorf("accessibility of %s: %s", b.URL(), finding)
	}
}

// findings asks axe-core about the page that is open in a tab.
func findings(tab context.Context) ([]Finding, error) {
	library, err := os.ReadFile(axeFile())
	if err != nil {
		return nil, err
	}
	var result string
	err = chromedp.Run(tab,
		chromedp.Evaluate(string(library)+"\n;true", nil),
		chromedp.Evaluate(`axe.run(document, {runOnly: `+axeRules+`, resultTypes: ["violations"], elementRef: false})
			.then(r => JSON.stringify(r.violations))`, &result, awaited))
	if err != nil {
		return nil, fmt.Errorf("ask axe-core: %w", err)
	}
	var found []Finding
	if err := json.Unmarshal([]byte(result), &found); err != nil {
		return nil, fmt.Errorf("read axe-core's answer: %w", err)
	}
	return found, nil
}

func axeFile() string { return tool("axe-core", "axe.min.js") }
