//go:build !linux

package site

import (
	"errors"
	"io/fs"
	"path/filepath"
)

// syncTree makes everything below dir durable, file by file.
func syncTree(dir string) error {
	return filepath.WalkDir(dir, func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		return syncDir(name)
	})
}

// exchange is known on Linux only.
func exchange(a, b string) error { return errors.ErrUnsupported }
