package attach

import (
	"encoding/binary"
	"slices"

	"cmc/internal/errs"
)

const pngMark = "\x89PNG\r\n\x1a\n"

// pngParts are the chunks that the picture itself needs; all others (text,
// time, EXIF) are left out, and so is what follows the end.
func pngParts() []string {
	return []string{
		"IHDR", "PLTE", "IDAT", "IEND", "tRNS", "gAMA", "cHRM", "sRGB", "iCCP", "sBIT", "bKGD", "pHYs",
		"cICP", "mDCV", "cLLI", "acTL", "fcTL", "fdAT",
	}
}

func cleanPNG(f *File, _ bool) *errs.Error {
	parts, out, seen := pngParts(), []byte(pngMark), false
	for at := len(pngMark); ; {
		if len(f.Data)-at < 12 {
			return broken(f.Name)
		}
		size, name := int64(binary.BigEndian.Uint32(f.Data[at:])), string(f.Data[at+4:at+8])
		if size > int64(len(f.Data)-at-12) || (at == len(pngMark)) != (name == "IHDR") || name == "IHDR" && size != 13 {
			return broken(f.Name)
		}
		end := at + 12 + int(size)
		if name == "IHDR" {
			w, h := binary.BigEndian.Uint32(f.Data[at+8:]), binary.BigEndian.Uint32(f.Data[at+12:])
			if w == 0 || h == 0 || w > 1<<20 || h > 1<<20 {
				return broken(f.Name)
			}
			f.Width, f.Height = int(w), int(h)
		}
		seen = seen || name == "IDAT"
		if slices.Contains(parts, name) {
			out = append(out, f.Data[at:end]...)
		} else if name[0]&0x20 == 0 { // a part that a reader must understand
			return broken(f.Name)
		}
		if name == "IEND" {
			if !seen {
				return broken(f.Name)
			}
			f.Data = out
			return nil
		}
		at = end
	}
}
