package search

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/analysis/analyzer/keyword"
	_ "github.com/blevesearch/bleve/v2/analysis/lang/en" // its analyzer, by name
	"golang.org/x/sys/unix"
)

// benchDocuments is the size of the collection, in paragraphs.
const benchDocuments = 10_000

// BenchmarkAnswer compares a full answer (three words, access filter, facets,
// snippets, JSON) with what Bleve by itself and SQLite's FTS5 do over the same
// documents; a long one is a question of twelve words. It reports CPU time of
// the thread, since wall time is the machine's mood. Even that differs with what
// else runs: compare within one run.
//
//	go test ./search -run '^$' -bench Answer -benchtime 400x
func BenchmarkAnswer(b *testing.B) {
	for _, n := range []int{benchDocuments, 10 * benchDocuments} {
		docs, words := paragraphs(b, n)
		ours := func(length int) func(b *testing.B) {
			return func(b *testing.B) {
				s := open(b, docs)
				percentiles(b, words, length, func(query string) any {
					return find(b, s, Request{Query: query, Language: "en", Size: 10, Audiences: []string{"members"}})
				})
			}
		}
		b.Run(fmt.Sprint(n, "/ours"), ours(3))
		b.Run(fmt.Sprint(n, "/long"), ours(12))
		b.Run(fmt.Sprint(n, "/bleve"), func(b *testing.B) {
			plain := plainBleve(b, docs)
			defer plain.Close()
			percentiles(b, words, 3, func(query string) any { return askBleve(b, plain, query) })
		})
		b.Run(fmt.Sprint(n, "/fts5"), func(b *testing.B) {
			db := fullText(b, docs)
			percentiles(b, words, 3, func(query string) any { return askFullText(b, db, query) })
		})
	}
}

// percentiles runs queries of n words and reports p50, p95 and p99.
func percentiles(b *testing.B, words []string, n int, answer func(string) any) {
	b.Helper()
	random := rand.New(rand.NewPCG(7, 7))
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	var spent []time.Duration
	for b.Loop() {
		query := strings.Join(pick(random, words, n), " ")
		began := threadTime(b)
		if _, err := json.Marshal(answer(query)); err != nil {
			b.Fatal(err)
		}
		spent = append(spent, threadTime(b)-began)
	}
	slices.Sort(spent)
	for _, p := range []int{50, 95, 99} {
		b.ReportMetric(spent[len(spent)*p/100].Seconds()*1000, fmt.Sprintf("p%d-ms", p))
	}
}

func threadTime(b *testing.B) time.Duration {
	b.Helper()
	var now unix.Timespec
	if err := unix.ClockGettime(unix.CLOCK_THREAD_CPUTIME_ID, &now); err != nil {
		b.Fatal(err)
	}
	return time.Duration(now.Nano())
}

// paragraphs makes n documents of the sentences of the site's own content.
func paragraphs(tb testing.TB, n int) (docs []Document, words []string) {
	tb.Helper()
	var sentences []string
	seen := map[string]bool{}
	err := filepath.WalkDir("../content", func(path string, d fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, ".en.md") {
			return err
		}
		text, err := os.ReadFile(path)
		for sentence := range strings.SplitSeq(string(text), ". ") {
			sentences = append(sentences, strings.Join(strings.Fields(sentence), " "))
			for _, w := range newAnalyzers().words(sentence) {
				if len(w) > 3 && !seen[w] {
					seen[w] = true
					words = append(words, w)
				}
			}
		}
		return err
	})
	if err != nil {
		tb.Fatal(err)
	}
	random := rand.New(rand.NewPCG(3, 9))
	docs = make([]Document, n)
	for i := range docs {
		record := i / 4
		docs[i] = Document{
			ID: fmt.Sprint("d", i), Record: fmt.Sprint("r", record), Type: []string{"report", "practice", "meeting"}[record%3],
			Lang: "en", URL: fmt.Sprintf("/r/%d/", record), Anchor: fmt.Sprint("p", i), Title: sentences[record%len(sentences)],
			Body:      strings.Join(pick(random, sentences, 3+random.IntN(5)), ". "),
			Countries: pick(random, []string{"BHS", "BLZ", "SUR", "TTO", "CYM", "ATG"}, 2), Themes: pick(random, []string{"one", "two", "three", "four"}, 2),
			Year: 2010 + record%12, Audience: []string{[]string{Public, "members", "group:a"}[record%3]},
		}
	}
	return docs, words
}

// plainBleve is an index as Bleve's own documentation would have it.
func plainBleve(tb testing.TB, docs []Document) bleve.Index {
	tb.Helper()
	m := bleve.NewIndexMapping()
	m.DefaultAnalyzer = "en"
	exact := bleve.NewTextFieldMapping()
	exact.Analyzer = keyword.Name
	for _, name := range []string{"type", "country", "theme", "year", "lang", "audience"} {
		m.DefaultMapping.AddFieldMappingsAt(name, exact)
	}
	ix, err := bleve.New(filepath.Join(tb.TempDir(), "plain"), m)
	if err != nil {
		tb.Fatal(err)
	}
	for chunk := range slices.Chunk(docs, 1000) {
		batch := ix.NewBatch()
		for _, d := range chunk {
			err := batch.Index(d.ID, map[string]any{
				"title": d.Title, "body": d.Body, "type": d.Type, "country": d.Countries, "theme": d.Themes,
				"year": fmt.Sprint(d.Year), "lang": d.Lang, "audience": d.Audience,
			})
			if err != nil {
				tb.Fatal(err)
			}
		}
		if err := ix.Batch(batch); err != nil {
			tb.Fatal(err)
		}
	}
	return ix
}

func askBleve(tb testing.TB, ix bleve.Index, query string) *bleve.SearchResult {
	tb.Helper()
	title, body := bleve.NewMatchQuery(query), bleve.NewMatchQuery(query)
	title.SetField("title")
	title.SetBoost(3)
	body.SetField("body")
	public, members := bleve.NewTermQuery(Public), bleve.NewTermQuery("members")
	public.SetField("audience")
	members.SetField("audience")
	asked := bleve.NewBooleanQuery()
	asked.AddMust(bleve.NewDisjunctionQuery(title, body))
	asked.AddFilter(bleve.NewDisjunctionQuery(public, members))
	r := bleve.NewSearchRequestOptions(asked, 10, 0, false)
	r.Fields = []string{"title", "type", "country", "theme", "year"}
	r.Highlight = bleve.NewHighlightWithStyle("html")
	for _, name := range facetNames {
		r.AddFacet(name, bleve.NewFacetRequest(name, 30))
	}
	result, err := ix.Search(r)
	if err != nil {
		tb.Fatal(err)
	}
	return result
}

func size(tb testing.TB, dir string) int64 {
	tb.Helper()
	var total int64
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		info, err := d.Info()
		if err == nil {
			total += info.Size()
		}
		return err
	})
	if err != nil {
		tb.Fatal(err)
	}
	return total
}
