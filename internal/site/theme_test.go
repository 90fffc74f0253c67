package site

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/rogpeppe/go-internal/txtar"
)

// themeOf returns the layouts, static files and interface texts of smallSite as
// a theme, and the rest as a site that states nothing but its languages.
func themeOf(t *testing.T) (theme fstest.MapFS, site string) {
	t.Helper()
	theme = fstest.MapFS{}
	var rest []txtar.File
	for _, file := range txtar.Parse([]byte(smallSite)).Files {
		switch {
		case strings.HasPrefix(file.Name, "layouts/"), strings.HasPrefix(file.Name, "static/"):
			theme[file.Name] = &fstest.MapFile{Data: file.Data}
		case file.Name == "config.toml":
			theme[file.Name] = &fstest.MapFile{Data: file.Data}
			rest = append(rest, txtar.File{Name: file.Name, Data: []byte(
				"title = \"Small\"\nbaseURL = \"/\"\n[languages.en]\nweight = 1\n[languages.es]\nweight = 2\n")})
		default:
			rest = append(rest, file)
		}
	}
	theme["i18n/en.toml"] = &fstest.MapFile{Data: []byte("[greeting]\nother = \"Hello\"\n[parting]\nother = \"Goodbye\"\n")}
	theme["layouts/page.html"] = &fstest.MapFile{Data: []byte(`{{ define "main" }}{{ .Content }} {{ T "greeting" }} {{ T "parting" }}{{ end }}`)}
	return theme, string(txtar.Format(&txtar.Archive{Files: rest}))
}

func TestASiteWithoutLayoutsStandsOnTheTheme(t *testing.T) {
	theme, site := themeOf(t)
	opts := testOptions(t, writeSite(t, site, "-- i18n/en.toml --\n[greeting]\nother = \"Ahoy\"\n"))
	opts.Theme = theme
	result := mustBuild(t, opts)
	if err := verify(opts.Out, result); err != nil {
		t.Errorf("verify: %v", err)
	}
	text := readFile(t, opts.Out, "practices/boats/index.html")
	for _, want := range []string{"Boats are kept.", "Ahoy", "Goodbye", `id="par-1"`} {
		if !strings.Contains(text, want) {
			t.Errorf("practices/boats = %q, want %q", text, want)
		}
	}
	if text := readFile(t, opts.Out, "es/reports/harbour-2020/index.html"); !strings.Contains(text, "Opening words.") {
		t.Errorf("es/reports/harbour-2020 = %q, want the English text", text)
	}
	readFile(t, opts.Out, "robots.txt")

	delete(theme, "static/robots.txt")
	opts.Out = t.TempDir()
	mustBuild(t, opts)
	if _, stale := tree(t, opts.Out)["robots.txt"]; stale {
		t.Error("a file that left the theme is still published")
	}
}

// TestASiteWithoutLayoutsIsReadByMachines builds the small site on the
// repository's own layouts, for a public address.
func TestASiteWithoutLayoutsIsReadByMachines(t *testing.T) {
	if testing.Short() {
		t.Skip("builds a site with all layouts")
	}
	_, site := themeOf(t)
	opts := testOptions(t, writeSite(t, site))
	opts.Theme, opts.BaseURL = os.DirFS(filepath.Join("..", "..")), "https://example.org/"
	mustBuild(t, opts)
	out := os.DirFS(opts.Out)
	checkAtom(t, out, "https://example.org")
	checkFeed(t, out)
	checkCitations(t, out)
	for _, name := range []string{"opensearch.xml", "oai.xml", "data/datapackage.json", "es/practices/index.xml", "practices/boats/cite.bib"} {
		read(t, out, name)
	}
	if text := readFile(t, opts.Out, "oai.xml"); !strings.Contains(text, "<dc:identifier>https://example.org/es/practices/boats/</dc:identifier>") {
		t.Errorf("oai.xml = %s, want absolute addresses", text)
	}
}

func TestAMistakeInTheThemeIsNamedByItsPlaceInTheTheme(t *testing.T) {
	theme, site := themeOf(t)
	theme["layouts/page.html"] = &fstest.MapFile{Data: []byte("{{ define \"main\" }}\n{{ .Foo }}{{ end }}")}
	opts := testOptions(t, writeSite(t, site))
	opts.Theme = theme
	_, err := Build(t.Context(), opts)
	if got := problems(t, err)[0]; !strings.HasPrefix(got, "layouts/page.html:2: ") {
		t.Errorf("Build = %q, want layouts/page.html:2", got)
	}
}
