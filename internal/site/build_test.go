package site

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestBuildMakesPagesFramesAndStaticFiles(t *testing.T) {
	opts := testOptions(t, writeSite(t, smallSite))
	result := mustBuild(t, opts)
	files := tree(t, opts.Out)
	for name, want := range map[string]string{
		"index.html":                         "Boats",
		"es/index.html":                      "Botes",
		"practices/boats/index.html":         "Boats are kept.",
		"es/practices/boats/index.html":      "Se guardan botes.",
		"es/reports/harbour-2020/index.html": "The very words.",
		"404.html":                           "not here",
		"robots.txt":                         "User-agent",
	} {
		if !strings.Contains(files[name], want) {
			t.Errorf("%s = %q, want it to contain %q", name, files[name], want)
		}
	}
	for lang, home := range map[string]string{"en": "/", "es": "/es/"} {
		if !strings.Contains(string(result.Frames[lang]), `[[ template "main" . ]]`) {
			t.Errorf("Frames[%q] = %q, want the frame of that language", lang, result.Frames[lang])
		}
		if result.Homes[lang] != home {
			t.Errorf("Homes[%q] = %q, want %q", lang, result.Homes[lang], home)
		}
	}
	if len(result.Warnings) > 0 {
		t.Errorf("Warnings = %q, want none", result.Warnings)
	}
}

func TestBuildWritesNothingIntoTheSite(t *testing.T) {
	dir := writeSite(t, smallSite)
	before := tree(t, dir)
	mustBuild(t, testOptions(t, dir))
	for name := range tree(t, dir) {
		if _, was := before[name]; !was {
			t.Errorf("the build left %s in the site's own folder", name)
		}
	}
}

// TestEveryBuildIsTheSame builds often: which of two files becomes a page must
// not depend on which was read first.
func TestEveryBuildIsTheSame(t *testing.T) {
	dir := writeSite(t, smallSite)
	first := testOptions(t, dir)
	mustBuild(t, first)
	want := tree(t, first.Out)
	for range 12 {
		again := testOptions(t, dir)
		mustBuild(t, again)
		if diff := cmp.Diff(want, tree(t, again.Out)); diff != "" {
			t.Fatalf("two builds differ (-first +again):\n%s", diff)
		}
	}
}

func TestMistakesAreNamedWithFileAndLine(t *testing.T) {
	const boats = "-- content/practices/boats/index.en.md --\n"
	layout := func(line string) string {
		return "-- layouts/page.html --\n{{ define \"main\" }}\n" + line + "\n{{ end }}\n"
	}
	for _, test := range []struct{ name, change, want string }{
		{
			"front matter that is not YAML", boats + "---\ntitle: a\nfoo: : b\n---\nx\n",
			"content/practices/boats/index.en.md:3: ",
		},
		{
			"a date that is none", boats + "---\ntitle: a\ndate: tomorrow\n---\nx\n",
			`content/practices/boats/index.en.md:3: the "date" front matter field is not a parsable date`,
		},
		{
			"text that is not UTF-8", boats + "---\ntitle: a\n---\nx\xff\n",
			"content/practices/boats/index.en.md:4: is not valid UTF-8",
		},
		{
			"an unknown shortcode", boats + "---\ntitle: a\n---\nx\n{{< nope >}}\n",
			`content/practices/boats/index.en.md:5: template for shortcode "nope" not found`,
		},
		{
			"a link to no page", boats + "---\ntitle: a\n---\n[a]({{< ref \"nope.md\" >}})\n",
			"content/practices/boats/index.en.md:4: [en] REF_NOT_FOUND",
		},
		{
			"an unknown field in a template", layout("{{ .Foo }}"),
			"layouts/page.html:2: ",
		},
		{
			"a template that does not parse", layout("{{ .Foo {{ }}"),
			"layouts/page.html:2: ",
		},
		{
			"a missing partial", layout(`{{ partial "nope" . }}`),
			`layouts/page.html:2: `,
		},
		{
			"settings that are not TOML", "-- config.toml --\nbaseURL = \"/\"\nx = = \n",
			"config.toml:2: ",
		},
		{
			"settings that contradict each other", "-- config.toml --\ndefaultContentLanguage = \"xx\"\n[languages.en]\nweight = 1\n",
			"config.toml: ",
		},
		{"no settings", "-- config.toml --\n", "config.toml: is missing"},
		{
			"interface texts that are not TOML", "-- i18n/en.toml --\n[a\nother = 'a'\n",
			"i18n/en.toml:1: ",
		},
		{
			"data that is not YAML", "-- data/a.yaml --\na: [b\n",
			"data/a.yaml:1: ",
		},
		{
			"two pages with one id", boats + "---\nid: report-harbour-2020\n---\nx\n",
			`content/reports/harbour-2020/index.en.md: the id "report-harbour-2020" is already that of`,
		},
		{
			"a module import", "-- config.toml --\nbaseURL = \"/\"\n[[module.imports]]\npath = \"example.org/x\"\n",
			"config.toml:2: module imports are refused",
		},
		{
			"a theme", "-- config.toml --\nbaseURL = \"/\"\ntheme = \"x\"\n",
			"config.toml:2: theme is not supported",
		},
		{
			"a program run by a template", layout(`{{ (resources.FromString "x.css" "a{}" | css.PostCSS).Content }}`),
			`access denied: "postcss"`,
		},
		{
			"a request to the network", layout(`{{ (resources.GetRemote "https://example.org/x.css").Content }}`),
			`access denied: "https://example.org/x.css"`,
		},
		{
			"a look at the environment", layout(`{{ getenv "HOME" }}`),
			`access denied: "HOME"`,
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			dir := writeSite(t, smallSite, test.change)
			_, err := Build(t.Context(), testOptions(t, dir))
			lines := problems(t, err)
			if !slices.ContainsFunc(lines, func(line string) bool { return strings.Contains(line, test.want) }) {
				t.Errorf("Build = %q, want %q", lines, test.want)
			}
			if strings.Contains(err.Error(), dir) {
				t.Errorf("Build = %q, want no absolute path", err)
			}
		})
	}
}

func TestAnUnwritableFolderIsSaid(t *testing.T) {
	opts := testOptions(t, writeSite(t, smallSite))
	change(t, opts.Dir, "-- file --\nnot a folder\n")
	opts.Out = opts.Dir + "/file/out"
	if _, err := Build(t.Context(), opts); err == nil || !strings.Contains(err.Error(), "file") {
		t.Errorf("Build = %v, want an error that names the path", err)
	}
}

func TestAMissingTranslationIsAWarning(t *testing.T) {
	dir := writeSite(t, smallSite, "-- i18n/en.toml --\n[a]\nother = 'A'\n-- i18n/es.toml --\n[b]\nother = 'B'\n",
		"-- layouts/page.html --\n{{ define \"main\" }}{{ T \"a\" }}{{ end }}\n")
	result := mustBuild(t, testOptions(t, dir))
	if want := `i18n/es.toml: the text "a" is missing`; !slices.Contains(result.Warnings, want) {
		t.Errorf("Warnings = %q, want %q", result.Warnings, want)
	}
}

func TestTheEnvironmentChangesNothing(t *testing.T) {
	t.Setenv("HUGO_TITLE", "Taken over")
	opts := testOptions(t, writeSite(t, smallSite))
	mustBuild(t, opts)
	if home := readFile(t, opts.Out, "index.html"); !strings.Contains(home, "<title>Small</title>") {
		t.Errorf("index.html = %q, want the title of config.toml", home)
	}
}
