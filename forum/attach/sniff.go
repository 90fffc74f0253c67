package attach

import (
	"bytes"
	"slices"
	"strings"
	"unicode/utf8"

	"cmc/internal/errs"
)

const (
	typePDF  = "application/pdf"
	typePNG  = "image/png"
	typeJPEG = "image/jpeg"
	typeGIF  = "image/gif"
	typeWebP = "image/webp"
	typeDOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
	typeXLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	typePPTX = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
	typeODT  = "application/vnd.oasis.opendocument.text"
	typeText = "text/plain"
	typeCSV  = "text/csv"
)

// kind is one entry of the list of what may be attached.
type kind struct {
	name    string   // its media type
	endings []string // the first is the usual one
	clean   func(f *File, strict bool) *errs.Error
}

// called reports whether a name has an ending of the kind.
func (k kind) called(name string) bool {
	return slices.Contains(k.endings, name[strings.LastIndexByte(name, '.')+1:])
}

// Endings lists what may be attached, for a form's file field.
func Endings() []string {
	return []string{".pdf", ".png", ".jpg", ".jpeg", ".webp", ".gif", ".docx", ".xlsx", ".pptx", ".odt", ".txt", ".csv"}
}

// sniff finds a file's kind by its first bytes; for texts, which have no mark
// of their own, by all of them and by the name. It is nil for everything else.
func sniff(data []byte, name string) *kind {
	switch {
	case bytes.HasPrefix(data, []byte("%PDF-")):
		return &kind{typePDF, []string{"pdf"}, cleanPDF}
	case bytes.HasPrefix(data, []byte(pngMark)):
		return &kind{typePNG, []string{"png"}, cleanPNG}
	case bytes.HasPrefix(data, []byte("\xff\xd8\xff")):
		return &kind{typeJPEG, []string{"jpg", "jpeg", "jpe", "jfif"}, cleanJPEG}
	case bytes.HasPrefix(data, []byte("GIF87a")), bytes.HasPrefix(data, []byte("GIF89a")):
		return &kind{typeGIF, []string{"gif"}, cleanGIF}
	case len(data) > 12 && string(data[:4]) == "RIFF" && string(data[8:12]) == "WEBP":
		return &kind{typeWebP, []string{"webp"}, cleanWebP}
	case bytes.HasPrefix(data, []byte("PK\x03\x04")):
		return sniffOffice(data)
	case !plainText(data):
		return nil
	case strings.HasSuffix(name, ".csv"):
		return &kind{typeCSV, []string{"csv"}, cleanText}
	default:
		return &kind{typeText, []string{"txt"}, cleanText}
	}
}

// plainText reports a file that is text in UTF-8, or in one of the older
// encodings of Western Europe that spreadsheets still write: no control
// characters, and nothing that reads as a page or a script in some program.
func plainText(data []byte) bool {
	for _, c := range data {
		if c < 0x20 && c != '\n' && c != '\r' && c != '\t' && c != '\f' || c == 0x7f {
			return false
		}
	}
	start := bytes.TrimLeft(bytes.TrimPrefix(data, []byte(bom)), " \t\r\n\f")
	start = bytes.ToLower(start[:min(len(start), 16)])
	for _, mark := range []string{"<!doctype", "<html", "<script", "<?xml", "<svg", "<?php", "#!", "{\\rtf"} {
		if bytes.HasPrefix(start, []byte(mark)) {
			return false
		}
	}
	return true
}

const bom = "\ufeff"

// cleanText keeps a text as it is and reads it for search.
func cleanText(f *File, _ bool) *errs.Error {
	text := bytes.TrimPrefix(f.Data, []byte(bom))
	f.Text = bounded(toUTF8(text[:min(len(text), maxText)]))
	return nil
}

// toUTF8 reads text that is not UTF-8 as Latin-1, in which every byte is a
// letter. A cut in the middle of a letter does not make it so.
func toUTF8(data []byte) string {
	for cut := range min(utf8.UTFMax, len(data)) {
		if utf8.Valid(data[:len(data)-cut]) {
			return string(data[:len(data)-cut])
		}
	}
	var b strings.Builder
	for _, c := range data {
		b.WriteRune(rune(c))
	}
	return b.String()
}

// bounded brings text for search into one line of at most maxText bytes.
func bounded(s string) string {
	s = strings.Join(strings.Fields(strings.ToValidUTF8(strings.ReplaceAll(s, "\x00", " "), " ")), " ")
	if len(s) <= maxText {
		return s
	}
	return strings.ToValidUTF8(s[:maxText], "")
}
