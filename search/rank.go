package search

import "math"

// The ranking, in one place. It is BM25F (Robertson, Zaragoza and Taylor,
// "Simple BM25 extension to multiple weighted fields", CIKM 2004) over the
// parts of a passage, with document frequencies counted over records, so that
// a long report does not make its own words look common.
const (
	// saturation (k1) and lengthEffect (b) were chosen by measurement on
	// public collections of short English texts.
	saturation   = 1.8
	lengthEffect = 0.4

	// wholeRecord is what the other paragraphs of a record add when they hold
	// words that its best one lacks.
	wholeRecord = 0.4
	// otherLanguage lets the reader's own language go a little ahead.
	otherLanguage = 0.85
	// synonymWeight is that of another name of what was asked for.
	synonymWeight = 0.7
	// tagWeight is that of belonging to the country or theme that was named,
	// which a text need not repeat in each paragraph.
	tagWeight = 0.5
	// optionalWeight is that of a stop word.
	optionalWeight = 0.1
)

// partWeights say how much a word counts by where it stands. The exact part
// repeats all others, so a word found as it was typed counts a little more
// than one found by its stem.
var partWeights = [partCount]float64{partTitle: 3, partHeading: 2, partBody: 1, partExact: 0.4}

// phraseWeight is that of a phrase, which is looked up in the exact part only.
const phraseWeight = 1.4

// averages are the mean lengths of the parts over the documents a reader may
// see, and records is their number.
type averages struct {
	lengths [partCount]float64
	records int
}

// frequency is a term's frequency in a part, weighted and normalised.
func (m *averages) frequency(part int, weight float64, tf uint64, l lengths) float32 {
	relative := 1.0
	if m.lengths[part] > 0 {
		relative = float64(l[part]) / m.lengths[part]
	}
	return float32(weight * float64(tf) / (1 - lengthEffect + lengthEffect*relative))
}

// rarity is the inverse document frequency of a clause found in n records.
func (m *averages) rarity(n int) float64 {
	return math.Log1p((float64(m.records-n) + 0.5) / (float64(n) + 0.5))
}

// score is what a clause of that rarity adds for a weighted frequency.
func score(rarity float64, frequency float32) float32 {
	f := float64(frequency)
	return float32(rarity * f * (saturation + 1) / (saturation + f))
}

// needed is how many of n clauses a record must hold: all of few, three in
// four of many, since a question has words that no answer repeats.
func needed(n int) int {
	if n <= 3 {
		return n
	}
	return (3*n + 3) / 4
}
