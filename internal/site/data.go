package site

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/gohugoio/hugo/common/herrors"
	"github.com/gohugoio/hugo/parser/metadecoders"
)

// checkData decodes every file of the data folder. Hugo reads them only when a
// template asks, so that a broken one would go unnoticed until then.
func checkData(root string) error {
	var found []Problem
	err := filepath.WalkDir(filepath.Join(root, "data"), func(name string, entry fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) {
			return fs.SkipAll
		}
		if err != nil || entry.IsDir() {
			return err
		}
		format := metadecoders.FormatFromString(name)
		if format == "" {
			return nil
		}
		text, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		if _, err := metadecoders.Default.Unmarshal(text, format); err != nil {
			found = append(found, fromError(herrors.NewFileErrorFromName(err, name), root))
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("read data: %w", err)
	}
	if len(found) > 0 {
		return &Error{Problems: found}
	}
	return nil
}
