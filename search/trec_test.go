package search

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// writeCollection writes the three files of a collection.
func writeCollection(t *testing.T, docs, queries, qrels string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range map[string]string{"docs.jsonl": docs, "queries.tsv": queries, "qrels.tsv": qrels} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestACollectionIsReadLiberally(t *testing.T) {
	c, err := ReadCollection(writeCollection(
		t,
		"\ufeff{\"id\": 7, \"title\": \"One\", \"text\": \"the text of the first\"}\r\n\n"+
			`{"_id": "b", "text": "el texto de la segunda que no es como los otros", "extra": [1]}`+"\n"+
			`{"id": "c", "text": "x", "lang": "NL_be"}`+"\n"+
			`{"docno": "d", "contents": "x", "title": null, "language": "deu"}`,
		"1\twho is first?\n2 and second?\r\n3\tnobody\n",
		"query-id\tcorpus-id\tscore\n1 0 7 2\n1\tb\t1\n2 Q0 b 0\n9 7 1\n2 b 1\n",
	))
	if err != nil {
		t.Fatal(err)
	}
	want := []Question{
		{"1", "who is first?", map[string]int{"7": 2, "b": 1}},
		{"2", "and second?", map[string]int{"b": 1}},
		{"3", "nobody", map[string]int{}},
	}
	if diff := cmp.Diff(want, c.Questions); diff != "" {
		t.Errorf("questions (-want +got):\n%s", diff)
	}
	var langs []string
	for _, d := range c.Documents {
		langs = append(langs, d.ID+":"+d.Lang)
	}
	if got := strings.Join(langs, " "); got != "7:en b:es c:nl d:de" {
		t.Errorf("documents are %q", got)
	}
}

func TestAFaultInACollectionIsNamedByItsLine(t *testing.T) {
	const docs, queries, qrels = `{"id":"a","text":"x"}`, "1\tx", "1 a 1"
	for _, test := range []struct{ name, docs, queries, qrels, want string }{
		{"no JSON", docs + "\n{", queries, qrels, "docs.jsonl:2"},
		{"no id", `{"text":"x"}`, queries, qrels, "docs.jsonl:1"},
		{"the same document again", docs + "\n" + docs, queries, qrels, "docs.jsonl:2"},
		{"a query without text", docs, "1", qrels, "queries.tsv:1"},
		{"the same query again", docs, "1\tx\n1\ty", qrels, "queries.tsv:2"},
		{"two columns", docs, queries, "1 a", "qrels.tsv:1"},
		{"ids of other documents", docs, queries, "1 b 1", "qrels.tsv: no line"},
		{"a grade that is no number", docs, queries, "1 a 1\n1 b x", "qrels.tsv:2"},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := ReadCollection(writeCollection(t, test.docs, test.queries, test.qrels))
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("ReadCollection = %v, want an error at %s", err, test.want)
			}
		})
	}
}
