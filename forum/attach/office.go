package attach

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"strings"

	"cmc/internal/errs"
)

// Limits on what a compressed document may unfold to.
const (
	maxEntries = 5000
	maxPart    = 24 << 20 // bytes of the parts that are read
)

// sniffOffice finds the kind of a document that is a zip inside; nil for any
// other zip.
func sniffOffice(data []byte) *kind {
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil || len(z.File) == 0 || len(z.File) > maxEntries {
		return nil
	}
	has := map[string]bool{}
	for _, f := range z.File {
		has[f.Name] = true
	}
	switch {
	case has["[Content_Types].xml"] && has["word/document.xml"]:
		return &kind{typeDOCX, []string{"docx"}, cleanOffice}
	case has["[Content_Types].xml"] && has["xl/workbook.xml"]:
		return &kind{typeXLSX, []string{"xlsx"}, cleanOffice}
	case has["[Content_Types].xml"] && has["ppt/presentation.xml"]:
		return &kind{typePPTX, []string{"pptx"}, cleanOffice}
	case z.File[0].Name == "mimetype" && has["content.xml"]:
		if kind, err := unpack(z.File[0], 100); err == nil && string(kind) == typeODT {
			return &odt
		}
	}
	return nil
}

var odt = kind{typeODT, []string{"odt"}, cleanOffice}

// cleanOffice writes the document anew: its parts as they are, but for those
// that say who made it, when and where. A macro is a program.
func cleanOffice(f *File, strict bool) *errs.Error {
	z, err := zip.NewReader(bytes.NewReader(f.Data), int64(len(f.Data)))
	if err != nil {
		return broken(f.Name)
	}
	if overlap(z, len(f.Data)) {
		return broken(f.Name)
	}
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	room := int64(maxPart)
	for _, part := range z.File {
		if runs(part.Name) {
			return errs.New(errs.Invalid, "forum_error_file_macro", "Name", f.Name).On(field)
		}
		if err := copyPart(w, part, strict, &room); err != nil {
			return broken(f.Name)
		}
		if text := part.Name; text == "word/document.xml" || text == "content.xml" && f.Type == typeODT {
			f.Text = bounded(documentWords(part))
		}
	}
	if err := w.Close(); err != nil {
		return broken(f.Name)
	}
	f.Data = out.Bytes()
	return nil
}

// runs reports a part that a program would execute.
func runs(part string) bool {
	part = strings.ToLower(part)
	return strings.HasSuffix(part, "vbaproject.bin") || strings.HasSuffix(part, ".exe") ||
		strings.Contains(part, "/activex/") || strings.HasPrefix(part, "basic/") || strings.HasPrefix(part, "scripts/")
}

// overlap reports parts that share their bytes: a small file would become a
// boundless one when it is copied part by part.
func overlap(z *zip.Reader, size int) bool {
	var sum uint64
	for _, part := range z.File {
		if sum += part.CompressedSize64; part.CompressedSize64 > uint64(size) || sum > uint64(size) { //nolint:gosec // a length
			return true
		}
	}
	return false
}

// copyPart copies a part, without the names in it. room is how much may still be
// unpacked.
func copyPart(w *zip.Writer, part *zip.File, strict bool, room *int64) error {
	if text, ok := anonymous(part.Name); ok {
		return write(w, part, []byte(text))
	}
	names := nameless(part.Name)
	if !strict || names == nil {
		return w.Copy(part)
	}
	text, err := unpack(part, *room)
	if err != nil {
		return err
	}
	*room -= int64(len(text))
	return write(w, part, names(text))
}

func write(w *zip.Writer, part *zip.File, text []byte) error {
	to, err := w.CreateHeader(&zip.FileHeader{Name: part.Name, Method: zip.Deflate})
	if err != nil {
		return err
	}
	_, err = to.Write(text)
	return err
}

// unpack reads a part that unfolds to at most limit bytes.
func unpack(part *zip.File, limit int64) ([]byte, error) {
	from, err := part.Open()
	if err != nil {
		return nil, fmt.Errorf("open the part %q: %w", part.Name, err)
	}
	defer from.Close()
	text, err := io.ReadAll(io.LimitReader(from, limit+1))
	if err != nil {
		return nil, fmt.Errorf("unpack the part %q: %w", part.Name, err)
	}
	if int64(len(text)) > limit {
		return nil, fmt.Errorf("unpack the part %q: more than %d bytes", part.Name, limit)
	}
	return text, nil
}
