package site

import (
	"cmp"
	"context"
	"fmt"
	"html"
	"html/template"
	"maps"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/gohugoio/hugo/hugolib"
	"github.com/gohugoio/hugo/resources/page"
	"github.com/spf13/cast"
)

// textName is the name, without language and ending, of a bundle's imported
// full text.
const textName = "text"

// kinds gives the record kind for the sections of the house; a section that is
// not here gives its own name.
var kinds = map[string]string{
	"reports": "report", "practices": "practice", "legislation": "legislation",
	"recommendations": "recommendation", "meetings": "meeting", "countries": "country",
	"themes": "theme", "glossary": "term", "about": "page", "": "page",
}

// told are the front matter fields that pages show to readers, in this order;
// their words can be searched like the page's own.
var told = []string{
	"label", "since", "status", "body", "partners", "legal_basis", "served", "results",
	"challenges", "lessons", "replicate", "contact", "place", "host", "chair", "outcome",
	"organisations", "observers", "political_status", "addressees", "progress", "topics",
}

// walk reads the records from the pages that Hugo has just built.
func walk(ctx context.Context, sites *hugolib.HugoSites) ([]Record, error) {
	fallback := sites.Sites[0].Language().Lang
	if base := sites.Configs.Base.DefaultContentLanguage; base != "" {
		fallback = base
	}
	var records []Record
	for _, s := range sites.Sites {
		lang := s.Language().Lang
		for _, p := range s.Pages() {
			if !isRecord(p, lang, fallback, sites) {
				continue
			}
			if err := ctx.Err(); err != nil {
				return nil, err
			}
			record, err := readRecord(ctx, p, lang, fallback, sites)
			if err != nil {
				return nil, err
			}
			record.URL = sitePath(s, p.RelPermalink())
			records = append(records, record)
		}
	}
	slices.SortFunc(records, func(a, b Record) int {
		return cmp.Or(cmp.Compare(a.Lang, b.Lang), cmp.Compare(a.URL, b.URL))
	})
	return records, uniqueIDs(records)
}

// isRecord tells whether the page was written in the site's language. Section
// pages are lists, and count only when their author gave them an id.
func isRecord(p page.Page, lang, fallback string, sites *hugolib.HugoSites) bool {
	if p.File() == nil || p.RelPermalink() == "" {
		return false
	}
	if p.Kind() != "page" && (p.Kind() != "section" || cast.ToString(p.Params()["id"]) == "") {
		return false
	}
	return fileLanguage(p.File().LogicalName(), fallback, sites) == lang
}

// fileLanguage returns the language in a name such as index.es.md.
func fileLanguage(name, fallback string, sites *hugolib.HugoSites) string {
	stem := strings.TrimSuffix(name, filepath.Ext(name))
	code := strings.TrimPrefix(path.Ext(stem), ".")
	if _, known := sites.LanguageSet()[code]; known {
		return code
	}
	return fallback
}

func readRecord(ctx context.Context, p page.Page, lang, fallback string, sites *hugolib.HugoSites) (Record, error) {
	params := p.Params()
	text := func(key string) string { return strings.TrimSpace(cast.ToString(params[key])) }
	record := Record{
		ID: text("id"), Kind: kindOf(p), Lang: lang, File: filepath.ToSlash(p.File().Path()),
		Title: html.UnescapeString(p.Title()), Summary: text("summary"), Visibility: public,
		Symbol: text("symbol"), Acronym: text("acronym"), Label: text("label"), Status: text("status"),
		Aliases:   slices.Concat(words(params["names"]), words(params["other_names"]), words(params["also_known_as"]), words(params["official_name"])),
		Countries: upper(words(params["countries"])), Themes: words(params["themes"]),
		Date: p.Date(),
	}
	if record.ID == "" {
		record.ID = strings.ReplaceAll(strings.Trim(p.Path(), "/"), "/", "-")
	}
	if code := text("code"); record.Kind == "country" && code != "" && len(record.Countries) == 0 {
		record.Countries = []string{strings.ToUpper(code)}
	}
	if !record.Date.IsZero() {
		record.Year = record.Date.In(time.UTC).Year()
	}
	var err error
	if record.Passages, err = passagesOf(ctx, p, lang, fallback, sites); err != nil {
		return Record{}, fmt.Errorf("%s: %w", record.File, err)
	}
	return record, nil
}

