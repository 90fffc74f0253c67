package search

import (
	"context"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestEvaluateTellsWhatIsFoundAndWhatIsMissed(t *testing.T) {
	judgements, err := ReadJudgements(strings.NewReader("# comment\n\nrrtm → practice-rrtm\nreception → cmc-2017-ns-3, country-cuw\nzzz → country-cuw\n"))
	if err != nil {
		t.Fatal(err)
	}
	e, err := open(t, corpus()).Evaluate(context.Background(), "en", judgements)
	if err != nil {
		t.Fatal(err)
	}
	want := "queries: 3\nrecall@1: 2 (67%)\nrecall@5: 2 (67%)\nmrr: 0.667\nndcg@10: 0.667\nzzz: expected at 0, found \n"
	if diff := cmp.Diff(want, e.String()); diff != "" {
		t.Errorf("Evaluate (-want +got):\n%s", diff)
	}
}

func TestJudgementsAreWrittenOneToALine(t *testing.T) {
	if _, err := ReadJudgements(strings.NewReader("a → b\nno arrow")); err == nil || !strings.Contains(err.Error(), "line 2") {
		t.Errorf("ReadJudgements = %v, want an error that names line 2", err)
	}
	file, err := os.Open("testdata/relevance/en.txt")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	judgements, err := ReadJudgements(file)
	if err != nil || len(judgements) < 20 {
		t.Errorf("the English judgements are %d, %v; want at least 20", len(judgements), err)
	}
}
