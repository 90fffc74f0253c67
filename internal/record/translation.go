package record

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/pelletier/go-toml/v2"
)

// catalogue is one file of interface texts.
type catalogue struct {
	file  string
	texts map[string]map[string]string // key → plural form → text
	lines map[string]int
}

// checkTranslations holds the interface texts of all languages against those of
// the first.
func (c *checker) checkTranslations() error {
	files, err := filepath.Glob(filepath.Join(c.root, "i18n", "*.toml"))
	if err != nil || len(files) == 0 {
		return err
	}
	all := map[string]*catalogue{}
	for _, name := range files {
		cat, err := c.readCatalogue(name)
		if err != nil {
			return err
		}
		if cat != nil {
			all[strings.TrimSuffix(filepath.Base(name), ".toml")] = cat
		}
	}
	base := all[c.known.base]
	if base == nil {
		return nil
	}
	c.checkLanguageNames(base)
	for _, lang := range slices.Sorted(maps.Keys(all)) {
		c.checkCatalogue(all[lang])
		if lang != c.known.base {
			c.compare(base, all[lang])
		}
	}
	return nil
}

// checkLanguageNames: notices name the language that a text lacks, or is in.
func (c *checker) checkLanguageNames(base *catalogue) {
	first := base.lines[languageName+c.known.base]
	for _, lang := range slices.Sorted(maps.Keys(c.known.languages)) {
		if name := languageName + lang; first > 0 && base.texts[name] == nil {
			c.add(base.file, first, "%s is missing, the name of that language; add it beside %s%s, in every file of i18n", name, languageName, c.known.base)
		}
	}
}

// languageName is how the keys of the languages' names begin.
const languageName = "record_language_"

// readCatalogue returns nil for a file with a finding of its own.
func (c *checker) readCatalogue(name string) (*catalogue, error) {
	data, err := os.ReadFile(name)
	if err != nil {
		return nil, fmt.Errorf("read interface texts: %w", err)
	}
	cat := &catalogue{file: "i18n/" + filepath.Base(name), texts: map[string]map[string]string{}, lines: map[string]int{}}
	var tree map[string]any
	c.read++
	if err := toml.Unmarshal(data, &tree); err != nil {
		line := 1
		if fault, ok := errors.AsType[*toml.DecodeError](err); ok {
			line, _ = fault.Position()
		}
		c.unreadable(cat.file, line, err)
		return nil, nil
	}
	for i, l := range strings.Split(string(data), "\n") {
		name, _, isValue := strings.Cut(l, "=")
		name = strings.Trim(strings.TrimSpace(name), `[]"`)
		if (isValue || strings.HasPrefix(l, "[")) && cat.lines[name] == 0 {
			cat.lines[name] = i + 1
		}
	}
	for key, value := range tree {
		cat.texts[key] = forms(value)
	}
	return cat, nil
}

var tableTwice = regexp.MustCompile(`(?:table|key) (\S+) (?:already exists|is already defined)`)

func (c *checker) unreadable(file string, line int, err error) {
	if m := tableTwice.FindStringSubmatch(err.Error()); m != nil {
		c.add(file, line, "%s stands twice; keep one of the two", m[1])
		return
	}
	c.add(file, line, "the file cannot be read from here on; look for a missing quotation mark or bracket (%v)", err)
}

func forms(value any) map[string]string {
	switch v := value.(type) {
	case string:
		return map[string]string{"other": v}
	case map[string]any:
		all := map[string]string{}
		for form, text := range v {
			all[form], _ = text.(string)
		}
		return all
	}
	return nil
}

func (c *checker) checkCatalogue(cat *catalogue) {
	plurals := []string{"zero", "one", "two", "few", "many", "other", "description", "hash"}
	for _, key := range slices.Sorted(maps.Keys(cat.texts)) {
		for _, form := range slices.Sorted(maps.Keys(cat.texts[key])) {
			if !slices.Contains(plurals, form) {
				c.add(cat.file, cat.lines[key], "%s has %q, which is no plural form; a full stop in a key makes a table: use underscores", key, form)
			} else if strings.TrimSpace(cat.texts[key][form]) == "" {
				c.add(cat.file, cat.lines[key], "%s (%s) is empty; translate it", key, form)
			}
		}
		if _, ok := cat.texts[key]["other"]; !ok {
			c.add(cat.file, cat.lines[key], "%s lacks the form other, which every text needs; add it", key)
		}
	}
}

func (c *checker) compare(base, cat *catalogue) {
	for _, key := range slices.Sorted(maps.Keys(base.texts)) {
		texts, ok := cat.texts[key]
		if !ok {
			c.add(cat.file, 1, "%s is missing (%s:%d has it); translate it", key, base.file, base.lines[key])
			continue
		}
		_, plural := base.texts[key]["one"]
		_, has := texts["one"]
		if plural != has {
			c.add(cat.file, cat.lines[key], "%s must have the form one exactly when %s has it (line %d); add or remove it", key, base.file, base.lines[key])
		}
		want, got := placeholders(base.texts[key]["other"]), placeholders(texts["other"])
		if !slices.Equal(want, got) {
			c.add(cat.file, cat.lines[key], "%s must keep what the program fills in, as %s has it: %s; it has %s", key, base.file, braces(want), braces(got))
		}
	}
	for _, key := range slices.Sorted(maps.Keys(cat.texts)) {
		if _, ok := base.texts[key]; !ok {
			c.add(cat.file, cat.lines[key], "%s is not in %s; remove it, or add it there", key, base.file)
		}
	}
}

// braces writes placeholders as they stand in a text.
func braces(names []string) string {
	if len(names) == 0 {
		return "nothing"
	}
	return "{{ " + strings.Join(names, " }} {{ ") + " }}"
}

// placeholders lists the fields a text shows, such as {{ .Count }}.
func placeholders(text string) []string {
	var all []string
	for _, part := range strings.Split(text, "{{")[1:] {
		name, _, _ := strings.Cut(part, "}}")
		all = append(all, strings.TrimSpace(name))
	}
	slices.Sort(all)
	return slices.Compact(all)
}
