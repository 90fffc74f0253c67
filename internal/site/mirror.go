package site

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// Mirror makes out a copy of a finished site, such as Release.Site, for another
// web server or a static host. Root is the site's own root, which out must not
// hold; cache is for a lock.
//
// The copy is made beside out and then put in its place. On Linux the two
// folders are exchanged in one step, so that a reader finds either the old site
// or the new one. Where the system or the file system cannot do that, two
// renames are needed, and for the moment between them out does not exist. A copy
// that fails or is killed leaves out byte for byte; what a killed one left beside
// it, named .public.cmc-…, the next one removes.
//
// Mirror refuses to take the place of a folder that does not look like a built
// site.
func Mirror(ctx context.Context, site, out, root, cache string) error {
	out, err := outFolder(out, root)
	if err != nil {
		return err
	}
	guard, err := lockOut(ctx, cache, out)
	if err != nil {
		return fmt.Errorf("prepare %s: %w", out, err)
	}
	defer guard.release()
	beside, err := makeBeside(out)
	if err != nil {
		return fmt.Errorf("prepare %s: %w", out, err)
	}
	err = copySite(ctx, site, beside, out)
	if err == nil {
		err = syncTree(beside)
	}
	if err == nil {
		if err = putInPlace(beside, out); err == nil {
			pause(ctx, mirrorGrace)
		}
	}
	// What stands beside is now the old site or, after an error, half a copy.
	if err := errors.Join(err, os.RemoveAll(beside)); err != nil {
		return fmt.Errorf("publish to %s: %w", out, err)
	}
	return nil
}

// mirrorGrace is for readers who have entered the old folder but not yet opened
// their file.
const mirrorGrace = 200 * time.Millisecond

func pause(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}

// copySite copies files; links would tie the copy to a release that goes away.
// What old holds already, byte for byte, is linked to from there: most pages of
// a site are the same after a change, and to write and remove them takes longer
// than to read them.
func copySite(ctx context.Context, site, target, old string) error {
	return filepath.WalkDir(site, func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		rel, err := filepath.Rel(site, name)
		if err != nil {
			return err
		}
		if entry.IsDir() {
			return os.MkdirAll(filepath.Join(target, rel), 0o755)
		}
		text, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		if same(filepath.Join(old, rel), text) && os.Link(filepath.Join(old, rel), filepath.Join(target, rel)) == nil {
			return nil
		}
		return os.WriteFile(filepath.Join(target, rel), text, 0o644)
	})
}

// same tells whether a file is one of ours that holds text.
func same(name string, text []byte) bool {
	info, err := os.Lstat(name)
	if err != nil || info.Mode() != 0o644 || info.Size() != int64(len(text)) {
		return false
	}
	held, err := os.ReadFile(name)
	return err == nil && bytes.Equal(held, text)
}

// outFolder returns the real path of out, having made sure that replacing it
// destroys nothing but an earlier build.
func outFolder(out, root string) (string, error) {
	out, err := filepath.Abs(out)
	if err != nil {
		return "", err
	}
	if real, err := filepath.EvalSymlinks(out); err == nil {
		out = real
	}
	if root, err = filepath.Abs(root); err != nil {
		return "", err
	}
	if real, err := filepath.EvalSymlinks(root); err == nil {
		root = real
	}
	if rel, err := filepath.Rel(out, root); err == nil && filepath.IsLocal(rel) {
		return "", fmt.Errorf("%s holds the site's own sources: choose another output folder", out)
	}
	entries, err := os.ReadDir(out)
	if errors.Is(err, fs.ErrNotExist) {
		return out, nil
	}
	if err != nil {
		return "", fmt.Errorf("look into the output folder: %w", err)
	}
	for _, entry := range entries {
		switch entry.Name() {
		case ".git", configFile, "content":
			return "", fmt.Errorf("%s holds %s and would be replaced as a whole: choose another output folder", out, entry.Name())
		}
	}
	if len(entries) == 0 {
		return out, nil
	}
	// A home page alone may be anybody's; the frame is only ours.
	for _, sign := range []string{"index.html", framePath} {
		if _, err := os.Stat(filepath.Join(out, filepath.FromSlash(sign))); err != nil {
			return "", fmt.Errorf("%s is not empty and holds no %s, so it is no earlier build: empty it or choose another output folder", out, sign)
		}
	}
	return out, nil
}

// lockOut keeps two builds into one folder from removing each other's work.
func lockOut(ctx context.Context, cache, out string) (*lock, error) {
	if err := os.MkdirAll(cache, 0o755); err != nil {
		return nil, err
	}
	sum := fnv.New64a()
	sum.Write([]byte(out))
	return waitLock(ctx, filepath.Join(cache, fmt.Sprintf("out-%x.lock", sum.Sum64())))
}

// makeBeside makes an empty folder in the same file system as out, and removes
// those that killed builds left.
func makeBeside(out string) (string, error) {
	parent, prefix := filepath.Dir(out), "."+filepath.Base(out)+".cmc-"
	if err := os.MkdirAll(parent, 0o755); err != nil {
		return "", err
	}
	entries, err := os.ReadDir(parent)
	if err != nil {
		return "", err
	}
	for _, entry := range entries {
		if entry.IsDir() && strings.HasPrefix(entry.Name(), prefix) {
			if err := os.RemoveAll(filepath.Join(parent, entry.Name())); err != nil {
				return "", err
			}
		}
	}
	beside, err := os.MkdirTemp(parent, prefix)
	if err != nil {
		return "", err
	}
	return beside, os.Chmod(beside, 0o755) // MkdirTemp's is for its owner only
}

// putInPlace makes beside the folder out; afterwards beside is the old one, or
// gone.
func putInPlace(beside, out string) error {
	err := exchange(beside, out)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		err = os.Rename(beside, out)
	case errors.Is(err, errors.ErrUnsupported):
		err = renameTwice(beside, out)
	}
	if err != nil {
		return fmt.Errorf("put the new site in place: %w", err)
	}
	return syncDir(filepath.Dir(out))
}

// renameTwice is putInPlace for systems that cannot exchange folders.
func renameTwice(beside, out string) error {
	old := beside + ".old"
	err := os.Rename(out, old)
	if errors.Is(err, fs.ErrNotExist) {
		return os.Rename(beside, out)
	}
	if err != nil {
		return err
	}
	if err := os.Rename(beside, out); err != nil {
		return errors.Join(err, os.Rename(old, out))
	}
	return os.Rename(old, beside)
}
