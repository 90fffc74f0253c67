package attach

import (
	"archive/zip"
	"encoding/xml"
	"io"
	"strings"
)

// documentWords is the text of a document's main part, for search. A part that
// cannot be read to the end gives what was read.
func documentWords(part *zip.File) string {
	from, err := part.Open()
	if err != nil {
		return ""
	}
	defer from.Close()
	d := xml.NewDecoder(io.LimitReader(from, maxPart))
	d.Strict = false
	var text strings.Builder
	word := strings.HasPrefix(part.Name, "word/")
	inside, aside := 0, 0 // of elements that hold text, and of those that tell of it
	for text.Len() < maxText {
		token, err := d.RawToken()
		if err != nil {
			break
		}
		switch t := token.(type) {
		case xml.StartElement:
			if holds(t.Name, word) {
				inside++
			}
			if tells(t.Name) {
				aside++
			}
			if spaces(t.Name.Local) {
				text.WriteByte(' ')
			}
		case xml.EndElement:
			if holds(t.Name, word) && inside > 0 {
				inside--
			}
			if tells(t.Name) && aside > 0 {
				aside--
			}
			if t.Name.Local == "p" || t.Name.Local == "h" {
				text.WriteByte('\n')
			}
		case xml.CharData:
			if inside > 0 && aside == 0 {
				text.Write(t[:min(len(t), maxText)])
			}
		}
	}
	return text.String()
}

// holds tells the elements whose text a reader sees: what was deleted with
// changes tracked is elsewhere.
func holds(name xml.Name, word bool) bool {
	if word {
		return name.Space == "w" && name.Local == "t"
	}
	return name.Space == "text" && (name.Local == "p" || name.Local == "h")
}

// tells are the elements that name who wrote a remark, and when.
func tells(name xml.Name) bool {
	return name.Space == "dc" || name.Space == "meta" || name.Local == "annotation"
}

func spaces(local string) bool {
	switch local {
	case "tab", "br", "cr", "s", "line-break":
		return true
	}
	return false
}
