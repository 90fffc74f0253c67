package testkit

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// Markup asks html-validate about whole pages, by the rules of
// tools/htmlvalidate.json. The keys name the pages in failures.
func Markup(t testing.TB, pages map[string]string) {
	t.Helper()
	Require(t, "html-validate")
	dir := t.TempDir()
	for name, text := range pages {
		if err := os.WriteFile(filepath.Join(dir, name+".html"), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	rules := filepath.Join(filepath.Dir(filepath.Dir(filepath.Dir(validator()))), "htmlvalidate.json")
	if report, err := exec.Command(validator(), "--config", rules, dir).CombinedOutput(); err != nil {
		t.Errorf("html-validate: %v\n%s", err, report)
	}
}

func validator() string { return tool(".bin", "html-validate") }

// tool is a file that `npm ci --prefix tools` brings.
func tool(names ...string) string {
	dir, err := root()
	if err != nil {
		return ""
	}
	return filepath.Join(append([]string{dir, "tools", "node_modules"}, names...)...)
}
