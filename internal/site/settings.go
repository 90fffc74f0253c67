package site

import (
	"cmp"
	"strings"

	"github.com/gohugoio/hugo/common/hmaps"
	"github.com/spf13/cast"
)

// missingSettings are the settings that the embedded theme needs and the site
// does not state: a site can do with its title and its languages.
func missingSettings(opts Options, settings map[string]any) hmaps.Params {
	missing := hmaps.Params{}
	if opts.Theme == nil || hasLayouts(opts.Dir) {
		return missing
	}
	if setting(settings, "outputFormats", "frame") == nil {
		missing["outputFormats"] = hmaps.Params{"frame": hmaps.Params{
			"mediaType": "text/html", "baseName": "frame", "path": "forum", "notAlternative": true,
		}}
	}
	if setting(settings, "outputs", "home") == nil {
		missing["outputs"] = hmaps.Params{"home": []string{"html", "rss", "frame"}}
	}
	if setting(settings, "markup", "goldmark", "parser", "attribute", "block") == nil {
		missing["markup"] = hmaps.Params{"goldmark": hmaps.Params{"parser": hmaps.Params{
			"attribute": hmaps.Params{"block": true, "title": true},
		}}}
	}
	if setting(settings, "disableKinds") == nil && setting(settings, "taxonomies") == nil {
		missing["disableKinds"] = []string{"taxonomy", "term"}
	}
	if setting(settings, "cascade") == nil {
		missing["cascade"] = []map[string]any{{
			"target": map[string]any{"path": "**", "sites": languageMatrix(standardLanguage(settings))},
			"sites":  languageMatrix("**"),
		}}
	}
	return missing
}

func languageMatrix(pattern string) map[string]any {
	return map[string]any{"matrix": map[string]any{"languages": []string{pattern}}}
}

// standardLanguage is the language of files without one in their name.
func standardLanguage(settings map[string]any) string {
	return strings.ToLower(cmp.Or(cast.ToString(setting(settings, "defaultContentLanguage")), "en"))
}

// setting looks a value up; Hugo's keys are the same in any case.
func setting(settings map[string]any, keys ...string) any {
	var value any = settings
	for _, key := range keys {
		table, ok := value.(map[string]any)
		if !ok {
			return nil
		}
		value = nil
		for name, v := range table {
			if strings.EqualFold(name, key) {
				value = v
			}
		}
	}
	return value
}

// lineOf finds the first line that begins with key or names it in a table
// header; 0 when there is none.
func lineOf(text []byte, key string) int {
	for i, line := range strings.Split(string(text), "\n") {
		line = strings.TrimSpace(line)
		if strings.HasPrefix(line, key) || strings.HasPrefix(line, "[") && strings.Contains(line, key) {
			return i + 1
		}
	}
	return 0
}
