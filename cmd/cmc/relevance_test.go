package main

import (
	"log/slog"
	"os"
	"path/filepath"
	"testing"

	"cmc/search"
)

// TestRelevance asks the real site what people would ask it and compares the
// summary with a golden file, so that a worse ranking is a change somebody
// must approve: CMC_TEST_UPDATE=1 go test ./cmd/cmc -run Relevance.
func TestRelevance(t *testing.T) {
	o, err := place{root: wholeSite(t), state: t.TempDir()}.open(slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	service := search.NewService(t.TempDir(), o.log)
	t.Cleanup(func() {
		if err := service.Close(); err != nil {
			t.Error(err)
		}
	})
	if err := o.openIndex(t.Context(), service, t.Output()); err != nil {
		t.Fatal(err)
	}
	for _, lang := range []string{"en", "es", "fr", "nl"} {
		t.Run(lang, func(t *testing.T) { compareRelevance(t, service, lang) })
	}
}

func compareRelevance(t *testing.T, service *search.Service, lang string) {
	t.Helper()
	questions, err := os.Open(filepath.Join("..", "..", "search", "testdata", "relevance", lang+".txt"))
	if err != nil {
		t.Fatal(err)
	}
	defer questions.Close()
	judgements, err := search.ReadJudgements(questions)
	if err != nil {
		t.Fatalf("%s.txt: %v", lang, err)
	}
	result, err := service.Evaluate(t.Context(), lang, judgements)
	if err != nil {
		t.Fatal(err)
	}
	golden := filepath.Join("testdata", "relevance-"+lang+".golden")
	if os.Getenv("CMC_TEST_UPDATE") != "" {
		if err := os.WriteFile(golden, []byte(result.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if result.String() != string(want) {
		t.Errorf("relevance in %s changed:\n%swas:\n%s", lang, result, want)
	}
}
