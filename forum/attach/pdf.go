package attach

import (
	"bytes"
	"regexp"

	"cmc/internal/errs"
)

// Where a PDF names its author in the open. In compressed objects nothing is
// found, which is why the form warns of it.
var (
	pdfAuthor  = regexp.MustCompile(`/Author\s*\(((?:\\.|[^\\()])*)\)|/Author\s*<([0-9A-Fa-f\s]*)>`)
	pdfCreator = regexp.MustCompile(`(?s)<dc:creator>(.{0,1000}?)</dc:creator>|pdf:Author="([^"]{0,500})"`)
)

// cleanPDF keeps a PDF as it is; where no persons are named it blanks the
// author, at the same length, since a PDF counts its bytes.
func cleanPDF(f *File, strict bool) *errs.Error {
	if !bytes.Contains(f.Data[max(0, len(f.Data)-2048):], []byte("%%EOF")) {
		return broken(f.Name)
	}
	if !strict {
		return nil
	}
	f.Data = bytes.Clone(f.Data)
	for _, pattern := range []*regexp.Regexp{pdfAuthor, pdfCreator} {
		for _, at := range pattern.FindAllSubmatchIndex(f.Data, -1) {
			for group := 2; group < len(at); group += 2 {
				if at[group] >= 0 {
					copy(f.Data[at[group]:at[group+1]], bytes.Repeat([]byte(" "), at[group+1]-at[group]))
				}
			}
		}
	}
	return nil
}
