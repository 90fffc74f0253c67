package search

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
)

// format changes whenever an index of the previous program must be rebuilt:
// other fields, other analysis, other catalogue.
const format = 6

const manifestFile = "manifest.json"

// manifest lists every file of a finished index with its SHA-256 sum.
type manifest struct {
	Format int               `json:"format"`
	Files  map[string]string `json:"files"`
}

// writeManifest seals dir. Every file is on the disk before the manifest is.
func writeManifest(dir string) error {
	files, err := sums(dir, true)
	if err != nil {
		return fmt.Errorf("sum index files: %w", err)
	}
	raw, err := json.MarshalIndent(manifest{format, files}, "", " ")
	if err != nil {
		return fmt.Errorf("encode manifest: %w", err)
	}
	if err := writeSynced(filepath.Join(dir, manifestFile), raw); err != nil {
		return fmt.Errorf("write manifest: %w", err)
	}
	return syncPath(dir)
}

// Verify compares every byte of the index in dir with its manifest.
func Verify(dir string) error {
	raw, err := os.ReadFile(filepath.Join(dir, manifestFile))
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%w: %s has no manifest", ErrDamaged, dir)
	}
	if err != nil {
		return fmt.Errorf("read manifest: %w", err)
	}
	var m manifest
	if err := json.Unmarshal(raw, &m); err != nil {
		return fmt.Errorf("%w: manifest: %w", ErrDamaged, err)
	}
	if m.Format != format {
		return fmt.Errorf("%w: it has format %d, this program reads %d", ErrDamaged, m.Format, format)
	}
	found, err := sums(dir, false)
	if err != nil {
		return fmt.Errorf("sum index files: %w", err)
	}
	for name, sum := range m.Files {
		if found[name] != sum {
			return fmt.Errorf("%w: %s has changed", ErrDamaged, name)
		}
	}
	if len(found) != len(m.Files) {
		return fmt.Errorf("%w: it holds files that are not its own", ErrDamaged)
	}
	return nil
}

// sums returns the SHA-256 sum of every file under dir but the manifest, and
// brings the files and their folders to the disk when asked.
func sums(dir string, sync bool) (map[string]string, error) {
	files := map[string]string{}
	folders := []string{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			folders = append(folders, path)
			return nil
		}
		name, err := filepath.Rel(dir, path)
		if err != nil || name == manifestFile {
			return err
		}
		sum, err := sumFile(path, sync)
		files[filepath.ToSlash(name)] = sum
		return err
	})
	if err != nil || !sync {
		return files, err
	}
	for _, folder := range slices.Backward(folders) {
		if err := syncPath(folder); err != nil {
			return nil, err
		}
	}
	return files, nil
}

func sumFile(path string, sync bool) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return "", err
	}
	if sync {
		if err := f.Sync(); err != nil {
			return "", err
		}
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

func writeSynced(path string, data []byte) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o640)
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	return errors.Join(err, f.Sync(), f.Close())
}

func syncPath(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}
