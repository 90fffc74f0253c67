package search

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
)

// Judgement is a query with the records that a person would expect, best first.
type Judgement struct {
	Query   string
	Records []string
}

// ReadJudgements reads lines of "query → record, record". Blank lines and
// lines that begin with # are left out.
func ReadJudgements(r io.Reader) ([]Judgement, error) {
	var all []Judgement
	lines := bufio.NewScanner(r)
	for n := 1; lines.Scan(); n++ {
		line := strings.TrimSpace(lines.Text())
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		query, records, ok := strings.Cut(line, "→")
		j := Judgement{Query: strings.TrimSpace(query)}
		for record := range strings.SplitSeq(records, ",") {
			if record = strings.TrimSpace(record); record != "" {
				j.Records = append(j.Records, record)
			}
		}
		if !ok || j.Query == "" || len(j.Records) == 0 {
			return nil, fmt.Errorf("line %d: write it as query → record, record", n)
		}
		all = append(all, j)
	}
	return all, lines.Err()
}

// grades are what each record is worth: the first is the answer, the others
// are of use.
func (j Judgement) grades() map[string]int {
	grades := map[string]int{}
	for _, record := range j.Records {
		grades[record] = 1
	}
	grades[j.Records[0]] = 2
	return grades
}

// Evaluation says how well the ranking meets what people expect.
type Evaluation struct {
	Queries int
	First   int     // queries whose first hit is expected
	Five    int     // queries with an expected hit among the first five
	MRR     float64 // mean of 1/rank of the first expected hit
	NDCG    float64 // mean gain of the first ten, the record named first counting double
	Misses  []Miss  // queries whose first hit is not expected
}

// Miss is a query with what was found first instead.
type Miss struct {
	Query string
	Rank  int // of the first expected record, 0 when it is not among the first 20
	Found []string
}

// Evaluate asks every query as a visitor would in that language.
func (s *Service) Evaluate(ctx context.Context, lang string, judgements []Judgement) (*Evaluation, error) {
	e := &Evaluation{Queries: len(judgements)}
	for _, j := range judgements {
		response, err := s.Search(ctx, Request{Query: j.Query, Language: lang, Size: DefaultSize})
		if err != nil {
			return nil, fmt.Errorf("ask %q: %w", j.Query, err)
		}
		miss := Miss{Query: j.Query}
		ranking := make([]string, 0, len(response.Hits))
		for i, h := range response.Hits {
			ranking = append(ranking, h.ID)
			if miss.Rank == 0 && slices.Contains(j.Records, h.ID) {
				miss.Rank = i + 1
			}
			if i < 3 {
				miss.Found = append(miss.Found, h.ID)
			}
		}
		e.add(miss)
		e.NDCG += measureRanking(ranking, j.grades()).NDCG / float64(e.Queries)
	}
	return e, nil
}

func (e *Evaluation) add(m Miss) {
	if m.Rank > 0 {
		e.MRR += 1 / float64(m.Rank) / float64(e.Queries)
	}
	if m.Rank > 0 && m.Rank <= 5 {
		e.Five++
	}
	if m.Rank == 1 {
		e.First++
		return
	}
	e.Misses = append(e.Misses, m)
}

// String is the evaluation as reviewed text: a worse ranking is a difference.
func (e *Evaluation) String() string {
	var out strings.Builder
	percent := func(n int) int { return (100*n + e.Queries/2) / max(e.Queries, 1) }
	fmt.Fprintf(&out, "queries: %d\nrecall@1: %d (%d%%)\nrecall@5: %d (%d%%)\nmrr: %.3f\nndcg@10: %.3f\n",
		e.Queries, e.First, percent(e.First), e.Five, percent(e.Five), e.MRR, e.NDCG)
	for _, m := range e.Misses {
		fmt.Fprintf(&out, "%s: expected at %d, found %s\n", m.Query, m.Rank, strings.Join(m.Found, " "))
	}
	return out.String()
}
