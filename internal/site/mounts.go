package site

import (
	"cmp"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cast"
)

// siteFolders are the folders of a site that Hugo reads, and their targets.
var siteFolders = [...]string{"data", "assets", "i18n", "static", "archetypes", "layouts"}

// mounts says which folders Hugo reads and in which order: the site's own come
// before the theme's, so that a site can override one file. A site that states
// its own mounts keeps them.
func mounts(opts Options, settings map[string]any) ([]map[string]any, error) {
	list := statedMounts(settings)
	if list == nil {
		list = contentMounts(folder(settings, "content"), settings)
		for _, target := range siteFolders {
			list = append(list, map[string]any{"source": folder(settings, target), "target": target})
		}
	}
	root, err := laidOutTheme(opts)
	if err != nil || root == "" {
		return list, err
	}
	for _, part := range themeParts {
		dir := filepath.Join(root, part)
		if _, err := os.Stat(dir); err != nil {
			continue
		}
		mount := map[string]any{"source": dir, "target": part}
		if part == "i18n" {
			list = slices.Insert(list, 0, mount) // here the last text read wins, not the first
		} else {
			list = append(list, mount)
		}
	}
	return list, nil
}

// contentMounts mounts translations before everything else. A page that a
// cascade shows in all languages competes with its own translations, and Hugo
// decides by the weight of the mount; with equal weights the file that a
// goroutine happened to read last would win.
func contentMounts(source string, settings map[string]any) []map[string]any {
	standard := standardLanguage(settings)
	var own, others []string
	for code := range cast.ToStringMap(setting(settings, "languages")) {
		if code = strings.ToLower(code); code != standard {
			own = append(own, "*."+code+".*", "**/*."+code+".*") // the second also lets Hugo enter folders
			others = append(others, "! **."+code+".*")
		}
	}
	if own == nil {
		return []map[string]any{{"source": source, "target": "content"}}
	}
	slices.Sort(own)
	slices.Sort(others)
	return []map[string]any{
		{"source": source, "target": "content", "files": own},
		{"source": source, "target": "content", "files": others},
	}
}

func statedMounts(settings map[string]any) []map[string]any {
	return tables(setting(settings, "module", "mounts"))
}

// folder returns the source of a target, which settings such as contentDir may
// rename.
func folder(settings map[string]any, target string) string {
	return cmp.Or(cast.ToString(setting(settings, target+"Dir")), target)
}
