package search

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// cuts are the words that a text is cut into.
func cuts(t tokenizer, text string) (fast, standard []string) {
	for _, token := range t.Tokenize([]byte(text)) {
		fast = append(fast, text[token.Start:token.End])
	}
	for _, token := range t.every.Tokenize([]byte(text)) {
		standard = append(standard, text[token.Start:token.End])
	}
	return fast, standard
}

// Every word of the site is cut as the standard says.
func TestWordsAreCutAsTheStandardSays(t *testing.T) {
	tokens := newTokenizer()
	files, err := filepath.Glob("../content/*/*.md")
	if err != nil || len(files) == 0 {
		t.Fatalf("the site's content: %d files, %v", len(files), err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(text)) {
			fast, standard := cuts(tokens, line)
			if diff := cmp.Diff(standard, fast); diff != "" {
				t.Fatalf("%s, %q (-standard +ours):\n%s", file, line, diff)
			}
		}
	}
}

func FuzzWords(f *testing.F) {
	for _, text := range []string{
		"l’accueil d'État 3.5 1,000.20 a.b. NS/3 snake_case __ _a_ 10:30 a:b x;y 1;2 it's 'quoted' e-mail", "a·b ‘c’ “d” € 5 − 3 … ½ ² µm ñandú", "1.a a.1 .5 5. ,", "日本語 mixed Latin", "a\u00ADb e\u0301",
	} {
		f.Add(text)
	}
	tokens := newTokenizer()
	f.Fuzz(func(t *testing.T, text string) {
		fast, standard := cuts(tokens, text)
		if diff := cmp.Diff(standard, fast); diff != "" {
			t.Fatalf("%q (-standard +ours):\n%s", text, diff)
		}
	})
}
