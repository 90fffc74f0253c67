package attach

import (
	"bytes"
	"encoding/binary"

	"cmc/internal/errs"
)

// The markers of JPEG that matter here.
const (
	jpegSOI  = 0xd8
	jpegEOI  = 0xd9
	jpegSOS  = 0xda
	jpegAPP0 = 0xe0
	jpegAPPF = 0xef
	jpegCOM  = 0xfe
)

// cleanJPEG leaves out what cameras and programs write beside the picture, and
// whatever follows its end: that is often a second picture, with its own place
// and time. Which way is up is kept, since viewers turn the picture by it.
func cleanJPEG(f *File, _ bool) *errs.Error {
	j := jpegReader{data: f.Data, at: 2, out: []byte{0xff, jpegSOI}}
	for !j.done {
		if !j.segment() {
			return broken(f.Name)
		}
	}
	if j.width == 0 || j.height == 0 || !j.scanned {
		return broken(f.Name)
	}
	if j.orientation > 1 {
		j.out = append(append([]byte{0xff, jpegSOI}, orientationSegment(j.orientation)...), j.out[2:]...)
	}
	if j.orientation >= 5 { // lying on its side
		j.width, j.height = j.height, j.width
	}
	f.Data, f.Width, f.Height = j.out, j.width, j.height
	return nil
}

type jpegReader struct {
	data          []byte
	at            int
	out           []byte
	width, height int
	orientation   byte
	scanned, done bool
}

// segment copies or leaves out one segment; false when there is none.
func (j *jpegReader) segment() bool {
	if j.at+1 >= len(j.data) || j.data[j.at] != 0xff {
		return false
	}
	for j.at+1 < len(j.data) && j.data[j.at+1] == 0xff { // padding
		j.at++
	}
	if j.at+1 >= len(j.data) {
		return false
	}
	marker := j.data[j.at+1]
	if marker == jpegEOI {
		j.out, j.done = append(j.out, 0xff, jpegEOI), true
		return true
	}
	if marker == 0 || marker == 1 || marker >= 0xd0 && marker <= jpegSOI || j.at+4 > len(j.data) {
		return false
	}
	end := j.at + 2 + int(binary.BigEndian.Uint16(j.data[j.at+2:]))
	if end < j.at+4 || end > len(j.data) {
		return false
	}
	whole, body := j.data[j.at:end], j.data[j.at+4:end]
	j.at = end
	switch {
	case marker >= jpegAPP0 && marker <= jpegAPPF:
		j.application(marker, whole, body)
	case marker == jpegCOM:
	case marker == jpegSOS:
		j.out = append(j.out, whole...)
		j.scan()
	case marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc: // a frame
		if len(body) < 6 {
			return false
		}
		j.height, j.width = int(binary.BigEndian.Uint16(body[1:])), int(binary.BigEndian.Uint16(body[3:]))
		j.out = append(j.out, whole...)
	default:
		j.out = append(j.out, whole...)
	}
	return true
}

// application keeps of the programs' own segments those without which colours
// would be wrong.
func (j *jpegReader) application(marker byte, whole, body []byte) {
	switch {
	case marker == jpegAPP0 && bytes.HasPrefix(body, []byte("JFIF\x00")) && len(body) >= 14:
		j.out = append(j.out, 0xff, jpegAPP0, 0, 16)
		j.out = append(append(j.out, body[:12]...), 0, 0) // without its preview
	case marker == 0xe1 && bytes.HasPrefix(body, []byte("Exif\x00\x00")) && j.orientation == 0:
		j.orientation = orientation(body[6:])
	case marker == 0xe2 && bytes.HasPrefix(body, []byte("ICC_PROFILE\x00")),
		marker == 0xee && bytes.HasPrefix(body, []byte("Adobe")):
		j.out = append(j.out, whole...)
	}
}

// scan copies the compressed picture up to the next marker. A file that was cut
// off ends there.
func (j *jpegReader) scan() {
	j.scanned = true
	start := j.at
	for ; j.at+1 < len(j.data); j.at++ {
		if next := j.data[j.at+1]; j.data[j.at] == 0xff && next != 0 && next != 0xff && (next < 0xd0 || next > 0xd7) {
			j.out = append(j.out, j.data[start:j.at]...)
			return
		}
	}
	j.out = append(append(j.out, j.data[start:]...), 0xff, jpegEOI)
	j.done = true
}

// orientation reads which way is up from TIFF data, 1 when it does not say.
func orientation(tiff []byte) byte {
	if len(tiff) < 8 {
		return 1
	}
	var order binary.ByteOrder = binary.LittleEndian
	if tiff[0] == 'M' {
		order = binary.BigEndian
	}
	at := int64(order.Uint32(tiff[4:]))
	if at+2 > int64(len(tiff)) {
		return 1
	}
	entries := tiff[at+2:]
	for range order.Uint16(tiff[at:]) {
		if len(entries) < 12 {
			return 1
		}
		if order.Uint16(entries) == 0x0112 {
			if v := order.Uint16(entries[8:]); v >= 1 && v <= 8 {
				return byte(v)
			}
			return 1
		}
		entries = entries[12:]
	}
	return 1
}

// orientationSegment is an EXIF segment that says nothing else.
func orientationSegment(v byte) []byte {
	return append([]byte("\xff\xe1\x00\x22Exif\x00\x00II*\x00\x08\x00\x00\x00\x01\x00\x12\x01\x03\x00\x01\x00\x00\x00"),
		v, 0, 0, 0, 0, 0, 0, 0)
}
