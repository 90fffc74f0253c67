package search

import (
	"math"
	"testing"
)

func TestMeasuresAreThoseOfTrecEval(t *testing.T) {
	for _, test := range []struct {
		name     string
		ranking  []string
		relevant map[string]int
		want     Measures
	}{
		{"the one answer comes first", []string{"a", "b"}, map[string]int{"a": 1}, Measures{1, 1, 1}},
		{"the one answer comes third", []string{"x", "y", "a"}, map[string]int{"a": 1}, Measures{0.5, 1.0 / 3, 1}},
		{"nothing is found", nil, map[string]int{"a": 1}, Measures{}},
		{
			"an answer that is not found counts",
			[]string{"a", "x", "b"},
			map[string]int{"a": 1, "b": 1, "c": 1},
			Measures{(1 + 0.5) / (1 + 1/math.Log2(3) + 0.5), (1 + 2.0/3) / 3, 2.0 / 3},
		},
		{
			"grades are gains",
			[]string{"weak", "strong"},
			map[string]int{"strong": 3, "weak": 1},
			Measures{(1 + 3/math.Log2(3)) / (3 + 1/math.Log2(3)), 1, 1},
		},
		{"the eleventh gains nothing", append(make([]string, 10), "a"), map[string]int{"a": 1}, Measures{0, 1.0 / 11, 1}},
		{"the hundred and first is not recalled", append(make([]string, 100), "a"), map[string]int{"a": 1}, Measures{0, 1.0 / 101, 0}},
		{"the thousand and first is not seen", append(make([]string, 1000), "a"), map[string]int{"a": 1}, Measures{}},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := measureRanking(test.ranking, test.relevant)
			if !near(got.NDCG, test.want.NDCG) || !near(got.MAP, test.want.MAP) || !near(got.Recall, test.want.Recall) {
				t.Errorf("measureRanking = %+v, want %+v", got, test.want)
			}
		})
	}
}

func near(a, b float64) bool { return math.Abs(a-b) < 1e-12 }
