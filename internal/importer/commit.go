package importer

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
)

// change is one file to write or to remove.
type change struct {
	path    string // relative to the site's root, with slashes
	content string
	remove  bool
}

// commit makes all changes or none. New files are written and synced beside the
// content first, then renamed into place; a failure puts back what was there.
// Killed between two renames, it leaves whole files only, and the next import
// does the rest.
func commit(dir string, changes []change) (err error) {
	if len(changes) == 0 {
		return nil
	}
	stage, err := os.MkdirTemp(dir, ".import-")
	if err != nil {
		return fmt.Errorf("make a place for the new files: %w", err)
	}
	defer func() {
		if e := os.RemoveAll(stage); err == nil && e != nil {
			err = fmt.Errorf("tidy up: %w", e)
		}
	}()
	for i, c := range changes {
		if c.remove {
			continue
		}
		if err := writeSynced(filepath.Join(stage, fmt.Sprint(i)), c.content); err != nil {
			return err
		}
	}
	var undo undoer
	for i, c := range changes {
		if err := place(dir, filepath.Join(stage, fmt.Sprint(i)), c, &undo); err != nil {
			return errors.Join(err, undo.run())
		}
	}
	return syncFolders(dir, changes)
}

func writeSynced(name, content string) error {
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return fmt.Errorf("write a new file: %w", err)
	}
	_, err = f.WriteString(content)
	if err == nil {
		err = f.Sync()
	}
	if err := errors.Join(err, f.Close()); err != nil {
		return fmt.Errorf("write a new file: %w", err)
	}
	return nil
}

// place puts one change into effect and notes how to take it back.
func place(dir, staged string, c change, undo *undoer) error {
	target := filepath.Join(dir, filepath.FromSlash(c.path))
	old, err := os.ReadFile(target)
	existed := err == nil
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("look at what is there: %w", err)
	}
	if c.remove {
		err = os.Remove(target)
	} else {
		if err := undo.mkdir(filepath.Dir(target)); err != nil {
			return err
		}
		err = os.Rename(staged, target)
	}
	if err != nil {
		return fmt.Errorf("put %s into place: %w", c.path, err)
	}
	undo.steps = append(undo.steps, func() error {
		if !existed {
			return os.Remove(target)
		}
		return os.WriteFile(target, old, 0o644)
	})
	return nil
}

// undoer takes back what was done, last first.
type undoer struct{ steps []func() error }

func (u *undoer) mkdir(folder string) error {
	err := os.Mkdir(folder, 0o755)
	switch {
	case err == nil:
		u.steps = append(u.steps, func() error { return os.Remove(folder) })
		return nil
	case errors.Is(err, fs.ErrExist):
		return nil
	case errors.Is(err, fs.ErrNotExist):
		if err := u.mkdir(filepath.Dir(folder)); err != nil {
			return err
		}
		return u.mkdir(folder)
	}
	return fmt.Errorf("make a folder: %w", err)
}

func (u *undoer) run() error {
	var all error
	for _, step := range slices.Backward(u.steps) {
		all = errors.Join(all, step())
	}
	return all
}

// syncFolders makes the renames last.
func syncFolders(dir string, changes []change) error {
	done := map[string]bool{}
	for _, c := range changes {
		folder := filepath.Dir(filepath.Join(dir, filepath.FromSlash(c.path)))
		for _, name := range []string{folder, filepath.Dir(folder)} {
			if done[name] {
				continue
			}
			done[name] = true
			f, err := os.Open(name)
			if err != nil {
				return fmt.Errorf("sync a folder: %w", err)
			}
			if err := errors.Join(f.Sync(), f.Close()); err != nil {
				return fmt.Errorf("sync a folder: %w", err)
			}
		}
	}
	return nil
}
