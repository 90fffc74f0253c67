package site

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"strings"

	"github.com/gohugoio/hugo/common/hmaps"
	"github.com/pelletier/go-toml/v2"
	"github.com/spf13/cast"
)

// missingSettings are the settings that the embedded theme needs and the site
// does not state: a site can do with its title and its languages.
func missingSettings(opts Options, settings map[string]any) (hmaps.Params, error) {
	missing := hmaps.Params{}
	if opts.Theme == nil || hasLayouts(opts.Dir) {
		return missing, nil
	}
	theme, err := themeSettings(opts.Theme)
	if err != nil {
		return nil, err
	}
	for _, table := range []string{"outputFormats", "mediaTypes", "outputs"} {
		if entries := unstated(settings, theme, table); len(entries) > 0 {
			missing[table] = entries
		}
	}
	if setting(settings, "markup", "goldmark", "parser", "attribute", "block") == nil {
		missing["markup"] = hmaps.Params{"goldmark": hmaps.Params{"parser": hmaps.Params{
			"attribute": hmaps.Params{"block": true, "title": true},
		}}}
	}
	if setting(settings, "disableKinds") == nil && setting(settings, "taxonomies") == nil {
		missing["disableKinds"] = []string{"taxonomy", "term"}
	}
	missing["cascade"] = append(cascades(settings), outputCascades(settings, theme)...)
	return missing, nil
}

// themeSettings are those of the theme's own config.toml, which tells what its
// layouts make. Nothing is taken from it that a reader would see.
func themeSettings(theme fs.FS) (map[string]any, error) {
	text, err := fs.ReadFile(theme, configFile)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read the theme's settings: %w", err)
	}
	var settings map[string]any
	if err := toml.Unmarshal(text, &settings); err != nil {
		return nil, fmt.Errorf("read the theme's settings: %w", err)
	}
	return settings, nil
}

// unstated are the entries of a theme's table that the site does not have.
func unstated(settings, theme map[string]any, table string) hmaps.Params {
	entries := hmaps.Params{}
	for name, entry := range cast.ToStringMap(setting(theme, table)) {
		if setting(settings, table, name) == nil {
			entries[name] = entry
		}
	}
	hmaps.PrepareParams(entries)
	return entries
}

// cascades are the site's own, or the one that shows a page in every language.
func cascades(settings map[string]any) []map[string]any {
	if stated := setting(settings, "cascade"); stated != nil {
		return tables(stated)
	}
	return []map[string]any{{
		"target": map[string]any{"path": "**", "sites": languageMatrix(standardLanguage(settings))},
		"sites":  languageMatrix("**"),
	}}
}

// outputCascades are the theme's, for single sections, unless the site says
// itself what is made of its pages.
func outputCascades(settings, theme map[string]any) []map[string]any {
	if setting(settings, "outputs") != nil {
		return nil
	}
	var list []map[string]any
	for _, entry := range tables(setting(theme, "cascade")) {
		if setting(entry, "outputs") != nil {
			list = append(list, entry)
		}
	}
	return list
}

// tables reads a TOML table, or an array of them.
func tables(value any) []map[string]any {
	list, many := value.([]any)
	if !many {
		list = []any{value}
	}
	var found []map[string]any
	for _, item := range list {
		if table, ok := item.(map[string]any); ok {
			found = append(found, table)
		}
	}
	return found
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
