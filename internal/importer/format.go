package importer

import (
	"bytes"
	"fmt"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

// maxSize is the most that is read: a report of a thousand pages of text has
// about three megabytes.
const maxSize = 10 << 20

// FormatError says that a file cannot be read as what it was given for.
type FormatError struct {
	Name string // of the file
	What string // what it is
	Do   string // what to do
}

func (e *FormatError) Error() string {
	return fmt.Sprintf("%s: %s; %s", e.Name, e.What, e.Do)
}

// otherFormat recognises a file that is not plain text.
func otherFormat(name string, data []byte) *FormatError {
	const save = "save it as plain text (UTF-8) and import that file"
	head := bytes.ToLower(bytes.TrimSpace(data[:min(len(data), 512)]))
	for _, f := range []struct{ mark, what, do string }{
		{"%pdf-", "this is a PDF", "take its text out first, for example with: pdftotext FILE.pdf FILE.txt"},
		{"pk\x03\x04", "this is a ZIP archive, such as a Word (DOCX) or OpenDocument file", save},
		{"\xd0\xcf\x11\xe0", "this is an old Word or Excel file", save},
		{"{\\rtf", "this is an RTF file", save},
		{"<!doctype html", "this is an HTML page", save},
		{"<html", "this is an HTML page", save},
		{"<?xml", "this is an XML file", save},
		{"\x89PNG", "this is a picture (PNG)", "run text recognition on it and import the text"},
		{"\xff\xd8\xff", "this is a picture (JPEG)", "run text recognition on it and import the text"},
		{"\x1f\x8b", "this is a compressed file (gzip)", "unpack it and import the text"},
		{"\xff\xfe", "this is text in UTF-16", "save it again with the encoding UTF-8"},
		{"\xfe\xff", "this is text in UTF-16", "save it again with the encoding UTF-8"},
	} {
		if bytes.HasPrefix(head, []byte(f.mark)) || bytes.HasPrefix(data, []byte(f.mark)) {
			return &FormatError{name, f.what, f.do}
		}
	}
	if n := bytes.Count(data, []byte{0}); n > len(data)/4 {
		return &FormatError{name, "this is text in UTF-16 or UTF-32, or no text", "save it again with the encoding UTF-8"}
	} else if n > 0 {
		return &FormatError{name, "this is no text: it holds zero bytes", save}
	}
	return nil
}

// decode returns the text of a plain-text file as UTF-8.
func decode(name string, data []byte, report *Report) (string, error) {
	if len(data) > maxSize {
		return "", &FormatError{name, "the file is larger than 10 MB", "import the text only, or one part at a time"}
	}
	if err := otherFormat(name, data); err != nil {
		return "", err
	}
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	if len(bytes.TrimSpace(data)) == 0 {
		return "", &FormatError{name, "the file is empty", "check that the text was taken out of the report; a scanned report needs text recognition first"}
	}
	if n := controls(data); n > len(data)/50 {
		return "", &FormatError{name, "this is no text: it is full of control characters", "save it as plain text (UTF-8) and import that file"}
	}
	if utf8.Valid(data) {
		return string(data), nil
	}
	if line, mixed := brokenUTF8(data); mixed {
		return "", &FormatError{
			name, fmt.Sprintf("line %d is not valid UTF-8, though the rest of the file is", line),
			"correct that line, or save the file again with the encoding UTF-8",
		}
	}
	text, err := charmap.Windows1252.NewDecoder().Bytes(data)
	if err != nil {
		return "", fmt.Errorf("convert %s from Latin-1: %w", name, err)
	}
	report.add(Guessed, 0, "the file is not UTF-8; it was read as Latin-1 (Windows-1252): look at the accents")
	return string(text), nil
}

func controls(data []byte) int {
	n := 0
	for _, c := range data {
		if c < ' ' && c != '\n' && c != '\r' && c != '\t' && c != '\f' && c != '\v' {
			n++
		}
	}
	return n
}

// brokenUTF8 returns the first line with a broken sequence, and whether the
// data also has whole sequences: then it is damaged UTF-8, not Latin-1.
func brokenUTF8(data []byte) (line int, mixed bool) {
	whole := false
	for at := 0; at < len(data); {
		r, size := utf8.DecodeRune(data[at:])
		switch {
		case r == utf8.RuneError && size == 1 && line == 0:
			line = 1 + bytes.Count(data[:at], []byte("\n"))
		case size > 1:
			whole = true
		}
		at += size
	}
	return line, whole
}
