package site

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
)

// verify looks at a built site as a reader would, before anybody does: a build
// that went through without an error can still have made nothing.
func verify(out string, result *Result) error {
	if result.Pages == 0 {
		return problem("", 0, "the build made no pages: is content empty, or all of it a draft?")
	}
	var missing []Problem
	expect := func(name, why string) {
		if info, err := os.Stat(filepath.Join(out, filepath.FromSlash(name))); err != nil || info.Size() == 0 {
			missing = append(missing, Problem{What: fmt.Sprintf("the build made no %s: %s", name, why)})
		}
	}
	for lang, home := range result.Homes {
		expect(path.Join(home, "index.html"), "the home page needs layouts/home.html")
		expect(path.Join(home, "404.html"), "the page for wrong addresses needs layouts/404.html")
		// Without a layout of its own the frame would be a copy of the home page.
		if !bytes.Contains(result.Frames[lang], []byte("[[")) {
			missing = append(missing, Problem{What: fmt.Sprintf("the build made no %s: the frame of forum and search "+
				"needs layouts/home.frame.html, the output format frame and its place in outputs.home", path.Join(home, framePath))})
		}
	}
	if len(missing) > 0 {
		return &Error{Problems: missing}
	}
	return nil
}

// frames reads the frame of each language that has one.
func frames(site string, homes map[string]string) (map[string][]byte, error) {
	found := map[string][]byte{}
	for lang, home := range homes {
		text, err := os.ReadFile(filepath.Join(site, filepath.FromSlash(path.Join(home, framePath))))
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("read the frame for %s: %w", lang, err)
		}
		found[lang] = text
	}
	return found, nil
}
