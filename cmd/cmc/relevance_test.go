package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"cmc/search"
)

// TestRelevance asks the real site what people would ask it, misspells its
// words as people do, and asks for words of everyday life that are spelt well
// and that it may not know. The summaries are golden files, so that a worse ranking
// or correction is a change somebody must approve:
// CMC_TEST_UPDATE=1 go test ./cmd/cmc -run Relevance.
func TestRelevance(t *testing.T) {
	service := wholeSearch(t)
	for _, lang := range []string{"en", "es", "fr", "nl"} {
		t.Run(lang, func(t *testing.T) {
			ranked, err := service.Evaluate(t.Context(), lang, judgements(t, "relevance", lang))
			if err != nil {
				t.Fatal(err)
			}
			compareSummary(t, "relevance-"+lang, ranked)
			corrected, err := service.EvaluateCorrections(t.Context(), lang, judgements(t, "spelling", lang))
			if err != nil {
				t.Fatal(err)
			}
			compareSummary(t, "spelling-"+lang, corrected)
			replaced, err := service.EvaluateReplacements(t.Context(), lang, everyday(t, lang))
			if err != nil {
				t.Fatal(err)
			}
			compareSummary(t, "everyday-"+lang, replaced)
		})
	}
}

// judgements reads search/testdata/FOLDER/LANG.txt.
func judgements(t *testing.T, folder, lang string) []search.Judgement {
	t.Helper()
	file, err := os.Open(filepath.Join("..", "..", "search", "testdata", folder, lang+".txt"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	all, err := search.ReadJudgements(file)
	if err != nil {
		t.Fatalf("%s/%s.txt: %v", folder, lang, err)
	}
	return all
}

// everyday reads the words of search/testdata/everyday/LANG.txt.
func everyday(t *testing.T, lang string) (words []string) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "..", "search", "testdata", "everyday", lang+".txt"))
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		if !strings.HasPrefix(line, "#") {
			words = append(words, strings.Fields(line)...)
		}
	}
	return words
}

func compareSummary(t *testing.T, name string, summary fmt.Stringer) {
	t.Helper()
	golden := filepath.Join("testdata", name+".golden")
	if os.Getenv("CMC_TEST_UPDATE") != "" {
		if err := os.WriteFile(golden, []byte(summary.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if summary.String() != string(want) {
		t.Errorf("%s changed:\n%swas:\n%s", name, summary, want)
	}
}
