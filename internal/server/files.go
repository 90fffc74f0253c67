package server

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
)

// Files are the files of one release, as they were when it was opened.
type Files struct {
	byName map[string]*file // "practices/rrtm/index.html"
	packed atomic.Int64     // bytes of compressed variants held in memory
}

type file struct {
	disk      string // name on disk
	etag      string // from the content, without quotes
	kind      mediaKind
	size      int64
	immutable bool // its name changes with its content

	mu       sync.Mutex
	variants [encodings]variant
}

// fingerprint matches what Hugo puts into the names of assets and images.
var fingerprint = regexp.MustCompile(`[._-](?:[0-9a-f]{32,128}|hu_[0-9a-f]{16,32})\.`)

// wellKnown is the one folder with a dot that is meant for the public.
const wellKnown = ".well-known"

// frameName ends the names of the frames; a template is no page.
const frameName = "forum/frame.html"

// Open reads the folder of a release: the name, size and hash of every file
// that may be asked for. Contents stay on disk.
func Open(ctx context.Context, dir string) (*Files, error) {
	f := &Files{byName: map[string]*file{}}
	err := filepath.WalkDir(dir, func(disk string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		rel, err := filepath.Rel(dir, disk)
		if err != nil {
			return err
		}
		name := filepath.ToSlash(rel)
		if strings.HasPrefix(entry.Name(), ".") && name != "." && name != wellKnown {
			if entry.IsDir() {
				return fs.SkipDir
			}
			return nil
		}
		if !entry.Type().IsRegular() || name == frameName || strings.HasSuffix(name, "/"+frameName) {
			return nil
		}
		f.byName[name], err = describe(disk, name)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("open the site's files: %w", err)
	}
	return f, nil
}

func describe(disk, name string) (*file, error) {
	content, err := os.Open(disk)
	if err != nil {
		return nil, err
	}
	defer content.Close()
	sum := sha256.New()
	size, err := io.Copy(sum, content)
	if err != nil {
		return nil, err
	}
	return &file{
		disk: disk, size: size, kind: kindOf(name),
		etag:      base64.RawURLEncoding.EncodeToString(sum.Sum(nil)[:15]),
		immutable: fingerprint.MatchString(name),
	}, nil
}

// find returns the file that a path leads to, or the path to redirect to.
func (f *Files) find(path string) (found *file, redirect string) {
	name := strings.TrimPrefix(path, "/")
	switch {
	case name == "" || strings.HasSuffix(name, "/"):
		return f.byName[name+"index.html"], ""
	case name == "index.html" || strings.HasSuffix(name, "/index.html"):
		if f.byName[name] != nil {
			return nil, "/" + strings.TrimSuffix(name, "index.html")
		}
	case name == "404.html" || strings.HasSuffix(name, "/404.html"):
		return nil, "" // it is an answer, not a page
	}
	if found := f.byName[name]; found != nil {
		return found, ""
	}
	if f.byName[name+"/index.html"] != nil {
		return nil, "/" + name + "/"
	}
	return nil, ""
}

// notFound returns the nearest 404.html above the path, which is the one in the
// language of the path.
func (f *Files) notFound(path string) *file {
	dir := strings.TrimPrefix(path, "/")
	for {
		cut := strings.LastIndexByte(dir, '/')
		if cut < 0 {
			return f.byName["404.html"]
		}
		dir = dir[:cut]
		if found := f.byName[dir+"/404.html"]; found != nil {
			return found
		}
	}
}
