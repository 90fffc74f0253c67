package search

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/blevesearch/bleve/v2"
	index "github.com/blevesearch/bleve_index_api"
)

// ErrDamaged says that an index is not what was built, or was never finished.
// It cannot be repaired; it is derived from the site and can be rebuilt.
var ErrDamaged = errors.New("search index is damaged or incomplete: rebuild it")

const (
	bleveDir      = "bleve"
	catalogueFile = "catalogue.json"
	// batchSize bounds the memory of a build; larger batches gain no speed.
	batchSize = 1000
)

// Corpus is all that an index is built from.
type Corpus struct {
	Documents []Document
	// Synonyms are groups of words or phrases that mean the same, known to
	// everyone. A document's Acronyms and Title are such a group by themselves.
	Synonyms [][]string
	// Terms are words of the field in several languages, known to everyone.
	// What is found only by a translation stands behind what holds the words.
	Terms []Term
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

// catalogue is what stands beside Bleve's files.
type catalogue struct {
	Documents []*catalogued `json:"documents"`
	Synonyms  [][]string    `json:"synonyms,omitempty"`
	Terms     []Term        `json:"terms,omitempty"`
	Labels    Labels        `json:"labels,omitempty"`
}

// Build writes an index of corpus into dir, which must not exist yet. Where
// documents have no Place, they stand in their records as they come. Until
// the manifest stands there, as the last file, Open refuses the index.
func Build(ctx context.Context, dir string, corpus Corpus) (err error) {
	if err := os.MkdirAll(filepath.Dir(dir), 0o750); err != nil {
		return fmt.Errorf("make index directory: %w", err)
	}
	if err := os.Mkdir(dir, 0o750); err != nil {
		return fmt.Errorf("make index directory: %w", err)
	}
	bl, err := bleve.New(filepath.Join(dir, bleveDir), indexMapping())
	if err != nil {
		return fmt.Errorf("create index: %w", err)
	}
	docs, err := addAll(ctx, bl, newAnalyzers(), slices.Clone(corpus.Documents))
	if closed := bl.Close(); err == nil && closed != nil {
		err = fmt.Errorf("close new index: %w", closed)
	}
	if err != nil {
		return err
	}
	kept, err := json.Marshal(catalogue{docs, corpus.Synonyms, corpus.Terms, corpus.Labels})
	if err != nil {
		return fmt.Errorf("encode catalogue: %w", err)
	}
	if err := writeSynced(filepath.Join(dir, catalogueFile), kept); err != nil {
		return fmt.Errorf("write catalogue: %w", err)
	}
	return writeManifest(dir)
}

// addAll indexes documents in batches and returns their catalogue.
func addAll(ctx context.Context, bl bleve.Index, a *analyzers, docs []Document) ([]*catalogued, error) {
	seen := make(map[string]bool, len(docs))
	all := make([]*catalogued, 0, len(docs))
	for len(docs) > 0 {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		n := min(batchSize, len(docs))
		for i := range docs[:n] {
			if id := docs[i].ID; id == "" || seen[id] {
				return nil, fmt.Errorf("index documents: id %q is missing or used twice", id)
			}
			seen[docs[i].ID] = true
			if docs[i].Place == 0 {
				docs[i].Place = len(all) + i
			}
		}
		some, err := add(bl, a, docs[:n])
		if err != nil {
			return nil, err
		}
		all, docs = append(all, some...), docs[n:]
	}
	return all, nil
}

// add indexes documents as one batch, which is durable when add returns.
func add(bl bleve.Index, a *analyzers, docs []Document) ([]*catalogued, error) {
	inner, err := bl.Advanced()
	if err != nil {
		return nil, fmt.Errorf("reach index: %w", err)
	}
	batch := index.NewBatch()
	out := make([]*catalogued, len(docs))
	measures := make([]func() lengths, len(docs))
	for i := range docs {
		d := a.bleveDocument(&docs[i])
		d.AddIDField()
		batch.Update(d)
		measures[i] = func() lengths { return measure(d) }
		out[i] = &catalogued{Document: docs[i]}
		out[i].Body = ""
	}
	if err := inner.Batch(batch); err != nil {
		return nil, fmt.Errorf("index %d documents: %w", len(docs), err)
	}
	for i, m := range measures {
		out[i].Lengths = m()
	}
	return out, nil
}

// Index is a built index, opened for reading.
type Index struct {
	bleve    bleve.Index
	part     *part
	synonyms map[string][][]string
	terms    lexicon
	spoken   map[string]map[string]bool // word of a term → its languages
	labels   Labels
	named    [facetCount]map[string][]string // what facet values are called → values
}

// Open verifies every byte of the index in dir against its manifest and opens
// it. Several processes may have it open.
func Open(ctx context.Context, dir string) (*Index, error) {
	if err := verify(dir); err != nil {
		return nil, err
	}
	raw, err := os.ReadFile(filepath.Join(dir, catalogueFile))
	if err != nil {
		return nil, fmt.Errorf("read catalogue: %w", err)
	}
	var kept catalogue
	if err := json.Unmarshal(raw, &kept); err != nil {
		return nil, fmt.Errorf("%w: catalogue: %w", ErrDamaged, err)
	}
	bl, err := bleve.OpenUsing(filepath.Join(dir, bleveDir), map[string]any{"read_only": true})
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	byID := make(map[string]*catalogued, len(kept.Documents))
	for _, c := range kept.Documents {
		byID[c.ID] = c
	}
	a := newAnalyzers()
	p, err := openPart(ctx, a, bl, byID)
	if err == nil && len(p.order) != len(byID) {
		err = fmt.Errorf("%w: %d of %d documents", ErrDamaged, len(p.order), len(byID))
	}
	if err != nil {
		return nil, errors.Join(err, bl.Close())
	}
	return &Index{bleve: bl, part: p, synonyms: thesaurus(a, kept.Synonyms), terms: a.lexicon(kept.Terms), spoken: a.spokenWords(kept.Terms), labels: kept.Labels, named: a.namedValues(kept.Labels)}, nil
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
func (ix *Index) Documents() int { return len(ix.part.order) }

// Close releases the index; no search may be running on it.
func (ix *Index) Close() error {
	return errors.Join(ix.part.reader.Close(), ix.bleve.Close())
}

// openPart takes a reader of what bl holds now.
func openPart(ctx context.Context, a *analyzers, bl bleve.Index, docs map[string]*catalogued) (*part, error) {
	inner, err := bl.Advanced()
	if err != nil {
		return nil, fmt.Errorf("reach index: %w", err)
	}
	reader, err := inner.Reader()
	if err != nil {
		return nil, fmt.Errorf("read index: %w", err)
	}
	p, err := newPart(ctx, a, reader, docs)
	if err != nil {
		return nil, errors.Join(err, reader.Close())
	}
	return p, nil
}
