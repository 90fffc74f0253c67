package testkit

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// Require skips the test, and says why, when the machine lacks what is named:
// "chromium" (the browser), "axe" (the accessibility rules), "html-validate" or
// "nu" (the rules of markup). `npm ci --prefix tools` brings all but the first;
// the last needs Java, too. With CMC_TEST_REQUIRE=all, or with the name in that
// list, a lack is a failure.
func Require(t testing.TB, what string) {
	t.Helper()
	var err error
	switch what {
	case "chromium":
		_, err = chromium()
	case "axe":
		_, err = os.Stat(axeFile())
	case "html-validate":
		_, err = os.Stat(validator())
	case "nu":
		if _, err = exec.LookPath("java"); err == nil {
			_, err = os.Stat(nuFile())
		}
	default:
		t.Fatalf("testkit.Require knows nothing of %q", what)
	}
	if err != nil {
		Missing(t, what, err.Error())
	}
}

// Missing ends the test because the machine lacks what is named: skipped, or
// failed when CMC_TEST_REQUIRE names it or says "all".
func Missing(t testing.TB, what, reason string) {
	t.Helper()
	required := strings.Split(os.Getenv("CMC_TEST_REQUIRE"), ",")
	if slices.Contains(required, "all") || slices.Contains(required, what) {
		t.Fatalf("%s is required here (CMC_TEST_REQUIRE) and missing: %s", what, reason)
	}
	t.Skipf("no %s: %s", what, reason)
}

// chromium finds the browser: CMC_TEST_CHROMIUM, or a known name on the PATH.
func chromium() (string, error) {
	if path := os.Getenv("CMC_TEST_CHROMIUM"); path != "" {
		return exec.LookPath(path)
	}
	names := []string{"chromium", "chromium-browser", "google-chrome"}
	for _, name := range names {
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	return "", fmt.Errorf("none of %s is on the PATH", strings.Join(names, ", "))
}

// Root is the folder of go.mod. Tests run in their package's folder, so it is
// found by walking up.
func Root(t testing.TB) string {
	t.Helper()
	root, err := root()
	if err != nil {
		t.Fatal(err)
	}
	return root
}

func root() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir, nil
		}
		up := filepath.Dir(dir)
		if up == dir {
			return "", fmt.Errorf("no go.mod above %s", dir)
		}
		dir = up
	}
}