// passagesOf reads the page's own text and, where the bundle holds the imported
// full text, that text too. The full text then owns the anchors, and those of
// the summary give way, as they do in the template.
func passagesOf(ctx context.Context, p page.Page, lang, fallback string, sites *hugolib.HugoSites) ([]Passage, error) {
	own, err := content(ctx, p)
	if err != nil {
		return nil, err
	}
	prefix := ""
	if hasFullText(p) {
		prefix = summaryPrefix
	}
	passages := Passages(own, prefix)
	if facts := toldFacts(p.Params()); facts != "" {
		passages = append(passages, Passage{Text: facts})
	}
	for _, r := range p.Resources().ByType("page") {
		full, ok := r.(page.Page)
		if !ok || !isFullText(full) || fileLanguage(full.File().LogicalName(), fallback, sites) != lang {
			continue
		}
		text, err := content(ctx, full)
		if err != nil {
			return nil, err
		}
		passages = append(passages, Passages(text, "")...)
	}
	for i := range passages {
		passages[i].Lang = lang
	}
	return passages, nil
}

func content(ctx context.Context, p page.Page) (string, error) {
	made, err := p.Content(ctx)
	if err != nil {
		return "", err
	}
	switch text := made.(type) {
	case template.HTML:
		return string(text), nil
	case string:
		return text, nil
	}
	return "", fmt.Errorf("unexpected content of type %T", made)
}

// hasFullText looks in all languages, as the report page shows the text of
// another language when it has none in its own.
func hasFullText(p page.Page) bool {
	for _, translation := range p.AllTranslations() {
		for _, r := range translation.Resources().ByType("page") {
			if full, ok := r.(page.Page); ok && isFullText(full) {
				return true
			}
		}
	}
	return false
}

func isFullText(p page.Page) bool {
	if p.File() == nil {
		return false
	}
	stem, _, _ := strings.Cut(p.File().LogicalName(), ".")
	return stem == textName
}

// kindOf goes by the folder, but for instruments, which stand beside the guides
// to legislation and have their kind in their id.
func kindOf(p page.Page) string {
	if strings.HasPrefix(cast.ToString(p.Params()["id"]), "instrument-") {
		return "instrument"
	}
	if kind, ok := kinds[p.Section()]; ok {
		return kind
	}
	return p.Section()
}

// uniqueIDs refuses two pages of one language with one id: links, search and
// discussions could not tell them apart.
func uniqueIDs(records []Record) error {
	first := map[[2]string]string{}
	var found []Problem
	for _, r := range records {
		key := [2]string{r.Lang, r.ID}
		if other, taken := first[key]; taken {
			found = append(found, Problem{File: "content/" + r.File, What: fmt.Sprintf("the id %q is already that of content/%s", r.ID, other)})
			continue
		}
		first[key] = r.File
	}
	if len(found) > 0 {
		return &Error{Problems: found}
	}
	return nil
}

// toldFacts joins the words of the front matter that readers see.
func toldFacts(params map[string]any) string {
	var out []string
	for _, key := range told {
		for _, text := range words(params[key]) {
			if !strings.HasPrefix(text, "https://") && !strings.HasPrefix(text, "http://") {
				out = append(out, text)
			}
		}
	}
	return strings.Join(out, " · ")
}

// words returns every text within a front matter value, in a stable order.
func words(value any) []string {
	switch v := value.(type) {
	case nil, bool:
		return nil
	case string:
		if v = strings.Join(strings.Fields(v), " "); v == "" {
			return nil
		}
		return []string{v}
	case time.Time:
		return []string{v.Format(time.DateOnly)}
	}
	if list, err := cast.ToSliceE(value); err == nil {
		var out []string
		for _, item := range list {
			out = append(out, words(item)...)
		}
		return out
	}
	if list, ok := value.([]string); ok {
		return slices.Clone(list)
	}
	if table, err := cast.ToStringMapE(value); err == nil {
		var out []string
		for _, key := range slices.Sorted(maps.Keys(table)) {
			out = append(out, words(table[key])...)
		}
		return out
	}
	return words(cast.ToString(value))
}

func upper(list []string) []string {
	for i := range list {
		list[i] = strings.ToUpper(list[i])
	}
	return list
}
