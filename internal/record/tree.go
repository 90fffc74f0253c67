package record

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"unicode/utf8"
)

// load reads every page and gathers what the rules need to know.
func (c *checker) load() error {
	names := map[string]string{}
	// The slash at the end lets the folder itself be a link to another disk.
	err := filepath.WalkDir(filepath.Join(c.root, "content")+string(filepath.Separator), func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(c.root, name)
		if err != nil {
			return fmt.Errorf("name a file: %w", err)
		}
		rel = filepath.ToSlash(rel)
		if d.IsDir() && strings.HasPrefix(d.Name(), ".") {
			c.add(rel, 1, "a folder whose name begins with a full stop is for the computer, not for the site; delete it, or move it out of content")
			return fs.SkipDir
		}
		c.checkName(rel, d.IsDir(), names)
		if d.IsDir() || !c.checkSort(rel, d) {
			return nil
		}
		data, err := os.ReadFile(name)
		if err != nil {
			return fmt.Errorf("read a record: %w", err)
		}
		c.parse(rel, c.checkLetters(rel, data))
		return nil
	})
	if errors.Is(err, fs.ErrNotExist) {
		return errors.New("there is no folder content; name the site's root with -C")
	}
	if err != nil {
		return err
	}
	return c.gather()
}

func (c *checker) parse(file string, data []byte) {
	p, err := Parse(file, data)
	if fault, ok := errors.AsType[*SyntaxError](err); ok {
		c.add(file, fault.Line, "%s", fault.Message)
	}
	p.broken = err != nil
	c.pages = append(c.pages, p)
}

// published are the endings of files that a record's folder may hold beside its
// texts. HTML is not among them: it would be published as it is.
var published = []string{
	".svg", ".png", ".jpg", ".jpeg", ".webp", ".avif", ".gif",
	".pdf", ".docx", ".odt", ".xlsx", ".ods", ".csv", ".txt", ".ics",
}

// checkSort tells whether a file below content is a text to be read, and reports
// one that does not belong there.
func (c *checker) checkSort(file string, d fs.DirEntry) bool {
	ending := strings.ToLower(path.Ext(file))
	waiting := strings.HasPrefix(d.Name(), ".draft.")
	switch {
	case d.Type()&fs.ModeSymlink != 0:
		c.add(file, 1, "this is a link to another place on the disk, and the site leaves it out; put a copy of the file or folder here instead")
	case strings.HasPrefix(d.Name(), ".") && !waiting:
		c.add(file, 1, "a name that begins with a full stop is for the computer, not for the site; delete the file, or move it out of content")
	case ending == ".md":
		return true
	case !slices.Contains(published, ending):
		c.add(file, 1, "a file %s does not belong in content: texts end in .md, pictures and documents in one of %s; convert it, or move it away", kindOfFile(ending), strings.Join(published, " "))
	}
	return false
}

func kindOfFile(ending string) string {
	if ending == "" {
		return "without an ending"
	}
	return "ending in " + ending
}

var byteOrderMark = []byte("\ufeff")

// checkLetters reports what is no readable text, and returns the rest.
func (c *checker) checkLetters(file string, data []byte) []byte {
	if bytes.HasPrefix(data, byteOrderMark) {
		c.add(file, 1, "the file begins with an invisible mark (a byte order mark); save it again as “UTF-8 without BOM”")
		data = data[len(byteOrderMark):]
	}
	no := 0
	for line := range bytes.Lines(data) {
		no++
		switch {
		case !utf8.Valid(line):
			c.add(file, no, "a letter cannot be read; save the file again as UTF-8 and look at the letters with accents")
			return bytes.ToValidUTF8(data, []byte("?"))
		case bytes.ContainsRune(line, utf8.RuneError):
			c.add(file, no, "the text holds the sign \ufffd: a letter was lost when it was copied; write the letter again")
			return data
		case bytes.ContainsFunc(line, unprintable):
			c.add(file, no, "the line holds a character that cannot be seen; delete the line's invisible characters, or type it again")
			return data
		}
	}
	return data
}

// unprintable tells which characters no keyboard writes: controls, and the marks
// that turn the direction of the text around them.
func unprintable(r rune) bool {
	return r < ' ' && r != '\n' && r != '\r' && r != '\t' || r == 0x7f ||
		r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 || r == 0xfeff
}
