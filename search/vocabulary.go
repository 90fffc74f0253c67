package search

import index "github.com/blevesearch/bleve_index_api"

// vocabulary numbers the terms of one field, and gathers those of one document
// after the other.
type vocabulary struct {
	terms   []string
	numbers map[string]int32
	marks   []mark    // by term
	at      int32     // a number for the document at hand
	list    []posting // of the document at hand
	codes   *frequencies
	reused  index.TokenFrequencies
}

// mark says in which document a term was last met, and where in its list.
type mark struct{ document, place int32 }

// posting is what is counted of a term in the document at hand.
type posting struct {
	coded
	times int
	parts stemTimes
}

// coded is a term of a document with the number that Bleve is to keep for it.
type coded struct {
	term int32
	code int
}

func newVocabulary(codes *frequencies) *vocabulary {
	return &vocabulary{numbers: map[string]int32{}, at: 1, codes: codes, reused: index.TokenFrequencies{}}
}

func (v *vocabulary) number(term string) int32 {
	n, ok := v.numbers[term]
	if !ok {
		n = int32(len(v.terms))
		v.numbers[term] = n
		v.terms = append(v.terms, term)
		v.marks = append(v.marks, mark{})
	}
	return n
}

// posting is that of a term in the document at hand, to be changed before the
// next is asked for.
func (v *vocabulary) posting(term int32) *posting {
	m := &v.marks[term]
	if m.document != v.at {
		*m = mark{v.at, int32(len(v.list))}
		v.list = append(v.list, posting{coded: coded{term: term}})
	}
	return &v.list[m.place]
}

// take hands over the postings of the document at hand and goes on to the next.
func (v *vocabulary) take() []coded {
	terms := make([]coded, len(v.list))
	for i := range v.list {
		terms[i] = v.list[i].coded
	}
	v.list = v.list[:0]
	v.at++
	return terms
}

// fewTerms is the size up to which the map of a document is used again: a
// larger one would be cleared for each of the documents after it.
const fewTerms = 1024

// frequencies are the terms of a document as Bleve takes them. The result is
// good until the next.
func (v *vocabulary) frequencies(terms []coded) index.TokenFrequencies {
	of := v.reused
	if len(terms) > fewTerms {
		of = make(index.TokenFrequencies, len(terms))
	}
	clear(of)
	for _, t := range terms {
		of[v.terms[t.term]] = v.codes.of(t.code)
	}
	return of
}

// frequencies are the forms in which Bleve takes a number, each made once. It
// asks nothing else of them.
type frequencies struct {
	low  [256]*index.TokenFreq
	high map[int]*index.TokenFreq
}

func (f *frequencies) of(code int) *index.TokenFreq {
	if code < len(f.low) {
		if f.low[code] == nil {
			f.low[code] = newFrequency(code)
		}
		return f.low[code]
	}
	if f.high[code] == nil {
		if f.high == nil {
			f.high = map[int]*index.TokenFreq{}
		}
		f.high[code] = newFrequency(code)
	}
	return f.high[code]
}

func newFrequency(code int) *index.TokenFreq {
	f := &index.TokenFreq{}
	f.SetFrequency(code)
	return f
}
