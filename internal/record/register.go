package record

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// Registers lists the files of the folder data that name things: codes, bodies,
// acronyms, words that readers type, and who is party to what.
func Registers() []Table {
	return []Table{
		{"data/accessions.yaml", []Field{
			{Name: "iso3", Type: Words, Required: true, Doc: "ISO 3166-1 alpha-3"},
			{Name: "entity", Type: Words, Required: true, Doc: "the name in the source"},
			{Name: "entity_type", Type: Words, Required: true},
			{Name: "instrument", Type: Words, Required: true, Doc: "the treaty of a page in content/legislation"},
			{Name: "instrument_name", Type: Words, Required: true},
			{Name: "status", Type: Words, Required: true},
			{Name: "action", Type: Words, Values: []string{"accession", "ratification", "signature", "succession", "territorial application"}},
			{Name: "date", Type: Moment, Doc: "of deposit, as the source gives it"},
			{Name: "date_precision", Type: Words, Values: []string{"day", "month", "year"}},
			{Name: "entry_into_force", Type: Moment},
			{Name: "as_of", Type: Moment, Doc: "when the source was read or published"},
			{Name: "source", Type: Words, Required: true},
			{Name: "corroboration", Type: Words},
			{Name: "confidence", Type: Words, Values: []string{"high", "medium", "low"}},
			{Name: "notes", Type: Told},
			{Name: "report_says", Type: Told, Doc: "where a report differs"},
			{Name: "report_says_in", Type: ByLang, Doc: "the same in other languages, where it has words"},
		}},
		{"data/acronyms.yaml", []Field{
			{Name: "id", Type: Words, Required: true, Doc: "permanent; never changes"},
			{Name: "acronym", Type: Words, Required: true},
			{Name: "expansion", Type: Words, Required: true, Doc: "in the first language"},
			{Name: "name", Type: ByLang, Required: true, Doc: "in the others"},
			{Name: "aliases", Type: List},
			{Name: "local", Type: ByLang, Doc: "where a language has its own"},
			{Name: "in_report", Type: Flag, Doc: "whether the report spells it out"},
			{Name: "first_in", Type: Words, Doc: "id of a paragraph"},
			{Name: "note", Type: Told},
		}},
		{"data/countries.yaml", []Field{
			{Name: "code", Type: Words, Required: true, Doc: "ISO 3166-1 alpha-3"},
			{Name: "iso2", Type: Words},
			{Name: "m49", Type: Words},
			{Name: "name", Type: ByLang, Required: true},
			{Name: "formal_name", Type: Words},
			{Name: "languages_official", Type: List},
			{Name: "capital", Type: Words},
			{Name: "political_status", Type: Told},
			{Name: "part_of", Type: Words},
			{Name: "region", Type: Words},
			{Name: "sids", Type: Flag, Doc: "a small island developing State"},
			{Name: "caricom", Type: Words, Values: []string{"full", "associate"}},
			{Name: "caricom_note", Type: Told},
			{Name: "cmc", Type: Entry, Doc: "its part in the consultations"},
		}},
		{"data/delegations.yaml", []Field{
			{Name: "code", Type: Words, Required: true},
			{Name: "kind", Type: Words, Required: true, Values: []string{"member", "observer", "agency", "secretariat"}},
			{Name: "name", Type: ByLang, Required: true},
		}},
		{"data/recommendation_groups.yaml", []Field{
			{Name: "code", Type: Words, Required: true, Doc: "the third part of a symbol"},
			{Name: "report", Type: Words, Required: true},
			{Name: "heading", Type: Words, Required: true, Doc: "as printed; the importer finds the group by it"},
			{Name: "title", Type: ByLang, Required: true},
		}},
		{"data/search_words.yaml", []Field{
			{Name: "country", Type: Words, Doc: "code of the country that the words mean"},
			{Name: "record", Type: Words, Doc: "id of the record that they mean"},
			{Name: "see", Type: List, Doc: "ids of records that may help where nothing is found"},
			{Name: "any", Type: Words, Doc: "words of every language, with commas between"},
			{Name: "words", Type: ByLang, Doc: "words of each language, with commas between"},
		}},
	}
}

// checkData looks at every file of the folder data.
func (c *checker) checkData() error {
	if err := c.checkStray(); err != nil {
		return err
	}
	seen := map[string]string{}
	for _, t := range Tables() {
		if err := c.readTable(t, func(p *Page) { c.checkRow(p, seen) }); err != nil {
			return err
		}
	}
	for _, t := range Registers() {
		names := map[string]int{}
		if err := c.readTable(t, func(p *Page) { c.checkEntryOf(t, p, names) }); err != nil {
			return err
		}
	}
	return nil
}

// readTable hands each row of a file to a rule; a site may lack the file.
func (c *checker) readTable(t Table, rule func(*Page)) error {
	data, err := os.ReadFile(filepath.Join(c.root, filepath.FromSlash(t.File)))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("read a table: %w", err)
	}
	c.read++
	c.checkTable(t, c.checkLetters(t.File, data), rule)
	return nil
}

var readByLayout = regexp.MustCompile(`\bData\.([A-Za-z0-9_]+)`)

// checkStray reports the files of the folder data that nothing reads.
func (c *checker) checkStray() error {
	entries, err := os.ReadDir(filepath.Join(c.root, "data"))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("list the tables: %w", err)
	}
	known := []string{"map"}
	for _, t := range slices.Concat(Tables(), Registers()) {
		known = append(known, strings.TrimSuffix(path.Base(t.File), ".yaml"))
	}
	var own []string
	for _, e := range entries {
		file, ending := "data/"+e.Name(), path.Ext(e.Name())
		name := strings.TrimSuffix(e.Name(), ending)
		if own == nil {
			if own, err = c.readByLayouts(); err != nil {
				return err
			}
		}
		switch {
		case !slices.Contains([]string{".yaml", ".json", ".toml"}, ending) || e.IsDir():
			c.add(file, 1, "the site cannot read this; a table in the folder data is a file that ends in .yaml")
		case slices.Contains(known, name) && ending == ".yaml", name == "map", slices.Contains(own, name):
		default:
			c.add(file, 1, "nothing reads this file; correct its name%s, or delete it", nearName(name, known))
		}
	}
	return nil
}

func nearName(name string, known []string) string {
	for _, k := range known {
		if k == name || similar(name, k) {
			return " (" + k + ".yaml?)"
		}
	}
	return ""
}

// readByLayouts lists the tables that the site's own layouts name.
func (c *checker) readByLayouts() ([]string, error) {
	names := []string{}
	err := filepath.WalkDir(filepath.Join(c.root, "layouts"), func(name string, d fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(name)
		for _, m := range readByLayout.FindAllSubmatch(data, -1) {
			names = append(names, string(m[1]))
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read the layouts: %w", err)
	}
	return names, nil
}
