package testkit

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// Markup asks the Nu HTML checker about whole pages, and html-validate by the
// rules of tools/htmlvalidate.json. The keys name the pages in failures.
func Markup(t testing.TB, pages map[string]string) {
	t.Helper()
	Require(t, "html-validate")
	Require(t, "nu")
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
	nu := exec.Command("java", "-Xmx256m", "-jar", nuFile(), "--errors-only", "--format", "gnu", dir)
	if report, err := nu.CombinedOutput(); err != nil {
		t.Errorf("the Nu HTML checker: %v\n%s", err, report)
	}
}

func nuFile() string { return tool("vnu-jar", "build", "dist", "vnu.jar") }

func validator() string { return tool(".bin", "html-validate") }

// tool is a file that `npm ci --prefix tools` brings.
func tool(names ...string) string {
	dir, err := root()
	if err != nil {
		return ""
	}
	return filepath.Join(append([]string{dir, "tools", "node_modules"}, names...)...)
}
