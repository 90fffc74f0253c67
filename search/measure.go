package search

import (
	"cmp"
	"math"
	"slices"
)

// Depths at which a ranking is measured.
const (
	gainDepth   = 10
	recallDepth = 100
	trecDepth   = 1000
)

// Measures say how good a ranking is, each from 0 to 1, as trec_eval
// calculates ndcg_cut.10, map and recall.100.
type Measures struct {
	NDCG   float64 `json:"ndcg@10"`
	MAP    float64 `json:"map"`
	Recall float64 `json:"recall@100"`
}

// measureRanking compares a ranking of documents with their grades, of which
// at least one is above zero.
func measureRanking(ranking []string, relevant map[string]int) Measures {
	var m Measures
	var gain float64
	found := 0
	for i, id := range ranking[:min(len(ranking), trecDepth)] {
		grade := relevant[id]
		if grade <= 0 {
			continue
		}
		found++
		m.MAP += float64(found) / float64(i+1)
		if i < gainDepth {
			gain += discounted(grade, i)
		}
		if i < recallDepth {
			m.Recall++
		}
	}
	all := float64(len(relevant))
	return Measures{NDCG: gain / idealGain(relevant), MAP: m.MAP / all, Recall: m.Recall / all}
}

// idealGain is the gain of the best ranking there can be.
func idealGain(relevant map[string]int) float64 {
	grades := make([]int, 0, len(relevant))
	for _, grade := range relevant {
		grades = append(grades, grade)
	}
	slices.SortFunc(grades, func(a, b int) int { return cmp.Compare(b, a) })
	var ideal float64
	for i, grade := range grades[:min(len(grades), gainDepth)] {
		ideal += discounted(grade, i)
	}
	return ideal
}

// discounted is what a grade gains at a place, the first being 0.
func discounted(grade, place int) float64 { return float64(grade) / math.Log2(float64(place+2)) }

// add adds a share of other measures.
func (m *Measures) add(o Measures, share float64) {
	m.NDCG += o.NDCG * share
	m.MAP += o.MAP * share
	m.Recall += o.Recall * share
}

// mean is the mean of all.
func mean(all []Measures) Measures {
	var m Measures
	for _, o := range all {
		m.add(o, 1/float64(len(all)))
	}
	return m
}
