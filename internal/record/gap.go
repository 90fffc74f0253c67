package record

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
)

// Gaps lists the texts of the tables that one of the site's languages lacks. A
// gap is no fault: the page shows the first language and marks it. A language
// that a whole file lacks is told once.
func Gaps(root string, languages []string) ([]Finding, error) {
	c := &checker{root: root}
	for _, t := range Tables() {
		data, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(t.File)))
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("look for missing translations: %w", err)
		}
		tree, err := parser.ParseBytes(data, 0)
		if err != nil {
			continue // a file that cannot be read is a fault, which Check names
		}
		for _, doc := range tree.Docs {
			if list, ok := doc.Body.(*ast.SequenceNode); ok {
				c.gaps(t, list, languages)
			}
		}
	}
	return c.findings, nil
}

// gaps looks at the rows of one table. The first language is the one that the
// others are translated from.
func (c *checker) gaps(t Table, list *ast.SequenceNode, languages []string) {
	for _, lang := range languages[min(1, len(languages)):] {
		var missing []Finding
		texts := 0
		for _, v := range list.Values {
			p := &Page{File: t.File, fields: mapping(v)}
			for _, f := range t.Fields {
				all := mappingOr(p.value(f.Name))
				if f.Type != ByLang || len(all.Values) == 0 {
					continue
				}
				texts++
				if words, _ := text(valueIn(all, lang)); strings.TrimSpace(words) == "" {
					missing = append(missing, Finding{t.File, p.line(all.Values[0].Key), fmt.Sprintf("%s: %s is not in %s yet; readers see it in %s, marked as such", p.Text("id"), f.Name, lang, languages[0])})
				}
			}
		}
		if texts > 1 && len(missing) == texts {
			missing = []Finding{{t.File, 1, fmt.Sprintf("no text is in %s yet; readers see them in %s, marked as such", lang, languages[0])}}
		}
		c.findings = append(c.findings, missing...)
	}
}
