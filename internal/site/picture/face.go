package picture

import (
	"fmt"
	"image"
	"strings"

	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"
)

// The Go fonts hold every letter of the languages written in Latin, Greek and
// Cyrillic script, and come as source with golang.org/x/image.
var (
	regular = goregular.TTF
	bold    = gobold.TTF
)

// ink is a colour of text as entries of the palette, from no cover to full.
type ink []uint8

// face is a font in one size that keeps each letter it has drawn.
type face struct {
	font           font.Face
	letters        map[rune]letter
	ascent, height int // pixels above the base line, and from line to line
}

// letter is how much of each pixel a letter covers.
type letter struct {
	cover   *image.Alpha
	advance fixed.Int26_6
}

func newFace(ttf []byte, size float64) (*face, error) {
	parsed, err := opentype.Parse(ttf)
	if err != nil {
		return nil, fmt.Errorf("read a font: %w", err)
	}
	sized, err := opentype.NewFace(parsed, &opentype.FaceOptions{Size: size, DPI: 72, Hinting: font.HintingFull})
	if err != nil {
		return nil, fmt.Errorf("size a font: %w", err)
	}
	return &face{
		font: sized, letters: map[rune]letter{},
		ascent: int(size * 0.95), height: int(size * 1.18),
	}, nil
}

// newFaces makes a font in several sizes.
func newFaces(ttf []byte, sizes ...float64) ([]*face, error) {
	faces := make([]*face, len(sizes))
	for i, size := range sizes {
		var err error
		if faces[i], err = newFace(ttf, size); err != nil {
			return nil, err
		}
	}
	return faces, nil
}

// letter returns r's shape around the origin; what the font lacks is left out.
func (f *face) letter(r rune) letter {
	if known, ok := f.letters[r]; ok {
		return known
	}
	var made letter
	box, mask, at, advance, ok := f.font.Glyph(fixed.Point26_6{}, r)
	if ok {
		made = letter{image.NewAlpha(box), advance}
		for y := box.Min.Y; y < box.Max.Y; y++ {
			for x := box.Min.X; x < box.Max.X; x++ {
				made.cover.Set(x, y, mask.At(at.X+x-box.Min.X, at.Y+y-box.Min.Y))
			}
		}
	}
	f.letters[r] = made
	return made
}

// draw writes one line on the base line y.
func (f *face) draw(page *image.Paletted, x, y int, line string, colour ink) {
	dot, before := fixed.I(x), rune(-1)
	for _, r := range line {
		if before >= 0 {
			dot += f.font.Kern(before, r)
		}
		l := f.letter(r)
		if l.cover != nil {
			stamp(page, l.cover, image.Pt(dot.Round(), y), colour)
		}
		dot, before = dot+l.advance, r
	}
}

// stamp puts a letter on the page. Where two letters meet the denser one stays.
func stamp(page *image.Paletted, cover *image.Alpha, at image.Point, colour ink) {
	box := cover.Rect.Add(at).Intersect(page.Rect)
	for y := box.Min.Y; y < box.Max.Y; y++ {
		from := cover.PixOffset(box.Min.X-at.X, y-at.Y)
		row := page.Pix[page.PixOffset(box.Min.X, y):][:box.Dx()]
		for i, alpha := range cover.Pix[from : from+box.Dx()] {
			if level := colour[(int(alpha)*(len(colour)-1)+127)/255]; level > row[i] {
				row[i] = level
			}
		}
	}
}

// width measures a line in pixels.
func (f *face) width(line string) int {
	var sum fixed.Int26_6
	before := rune(-1)
	for _, r := range line {
		if before >= 0 {
			sum += f.font.Kern(before, r)
		}
		sum, before = sum+f.letter(r).advance, r
	}
	return sum.Ceil()
}

// cut shortens a line at a word to what fits into width.
func (f *face) cut(line string, width int) string {
	if f.width(line) <= width {
		return line
	}
	words := strings.Fields(line)
	for n := len(words) - 1; n > 0; n-- {
		if short := strings.TrimRight(strings.Join(words[:n], " "), ",;·") + " …"; f.width(short) <= width {
			return short
		}
	}
	return ""
}

// lines breaks a text at its spaces into at most room lines of a width; fits
// is false when it had to be cut, or one word is wider than a line.
func (f *face) lines(text string, width, room int) (lines []string, fits bool) {
	fits = true
	line := ""
	words := strings.Fields(text)
	for i, word := range words {
		longer := strings.TrimSpace(line + " " + word)
		if line == "" || f.width(longer) <= width {
			line = longer
		} else if len(lines)+1 == room {
			return append(lines, f.cut(line+" "+strings.Join(words[i:], " "), width)), false
		} else {
			lines, line = append(lines, line), word
		}
		fits = fits && f.width(line) <= width
	}
	return append(lines, line), fits
}
