package attach

import (
	"bytes"
	"regexp"

	"cmc/internal/errs"
)

// pdfAuthor is where a PDF names its author in the open. In compressed objects
// nothing is found, which is why the form warns of it.
var pdfAuthor = regexp.MustCompile(`/Author\s*\(((?:\\.|[^\\()])*)\)|/Author\s*<([0-9A-Fa-f\s]*)>`)

// maxCreator is how long a name in a PDF's second description may be, in bytes.
const maxCreator = 2000

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
	for _, at := range pdfAuthor.FindAllSubmatchIndex(f.Data, -1) {
		for group := 2; group < len(at); group += 2 {
			if at[group] >= 0 {
				blank(f.Data[at[group]:at[group+1]])
			}
		}
	}
	blankBetween(f.Data, "<dc:creator>", "</dc:creator>")
	blankBetween(f.Data, `pdf:Author="`, `"`)
	return nil
}

// blankBetween blanks what stands between two marks.
func blankBetween(data []byte, begin, end string) {
	for {
		at := bytes.Index(data, []byte(begin))
		if at < 0 {
			return
		}
		data = data[at+len(begin):]
		if stop := bytes.Index(data[:min(len(data), maxCreator)], []byte(end)); stop >= 0 {
			blank(data[:stop])
		}
	}
}

func blank(data []byte) {
	for i := range data {
		data[i] = ' '
	}
}
