package attach

import (
	"encoding/binary"

	"cmc/internal/errs"
)

// cleanGIF leaves out comments and what programs added, but for the extension
// that says how often an animation runs.
func cleanGIF(f *File, _ bool) *errs.Error {
	g := gifReader{data: f.Data, at: 13}
	if len(f.Data) < 13 {
		return broken(f.Name)
	}
	g.at += colours(f.Data[10])
	if g.at > len(f.Data) {
		return broken(f.Name)
	}
	g.out = append(g.out, f.Data[:g.at]...)
	for !g.done {
		if !g.block() {
			return broken(f.Name)
		}
	}
	f.Width, f.Height = int(binary.LittleEndian.Uint16(f.Data[6:])), int(binary.LittleEndian.Uint16(f.Data[8:]))
	if f.Width == 0 || f.Height == 0 || g.frames == 0 {
		return broken(f.Name)
	}
	f.Data = g.out
	return nil
}

type gifReader struct {
	data   []byte
	at     int
	out    []byte
	frames int
	done   bool
}

// colours is the size of the table that a byte of flags announces.
func colours(flags byte) int {
	if flags&0x80 == 0 {
		return 0
	}
	return 3 << (flags&7 + 1)
}

func (g *gifReader) block() bool {
	if g.at >= len(g.data) {
		return false
	}
	start := g.at
	keep := true
	switch g.data[g.at] {
	case 0x3b: // the end
		g.out, g.done = append(g.out, 0x3b), true
		return true
	case 0x2c: // a picture
		if g.at+10 > len(g.data) {
			return false
		}
		g.at += 10 + colours(g.data[g.at+9]) + 1
		g.frames++
	case 0x21: // an extension
		if g.at+2 > len(g.data) {
			return false
		}
		keep = g.kept()
		g.at += 2
	default:
		return false
	}
	if !g.pieces() {
		return false
	}
	if keep {
		g.out = append(g.out, g.data[start:g.at]...)
	}
	return true
}

// kept tells whether the extension at hand is part of the picture.
func (g *gifReader) kept() bool {
	switch g.data[g.at+1] {
	case 0xf9: // how a picture is shown
		return true
	case 0xff:
		return g.at+14 <= len(g.data) && string(g.data[g.at+3:g.at+14]) == "NETSCAPE2.0"
	}
	return false
}

// pieces passes over data in pieces that each say their length.
func (g *gifReader) pieces() bool {
	for g.at < len(g.data) {
		size := int(g.data[g.at])
		if g.at += 1 + size; size == 0 {
			return g.at <= len(g.data)
		}
	}
	return false
}
