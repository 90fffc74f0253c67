package attach

import (
	"archive/zip"
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"
	"strings"
	"testing"

	"cmc/internal/errs"
)

// secret stands for what a camera or an office program writes into a file.
const secret = "Ana Joseph, 13.9094 N 60.9789 W"

func picture() image.Image {
	m := image.NewPaletted(image.Rect(0, 0, 40, 30), color.Palette{color.Black, color.White, color.RGBA{200, 20, 20, 255}})
	for i := range m.Pix {
		m.Pix[i] = byte(i % 3)
	}
	return m
}

func encoded(t testing.TB, encode func(io.Writer) error) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := encode(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func chunk(name, body string) []byte {
	b := binary.BigEndian.AppendUint32(nil, uint32(len(body)))
	b = append(append(b, name...), body...)
	return binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE([]byte(name+body)))
}

func aPNG(t testing.TB) []byte {
	t.Helper()
	data := encoded(t, func(w io.Writer) error { return png.Encode(w, picture()) })
	at := len(pngMark) + 25 // after IHDR
	said := append(chunk("tEXt", "Author\x00"+secret), chunk("eXIf", "II*\x00"+secret)...)
	return append(append(append(bytes.Clone(data[:at]), said...), data[at:]...), secret...)
}

func segment(marker byte, body string) []byte {
	return append(binary.BigEndian.AppendUint16([]byte{0xff, marker}, uint16(len(body)+2)), body...)
}

func aJPEG(t testing.TB, orientation byte) []byte {
	t.Helper()
	data := encoded(t, func(w io.Writer) error { return jpeg.Encode(w, picture(), nil) })
	tiff := "MM\x00*\x00\x00\x00\x08\x00\x02\x01\x0f\x00\x02\x00\x00\x00\x04Ana\x00\x01\x12\x00\x03\x00\x00\x00\x01\x00" +
		string(orientation) + "\x00\x00\x00\x00\x00\x00" + secret
	said := append(segment(0xe1, "Exif\x00\x00"+tiff), segment(0xe1, "http://ns.adobe.com/xap/1.0/\x00"+secret)...)
	said = append(append(said, segment(0xed, secret)...), segment(jpegCOM, secret)...)
	return append(append(append([]byte{0xff, jpegSOI}, said...), data[2:]...), "\xff\xd8\xff\xe1"+secret...)
}

func aGIF(t testing.TB) []byte {
	t.Helper()
	data := encoded(t, func(w io.Writer) error { return gif.Encode(w, picture(), nil) })
	said := append([]byte{0x21, 0xfe, byte(len(secret))}, secret+"\x00"...)
	return append(append(bytes.Clone(data[:len(data)-1]), said...), 0x3b)
}

func aWebP(t testing.TB) []byte {
	t.Helper()
	data, err := base64.StdEncoding.DecodeString("UklGRiQAAABXRUJQVlA4IBgAAAAwAQCdASoBAAEAAwA0JaQAA3AA/vuUAAA=")
	if err != nil {
		t.Fatal(err)
	}
	said := secret + strings.Repeat(" ", len(secret)%2)
	data = append(data, "EXIF"...)
	data = append(binary.LittleEndian.AppendUint32(data, uint32(len(said))), said...)
	binary.LittleEndian.PutUint32(data[4:], uint32(len(data)-8))
	return data
}

// aZip is a zip of name, text pairs.
func aZip(t testing.TB, pairs ...string) []byte {
	t.Helper()
	return encoded(t, func(w io.Writer) error {
		z := zip.NewWriter(w)
		for i := 0; i+1 < len(pairs); i += 2 {
			method := zip.Deflate
			if pairs[i] == "mimetype" {
				method = zip.Store
			}
			part, err := z.CreateHeader(&zip.FileHeader{Name: pairs[i], Method: method})
			if err != nil {
				return err
			}
			if _, err := io.WriteString(part, pairs[i+1]); err != nil {
				return err
			}
		}
		return z.Close()
	})
}

func aDOCX(t testing.TB, more ...string) []byte {
	t.Helper()
	return aZip(t, append([]string{
		"[Content_Types].xml", "<Types/>",
		"docProps/core.xml", "<dc:creator>" + secret + "</dc:creator>",
		"word/document.xml", `<w:p><w:r><w:t>Transit</w:t></w:r><w:ins w:author="` + secret + `"><w:t> visas</w:t></w:ins><w:delText>gone</w:delText></w:p><w:p><w:t>asked</w:t></w:p>`,
	}, more...)...)
}

func aODT(t testing.TB) []byte {
	t.Helper()
	return aZip(t, "mimetype", typeODT, "meta.xml", secret,
		"content.xml", `<text:p>Transit<text:s/>visas <dc:creator>`+secret+`</dc:creator></text:p><text:h>asked</text:h>`)
}

const pdf = "%PDF-1.4\n1 0 obj <</Author (" + secret + ") /Title (x)>> endobj\n<dc:creator>" + secret + "</dc:creator>\n%%EOF\n"

