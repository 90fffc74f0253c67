// Package attach judges and cleans the files that members attach to posts.
//
// It promises that what it accepts is of a kind on its short list, by its
// content and not by its name; that a picture has lost what a camera wrote into
// it (place, time, owner, a preview of the uncut picture) without being encoded
// anew; that a document has lost the names of its writers; and that nothing a
// file contains makes it use more than a fixed amount of memory. It refuses
// programs, macros, names that pretend, and what it cannot read to the end.
package attach

import (
	"crypto/sha256"
	"encoding/hex"

	"cmc/internal/errs"
)

// Limits on what is attached.
const (
	MaxSize   = 10 << 20 // bytes of a file
	MaxFiles  = 5        // of a post
	MaxName   = 120      // runes of a name
	maxPixels = 100 << 20
	maxText   = 64 << 10 // bytes of what search reads of a file
)

// field is where a form shows what is wrong with a file.
const field = "files"

// File is an attachment as it is kept.
type File struct {
	Name   string // clean, with the ending of its kind
	Type   string // as sniffed
	Data   []byte
	SHA256 string
	Width  int // of a picture, else 0
	Height int
	Text   string // what search may read of it
}

// Picture reports whether a file of a type can be shown in a page.
func Picture(contentType string) bool {
	switch contentType {
	case typePNG, typeJPEG, typeGIF, typeWebP:
		return true
	}
	return false
}

// Accept judges a file by its content and returns it clean. Where the room
// names no persons, strict also takes out who wrote comments and changes.
func Accept(name string, data []byte, strict bool) (File, error) {
	name, fault := cleanName(name)
	if fault != nil {
		return File{}, fault
	}
	switch {
	case len(data) == 0:
		return File{}, errs.New(errs.Invalid, "forum_error_file_empty", "Name", name).On(field)
	case len(data) > MaxSize:
		return File{}, TooLarge(name)
	}
	kind := sniff(data, name)
	if kind == nil {
		return File{}, errs.New(errs.Invalid, "forum_error_file_type", "Name", name).On(field)
	}
	if !kind.called(name) {
		return File{}, errs.New(errs.Invalid, "forum_error_file_ending", "Name", name, "Ending", kind.endings[0]).On(field)
	}
	f := File{Name: name, Type: kind.name, Data: data}
	if fault := kind.clean(&f, strict); fault != nil {
		return File{}, fault
	}
	if f.Width*f.Height > maxPixels {
		return File{}, errs.New(errs.TooLarge, "forum_error_file_pixels", "Name", name).On(field)
	}
	sum := sha256.Sum256(f.Data)
	f.SHA256 = hex.EncodeToString(sum[:])
	return f, nil
}

// TooLarge is the fault of a file above MaxSize, for those who need not read it
// to the end to know.
func TooLarge(name string) *errs.Error {
	return errs.New(errs.TooLarge, "forum_error_file_large", "Name", name, "Limit", MaxSize>>20).On(field)
}

func broken(name string) *errs.Error {
	return errs.New(errs.Invalid, "forum_error_file_broken", "Name", name).On(field)
}
