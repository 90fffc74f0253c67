package search

import "math"

// The ranking, in one place. It is BM25F (Robertson, Zaragoza and Taylor,
// "Simple BM25 extension to multiple weighted fields", CIKM 2004) over the
// parts of a passage, with document frequencies counted over records, so that
// a long report does not make its own words look common. The figures were
// chosen with cmc evaluate on six public collections (CACM, CISI, LISA,
// MEDLINE, TIME, XQuAD in Spanish) and are flat around these values; none was
// fitted to one collection.
const (
	saturation   = 2   // k1: how soon more of the same word adds little
	lengthEffect = 0.5 // b: how much longer parts are held back

	// wholeRecord is what the other paragraphs of a record add when they hold
	// words that its best one lacks.
	wholeRecord = 0.1
	// otherLanguage lets the reader's own language go ahead.
	otherLanguage = 0.7
	// ownEnough is the share of a translation's score from which a record is
	// shown in the reader's own language.
	ownEnough = 0.5
	// synonymWeight is that of another name of what was asked for.
	synonymWeight = 0.7
	// translationWeight is that of its name in another language.
	translationWeight = 0.5
	// tagWeight is that of belonging to the country or theme that was named,
	// which a text need not repeat in each paragraph.
	tagWeight = 0.5
	// optionalWeight is that of a stop word.
	optionalWeight = 0.1
	// phraseWeight is that of a phrase, which is looked up in the exact part
	// only, and single that of a quoted word.
	phraseWeight = 1.4
	singleWeight = 0.4
)

// partWeights say how much a word counts by where it stands. The exact part
// repeats all others, so a word found as it was typed counts a little more
// than one found by its stem.
var partWeights = [partCount]float64{partTitle: 3, partHeading: 2, partBody: 1, partExact: 0.3}

// What a record must hold to be found. Of a few words it must hold all. Of a
// question, which has words that no answer repeats, any will do for the
// ranking, and those count as found that score near the best.
const (
	fewWords   = 3
	nearBest   = 0.4 // share of the best score
	fewRecords = 5   // below these, records that hold some of the words follow
)

// Two words that are neighbours in the query and near each other in a text add
// to its score: Büttcher, Clarke and Lushman, "Term proximity scoring for
// ad-hoc retrieval on very large text collections", SIGIR 2006.
const (
	nearWeight   = 0.3
	nearWords    = 5  // greatest distance
	nearPassages = 30 // best passages that are looked at
)

// Long questions are asked again with words of their best answers: the
// relevance model RM3 (Abdul-Jaleel and others, TREC 2004), its words weighted
// by their rarity as in Bo1. It hurts questions with one right answer, which
// are short, and sites so small that the best answers are no selection.
const (
	feedbackWords    = 8    // a question of fewer words goes without
	feedbackPassages = 10   // best passages that are read
	feedbackShare    = 0.01 // of all records, at most, that these may be
	feedbackTerms    = 40   // words that are taken from them
	feedbackCommon   = 0.05 // share of all records beyond which a word tells nothing
	feedbackWeight   = 0.8  // of the new words together, beside the typed ones
)

// averages are the mean lengths of the parts over the documents a reader may
// see, and records is their number.
type averages struct {
	lengths [partCount]float64
	records int
}

// frequency is a term's frequency in a part, weighted and normalised.
func (m *averages) frequency(part int, weight float64, tf uint64, length int32) float32 {
	relative := 1.0
	if m.lengths[part] > 0 {
		relative = float64(length) / m.lengths[part]
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
