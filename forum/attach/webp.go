package attach

import (
	"encoding/binary"
	"slices"

	"cmc/internal/errs"
)

// webpSaid are the flags of a VP8X header that announce what is left out.
const webpSaid = 0x08 | 0x04 // EXIF, XMP

func webpParts() []string {
	return []string{"VP8 ", "VP8L", "VP8X", "ALPH", "ANIM", "ANMF", "ICCP"}
}

// cleanWebP leaves out EXIF, XMP and what nobody knows.
func cleanWebP(f *File, _ bool) *errs.Error {
	end := int64(binary.LittleEndian.Uint32(f.Data[4:])) + 8
	if end > int64(len(f.Data)) || end < 12 {
		return broken(f.Name)
	}
	parts, out := webpParts(), []byte("RIFF\x00\x00\x00\x00WEBP")
	seen := false
	for rest := f.Data[12:end]; len(rest) > 0; {
		if len(rest) < 8 {
			return broken(f.Name)
		}
		name, size := string(rest[:4]), int64(binary.LittleEndian.Uint32(rest[4:]))
		padded := size + size%2 + 8
		if padded > int64(len(rest)) {
			return broken(f.Name)
		}
		chunk := rest[:padded]
		rest = rest[padded:]
		if !slices.Contains(parts, name) {
			continue
		}
		out = append(out, chunk...)
		if name == "VP8X" && size >= 10 {
			out[len(out)-int(padded)+8] &^= webpSaid
		}
		if w, h := webpSize(name, chunk[8:8+size]); w > 0 && f.Width == 0 {
			f.Width, f.Height = w, h
		}
		seen = seen || name == "VP8 " || name == "VP8L" || name == "ANMF"
	}
	if !seen || f.Width == 0 {
		return broken(f.Name)
	}
	binary.LittleEndian.PutUint32(out[4:], uint32(len(out)-8)) //nolint:gosec // at most MaxSize
	f.Data = out
	return nil
}

// webpSize reads the size of the picture from the chunk that says it.
func webpSize(name string, body []byte) (w, h int) {
	switch {
	case name == "VP8X" && len(body) >= 10:
		return 1 + (int(body[4]) | int(body[5])<<8 | int(body[6])<<16), 1 + (int(body[7]) | int(body[8])<<8 | int(body[9])<<16)
	case name == "VP8 " && len(body) >= 10:
		return int(binary.LittleEndian.Uint16(body[6:])) & 0x3fff, int(binary.LittleEndian.Uint16(body[8:])) & 0x3fff
	case name == "VP8L" && len(body) >= 5:
		bits := binary.LittleEndian.Uint32(body[1:])
		return 1 + int(bits&0x3fff), 1 + int(bits>>14&0x3fff)
	}
	return 0, 0
}
