// Package picture draws the picture that stands beside a link to a page when
// somebody shares it: what the record is, its title and its places, on a chart.
//
// It promises a PNG of Width × Height that depends on the words alone, drawn in
// about two milliseconds. It knows neither Hugo nor the site, and writes nothing.
package picture

import (
	"bytes"
	_ "embed" // for the chart
	"fmt"
	"image"
	"image/color"
	"image/png"
)

// Width and Height are those that link previews ask for, in pixels.
const (
	Width  = 1200
	Height = 630
)

// Version changes when the same words give another picture.
const Version = 1

// Words are what a picture says. Title must be there.
type Words struct {
	Site   string // the body that publishes
	Kind   string // "Good practice", with a symbol where the record has one
	Title  string
	Places string
}

// The title block of the chart, in pixels.
const (
	left, right = 64, 764
	siteLeft    = 148 // beside the mark
	siteLine    = 100
	kindLine    = 196
	titleTop    = 224
	titleBottom = 500
	placesLine  = 556
)

// chart is the empty chart, in the colours of palette. It was drawn from
// static/images/chart.svg and icon.svg.
//
//go:embed chart.png
var chart []byte

// palette holds at most sixteen colours, so that a pixel takes four bits: the
// water by depth and the land, then each colour of text by how much of a pixel
// it covers. The values are those of assets/css/tokens.css.
var palette = color.Palette{
	rgb(0x062c40), rgb(0x0a3f57), rgb(0x0b5069), rgb(0x0e6a7f), rgb(0x1a8a97), rgb(0x49aeb2), rgb(0xf0dfb4),
	rgb(0x446170), rgb(0x83969f), rgb(0xc1cbcf), rgb(0xffffff),
	rgb(0x386471), rgb(0x699ca1), rgb(0x9ad4cc),
	rgb(0x7e7142), rgb(0xf5b544),
}

// The inks: the palette's entries from a pixel hardly covered to one covered.
var (
	white  = ink{0, 7, 8, 9, 10}
	shoal  = ink{0, 11, 12, 13}
	sunlit = ink{0, 14, 15}
)

func rgb(value uint32) color.RGBA {
	return color.RGBA{uint8(value >> 16), uint8(value >> 8), uint8(value), 0xff}
}

// Painter draws one picture after the other. It keeps the letters it has drawn,
// so a goroutine keeps its painter; it is not safe for use by several.
type Painter struct {
	empty, page *image.Paletted
	small       []*face // from the largest, as the titles
	titles      []*face
	encoder     *encoder
}

// NewPainter reads the chart and the letters.
func NewPainter() (*Painter, error) {
	decoded, err := png.Decode(bytes.NewReader(chart))
	if err != nil {
		return nil, fmt.Errorf("read the chart: %w", err)
	}
	empty, ok := decoded.(*image.Paletted)
	if !ok || empty.Rect != image.Rect(0, 0, Width, Height) {
		return nil, fmt.Errorf("read the chart: want %d × %d pixels with a palette", Width, Height)
	}
	p := &Painter{empty: empty, page: image.NewPaletted(empty.Rect, palette)}
	if p.encoder, err = newEncoder(); err != nil {
		return nil, err
	}
	if p.small, err = newFaces(regular, 30, 26, 23); err != nil {
		return nil, err
	}
	p.titles, err = newFaces(bold, 68, 58, 50, 44, 38, 33)
	return p, err
}

// Draw returns the picture of w as a PNG.
func (p *Painter) Draw(w Words) ([]byte, error) {
	copy(p.page.Pix, p.empty.Pix)
	p.drawLine(siteLeft, siteLine, w.Site, sunlit)
	p.drawLine(left, kindLine, w.Kind, shoal)
	p.drawTitle(w.Title)
	p.drawLine(left, placesLine, w.Places, shoal)
	return p.encoder.encode(p.page)
}

// drawLine sets one line in the largest letters that hold it, and cuts one that
// none holds.
func (p *Painter) drawLine(x, y int, line string, colour ink) {
	for i, f := range p.small {
		if f.width(line) <= right-x || i == len(p.small)-1 {
			f.draw(p.page, x, y, f.cut(line, right-x), colour)
			return
		}
	}
}

// drawTitle sets the title in the largest letters that hold it, and cuts one
// that none holds.
func (p *Painter) drawTitle(title string) {
	for i, f := range p.titles {
		room := (titleBottom - titleTop) / f.height
		lines, fits := f.lines(title, right-left, room)
		if !fits && i < len(p.titles)-1 {
			continue
		}
		for n, line := range lines {
			f.draw(p.page, left, titleTop+f.ascent+n*f.height, line, white)
		}
		return
	}
}
