package search

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// ErrDamaged says that an index is not what was built, or was never finished.
// It cannot be repaired; it is derived from the site and can be rebuilt.
var ErrDamaged = errors.New("search index is damaged or incomplete: rebuild it")

const (
	catalogueFile = "catalogue"
	textsFile     = "texts"
)

func segmentFile(n int) string { return fmt.Sprintf("postings-%03d", n) }

// Corpus is all that an index is built from.
type Corpus struct {
	Documents []Document
	// Synonyms are groups of words or phrases that mean the same, known to
	// everyone. A document's Acronyms and Title are such a group by themselves.
	Synonyms [][]string
	// Terms are words of the field in several languages, known to everyone.
	// What is found only by a translation stands behind what holds the words.
	Terms []Term
	// See leads on from words for which nothing is found.
	See []Pointer
	// Labels are names of facet values by facet, value and language, known to
	// everyone. Records of the types "country" and "theme" label their values
	// by themselves.
	Labels Labels
}

// Term is what one thing is called, by language; names that every language
// uses are under "".
type Term map[string][]string

// Labels are names of facet values: facet → value → language → label.
type Labels map[string]map[string]map[string]string

// Build writes an index of corpus into dir, which must not exist yet. Where
// documents have no Place, they stand in their records as they come. Until
// the manifest stands there, as the last file, Open refuses the index; it is
// written when some documents were found by their titles.
func Build(ctx context.Context, dir string, corpus Corpus) error {
	if err := os.MkdirAll(filepath.Dir(dir), 0o750); err != nil {
		return fmt.Errorf("make index directory: %w", err)
	}
	if err := os.Mkdir(dir, 0o750); err != nil {
		return fmt.Errorf("make index directory: %w", err)
	}
	docs, err := inOrder(corpus.Documents)
	if err != nil {
		return err
	}
	kept, err := buildParts(ctx, dir, docs)
	if err != nil {
		return err
	}
	kept.Synonyms, kept.Terms, kept.See, kept.Labels = corpus.Synonyms, corpus.Terms, corpus.See, corpus.Labels
	packed, err := kept.encode()
	if err != nil {
		return err
	}
	if err := writeSynced(filepath.Join(dir, catalogueFile), packed); err != nil {
		return fmt.Errorf("write catalogue: %w", err)
	}
	if err := smoke(ctx, dir, len(docs)); err != nil {
		return err
	}
	return writeManifest(dir)
}

// Index is a built index, opened for reading.
type Index struct {
	part     *part
	texts    *blocks
	synonyms map[string][][]string
	terms    lexicon
	pointers map[string][]string        // words → records that may help where nothing is found
	spoken   map[string]map[string]bool // word of a term → its languages
	labels   Labels
	named    [facetCount]map[string][]string // what facet values are called → values
}

// Open verifies every byte of the index in dir against its manifest and opens
// it. Several processes may have it open.
func Open(ctx context.Context, dir string) (*Index, error) {
	if err := Verify(dir); err != nil {
		return nil, err
	}
	return read(ctx, dir)
}

// read opens an index that was verified, or is being built.
func read(ctx context.Context, dir string) (ix *Index, err error) {
	packed, err := os.ReadFile(filepath.Join(dir, catalogueFile))
	if err != nil {
		return nil, fmt.Errorf("read catalogue: %w", err)
	}
	kept, err := decodeCatalogue(packed)
	if err != nil {
		return nil, err
	}
	entries, err := kept.entries()
	if err != nil {
		return nil, err
	}
	texts, err := openBlocks(filepath.Join(dir, textsFile), kept.Blocks)
	if err != nil {
		return nil, err
	}
	a := newAnalyzers()
	ix = &Index{
		part: newPart(a, texts.read), texts: texts,
		synonyms: thesaurus(a, kept.Synonyms), terms: a.lexicon(kept.Terms), spoken: a.spokenWords(kept.Terms), pointers: a.pointers(kept.See), labels: kept.Labels, named: a.namedValues(kept.Labels),
	}
	ix.part.numbered = true
	var segments []*segment
	next := int32(0)
	for i, size := range kept.Sizes {
		s, err := openSegment(filepath.Join(dir, segmentFile(i)), next)
		if err == nil && s.size != size {
			err = fmt.Errorf("%w: segment %d holds %d of %d documents", ErrDamaged, i, s.size, size)
		}
		if err != nil {
			return nil, errors.Join(err, ix.Close())
		}
		segments, next = append(segments, s), next+size
	}
	if int(next) != len(entries) {
		return nil, errors.Join(fmt.Errorf("%w: %d of %d documents", ErrDamaged, next, len(entries)), ix.Close())
	}
	ix.part.add(entries, segments...)
	if err := ctx.Err(); err != nil {
		return nil, errors.Join(err, ix.Close())
	}
	return ix, nil
}

// thesaurus maps the key of each name to the words of its group's others.
func thesaurus(a *analyzers, groups [][]string) map[string][][]string {
	t := map[string][][]string{}
	for _, group := range groups {
		for _, x := range group {
			for _, y := range group {
				if words := a.words(y); len(words) > 0 && a.key(x) != strings.Join(words, " ") {
					t[a.key(x)] = append(t[a.key(x)], words)
				}
			}
		}
	}
	return t
}

// Documents is the number of passages in the index.
func (ix *Index) Documents() int { return len(ix.part.entries) }

// Close releases the index; no search may be running on it.
func (ix *Index) Close() error {
	err := ix.texts.close()
	for _, s := range ix.part.segments {
		err = errors.Join(err, s.close())
	}
	return err
}