func TestWhatIsAccepted(t *testing.T) {
	for _, test := range []struct {
		name, file string
		data       []byte
		kind       string
		size       [2]int
		text       string
	}{
		{"a PNG", "Chart.PNG", aPNG(t), typePNG, [2]int{40, 30}, ""},
		{"a JPEG", "photo.jpeg", aJPEG(t, 1), typeJPEG, [2]int{40, 30}, ""},
		{"a JPEG that lies on its side", "photo.jpg", aJPEG(t, 6), typeJPEG, [2]int{30, 40}, ""},
		{"a GIF", "a.gif", aGIF(t), typeGIF, [2]int{40, 30}, ""},
		{"a WebP", "a.webp", aWebP(t), typeWebP, [2]int{1, 1}, ""},
		{"a PDF", "a.pdf", []byte(pdf), typePDF, [2]int{}, ""},
		{"a Word document", "a.docx", aDOCX(t), typeDOCX, [2]int{}, "Transit visas asked"},
		{"a table", "a.xlsx", aZip(t, "[Content_Types].xml", "", "xl/workbook.xml", "", "docProps/app.xml", secret), typeXLSX, [2]int{}, ""},
		{"slides", "a.pptx", aZip(t, "[Content_Types].xml", "", "ppt/presentation.xml", ""), typePPTX, [2]int{}, ""},
		{"an open document", "a.odt", aODT(t), typeODT, [2]int{}, "Transit visas asked"},
		{"a text", "a.txt", []byte("Wé\tare\r\nhere"), typeText, [2]int{}, "Wé are here"},
		{"a table in an old encoding", "a.csv", []byte("Pa\xeds;2\n"), typeCSV, [2]int{}, "País;2"},
	} {
		t.Run(test.name, func(t *testing.T) {
			f, err := Accept(test.file, test.data, true)
			if err != nil {
				t.Fatalf("Accept(%s) = %v", test.file, err)
			}
			if f.Type != test.kind || f.Width != test.size[0] || f.Height != test.size[1] || f.Text != test.text {
				t.Errorf("Accept(%s) = %s, %d×%d, %q", test.file, f.Type, f.Width, f.Height, f.Text)
			}
			if told := unfolded(t, f); strings.Contains(told, "Joseph") || strings.Contains(told, "13.9094") {
				t.Errorf("%s still tells whose it is", test.file)
			}
			again, err := Accept(f.Name, f.Data, true)
			if err != nil || again.Width != f.Width || again.Text != f.Text {
				t.Errorf("what was accepted is not accepted again: %v", err)
			}
		})
	}
}

// unfolded is everything that a file holds, unpacked.
func unfolded(t *testing.T, f File) string {
	t.Helper()
	told := string(f.Data)
	if z, err := zip.NewReader(bytes.NewReader(f.Data), int64(len(f.Data))); err == nil {
		for _, part := range z.File {
			text, err := unpack(part, maxPart)
			if err != nil {
				t.Fatal(err)
			}
			told += string(text)
		}
	}
	return told
}

func TestACleanPictureShowsTheSame(t *testing.T) {
	for name, data := range map[string][]byte{"a.png": aPNG(t), "a.jpg": aJPEG(t, 3), "a.gif": aGIF(t)} {
		f, err := Accept(name, data, false)
		if err != nil {
			t.Fatal(err)
		}
		want, _, err := image.Decode(bytes.NewReader(data))
		if err != nil {
			t.Fatal(err)
		}
		got, _, err := image.Decode(bytes.NewReader(f.Data))
		if err != nil {
			t.Fatalf("the clean %s is not readable: %v", name, err)
		}
		for y := range 30 {
			for x := range 40 {
				if got.At(x, y) != want.At(x, y) {
					t.Fatalf("%s differs at %d, %d", name, x, y)
				}
			}
		}
	}
	f, err := Accept("a.jpg", aJPEG(t, 6), false)
	if err != nil || orientation(f.Data[12:]) != 6 {
		t.Errorf("the clean JPEG has lost which way is up: %v", err)
	}
}

func TestWhatIsRefused(t *testing.T) {
	for _, test := range []struct {
		name, file, data string
		key              string
	}{
		{"nothing", "a.txt", "", "forum_error_file_empty"},
		{"too much", "a.txt", strings.Repeat("a", MaxSize+1), "forum_error_file_large"},
		{"a program", "a.pdf", "MZ\x90\x00\x03", "forum_error_file_type"},
		{"a page", "a.txt", " <!DOCTYPE html><script>", "forum_error_file_type"},
		{"a drawing with scripts", "a.png", "<svg onload=alert(1)>", "forum_error_file_type"},
		{"a picture that says it is a report", "a.pdf", string(aPNG(t)), "forum_error_file_ending"},
		{"a name without an ending", "report", "text", "forum_error_file_name"},
		{"a report that ends as a program", "report.pdf.exe", pdf, "forum_error_file_ending"},
		{"a zip", "a.zip", string(aZip(t, "a.txt", "a")), "forum_error_file_type"},
		{"a document with a macro", "a.docx", string(aDOCX(t, "word/vbaProject.bin", "x")), "forum_error_file_macro"},
		{"half a picture", "a.png", string(aPNG(t)[:60]), "forum_error_file_broken"},
		{"a picture of a billion points", "a.gif", "GIF89a\xff\xff\xff\xff\x00\x00\x00\x2c\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x01\x00\x00;", "forum_error_file_pixels"},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := Accept(test.file, []byte(test.data), false)
			var e *errs.Error
			if e, _ = err.(*errs.Error); e == nil || e.Key != test.key || e.Field != field { //nolint:errorlint // the very error is meant
				t.Errorf("Accept(%s) = %v, want %s", test.file, err, test.key)
			}
		})
	}
}

