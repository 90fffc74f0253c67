package picture

import (
	"bytes"
	"image/png"
	"testing"
)

func TestAPictureIsSmallAndOfItsSize(t *testing.T) {
	for name, words := range map[string]Words{
		"a record":                     {"Consultas sobre Migración", "Práctica", "Mecanismo de traslado", "Trinidad y Tabago, Barbados"},
		"only a title":                 {Title: "Belize"},
		"a title longer than the page": {Title: string(bytes.Repeat([]byte("Verantwoordelijkheidsverdeling en "), 40))},
		"a word longer than a line":    {Title: string(bytes.Repeat([]byte("lang"), 60))},
		"another script":               {Title: "難民"},
		"nothing at all":               {},
	} {
		t.Run(name, func(t *testing.T) {
			made, err := mustPainter(t).Draw(words)
			if err != nil {
				t.Fatal(err)
			}
			config, err := png.DecodeConfig(bytes.NewReader(made))
			if err != nil || config.Width != Width || config.Height != Height {
				t.Errorf("the picture is %d × %d, %v", config.Width, config.Height, err)
			}
			if len(made) > 40_000 {
				t.Errorf("the picture has %d bytes", len(made))
			}
		})
	}
}

func TestAPictureIsThatOfItsWords(t *testing.T) {
	one, two := mustPainter(t), mustPainter(t)
	ile := draw(t, one, "Île de la Gonâve")
	draw(t, one, "Other words")
	if !bytes.Equal(ile, draw(t, one, "Île de la Gonâve")) || !bytes.Equal(ile, draw(t, two, "Île de la Gonâve")) {
		t.Error("the same words give another picture")
	}
	if bytes.Equal(ile, draw(t, one, "Ile de la Gonave")) {
		t.Error("accents make no difference")
	}
}

func TestNoLetterIsMissing(t *testing.T) {
	for _, ttf := range [][]byte{regular, bold} {
		f, err := newFace(ttf, 40)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range "áàâäãåæçéèêëíìîïñóòôöõøœßúùûüýÿÁÀÂÇÉÈÊËÍÏÎÑÓÔÖÚÜ¿¡«»“”‘’–—…·&/()°ªº" {
			if l := f.letter(r); l.cover == nil || l.advance == 0 {
				t.Errorf("the font has no %q", r)
			}
		}
	}
}

func TestATitleIsBrokenAtItsSpaces(t *testing.T) {
	f, err := newFace(regular, 30)
	if err != nil {
		t.Fatal(err)
	}
	lines, fits := f.lines("one two three four five six seven eight nine", 200, 9)
	for _, line := range lines {
		if f.width(line) > 200 {
			t.Errorf("%q is %d pixels wide", line, f.width(line))
		}
	}
	if !fits || len(lines) < 3 {
		t.Errorf("got %q, %v", lines, fits)
	}
	if lines, fits := f.lines("one two three four five six", 100, 2); fits || len(lines) != 2 {
		t.Errorf("got %q, %v, want two lines that do not hold it", lines, fits)
	}
}

func BenchmarkDraw(b *testing.B) {
	p := mustPainter(b)
	words := Words{"Consultas sobre Migración en el Caribe", "Práctica", "Mecanismo regional de traslado de refugiados", "Trinidad y Tabago, Barbados"}
	for b.Loop() {
		if _, err := p.Draw(words); err != nil {
			b.Fatal(err)
		}
	}
}

func mustPainter(t testing.TB) *Painter {
	t.Helper()
	p, err := NewPainter()
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func draw(t *testing.T, p *Painter, title string) []byte {
	t.Helper()
	made, err := p.Draw(Words{Title: title})
	if err != nil {
		t.Fatal(err)
	}
	return made
}
