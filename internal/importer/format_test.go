package importer

import (
	"errors"
	"io"
	"strings"
	"testing"
)

func TestReadRefusesWhatIsNoPlainText(t *testing.T) {
	for _, test := range []struct{ name, data, what, do string }{
		{"a PDF", "%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj", "this is a PDF", "pdftotext"},
		{"a Word file", "PK\x03\x04\x14\x00\x06\x00", "a Word (DOCX)", "save it as plain text"},
		{"an old Word file", "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old Word", "save it as plain text"},
		{"RTF", `{\rtf1\ansi text}`, "RTF", "save it as plain text"},
		{"a web page", "\n<!DOCTYPE html><title>x</title>", "HTML page", "save it as plain text"},
		{"a picture", "\x89PNG\r\n\x1a\n", "picture", "text recognition"},
		{"UTF-16 with a mark", "\xff\xfeT\x00e\x00x\x00t\x00", "UTF-16", "UTF-8"},
		{"UTF-16 without a mark", "T\x00e\x00x\x00t\x00", "UTF-16", "UTF-8"},
		{"a program", "\x7fELF\x01\x02\x03\x04\x05\x06 abc", "control characters", "plain text"},
		{"zero bytes in a text", "Some text and\x00 more text of the same kind", "zero bytes", "plain text"},
		{"an empty file", "", "empty", "text recognition"},
		{"white space alone", " \n\n\t\n", "empty", "text recognition"},
		{"damaged UTF-8", "Curaçao\nand \xe9t\xe9\n", "line 2 is not valid UTF-8", "correct that line"},
		{"more than 10 MB", strings.Repeat("words and words\n", 1<<20), "larger than 10 MB", "one part at a time"},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, _, err := Read("file.txt", strings.NewReader(test.data), Options{})
			var format *FormatError
			if !errors.As(err, &format) {
				t.Fatalf("Read = %v, want a FormatError", err)
			}
			if !strings.HasPrefix(err.Error(), "file.txt: ") || !strings.Contains(format.What, test.what) || !strings.Contains(format.Do, test.do) {
				t.Errorf("Read = %v, want %q and %q", err, test.what, test.do)
			}
		})
	}
}

func TestReadConvertsLatin1AndSaysSo(t *testing.T) {
	doc, report, err := Read("f.txt", strings.NewReader("1. L'\xe9t\xe9\n\nLe \x93march\xe9\x94 est l\xe0.\n"), Options{})
	if err != nil {
		t.Fatal(err)
	}
	if got := doc.Blocks[1].Text; got != "Le “marché” est là." {
		t.Errorf("text = %q", got)
	}
	if report.Findings[3].Certainty != Guessed || !strings.Contains(report.Findings[3].Text, "Latin-1") {
		t.Errorf("findings = %v", report.Findings)
	}
}

type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

func TestReadPassesOnAnErrorOfTheDisk(t *testing.T) {
	if _, _, err := Read("f.txt", broken{}, Options{}); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("Read = %v", err)
	}
}