func TestNamesSayWhatTheyAre(t *testing.T) {
	for in, want := range map[string]string{
		`C:\Users\ana\Report 2.pdf`:       "Report 2.pdf",
		"../../etc/passwd.txt":            "passwd.txt",
		"annex\u202efdp.exe.pdf":          "annexfdp_exe.pdf",
		"Informe\u200b  n.º 3\n.PDF":      "Informe n.º 3.pdf",
		"v1.2 draft.docx":                 "v1.2 draft.docx",
		"con.txt":                         "_con.txt",
		`a:b*c?"<d>|.csv`:                 "a_b_c___d__.csv",
		strings.Repeat("é", 300) + ".odt": strings.Repeat("é", MaxName-4) + ".odt",
		"invoice.js.html.pdf":             "invoice_js_html.pdf",
		"\U000e0041hidden.txt":            "hidden.txt",
	} {
		if got, fault := cleanName(in); fault != nil || got != want {
			t.Errorf("cleanName(%q) = %q, %v, want %q", in, got, fault, want)
		}
	}
}

func TestADocumentThatUnfoldsWithoutEndIsBounded(t *testing.T) {
	bomb := aZip(t, "[Content_Types].xml", "", "word/document.xml", strings.Repeat("<w:t>zero</w:t>", 4<<20))
	if len(bomb) > MaxSize {
		t.Fatalf("the bomb has %d bytes and would not be read at all", len(bomb))
	}
	if _, err := Accept("a.docx", bomb, true); errs.KindOf(err) != errs.Invalid {
		t.Errorf("Accept of a document of 60 MB in %d KB = %v, want it refused where it must be read whole", len(bomb)>>10, err)
	}
	if f, err := Accept("a.docx", bomb, false); err != nil || len(f.Text) > maxText {
		t.Errorf("Accept elsewhere = %d bytes of text, %v", len(f.Text), err)
	}
}

func TestADocumentWhosePartsShareTheirBytesIsRefused(t *testing.T) {
	noise := make([]byte, 20_000)
	for i := range noise {
		noise[i] = byte(i * i >> 3)
	}
	honest := aDOCX(t, "word/media/noise.bin", string(noise))
	end := bytes.LastIndex(honest, []byte("PK\x05\x06"))
	from := int(binary.LittleEndian.Uint32(honest[end+16:]))
	entries, tail := honest[from:end], bytes.Clone(honest[end:])
	const times = 1000
	n := binary.LittleEndian.Uint16(tail[8:]) * times
	binary.LittleEndian.PutUint16(tail[8:], n)
	binary.LittleEndian.PutUint16(tail[10:], n)
	binary.LittleEndian.PutUint32(tail[12:], uint32(len(entries)*times))
	shared := append(append(bytes.Clone(honest[:from]), bytes.Repeat(entries, times)...), tail...)
	if sniffOffice(shared) == nil {
		t.Fatal("the file is not read as a document at all, so this proves nothing")
	}
	if _, err := Accept("a.docx", shared, false); errs.KindOf(err) != errs.Invalid {
		t.Errorf("Accept of %d KB that say they are %d MB = %v, want it refused", len(shared)>>10, times*len(noise)>>20, err)
	}
	if _, err := Accept("a.docx", honest, false); err != nil {
		t.Errorf("Accept of the same parts once = %v", err)
	}
}

func FuzzAccept(f *testing.F) {
	for name, data := range map[string][]byte{
		"a.png": aPNG(f), "a.jpg": aJPEG(f, 6), "a.gif": aGIF(f), "a.webp": aWebP(f),
		"a.docx": aDOCX(f), "a.odt": aODT(f), "a.pdf": []byte(pdf), "a.txt": []byte("text"),
	} {
		f.Add(name, data)
	}
	f.Fuzz(func(t *testing.T, name string, data []byte) {
		if kind := sniff(data, name); kind != nil && !kind.called(name) {
			name = "a." + kind.endings[0] // or most would be refused for their names
		}
		file, err := Accept(name, data, true)
		if err != nil {
			return
		}
		again, err := Accept(file.Name, file.Data, true)
		if err != nil {
			t.Fatalf("what was accepted as %s %q is refused: %v", file.Type, file.Name, err)
		}
		if again.Name != file.Name || again.Type != file.Type || Picture(file.Type) && again.SHA256 != file.SHA256 {
			t.Errorf("cleaning twice gives another file: %s %q, %s %q", file.Type, file.Name, again.Type, again.Name)
		}
		if len(file.Text) > maxText || strings.ContainsRune(file.Text, 0) {
			t.Errorf("the text has %d bytes", len(file.Text))
		}
	})
}
