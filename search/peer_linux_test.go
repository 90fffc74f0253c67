package search

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/blevesearch/bleve/v2"
)

// TestBesidePlainBleve measures the ranking beside that of Bleve as its own
// documentation would have it, over collections that are not part of the
// project.
//
//	CMC_COLLECTIONS=/folder/with/collections go test ./search -run Beside -v
func TestBesidePlainBleve(t *testing.T) {
	folder := os.Getenv("CMC_COLLECTIONS")
	if folder == "" {
		t.Skip("CMC_COLLECTIONS names no folder of test collections")
	}
	dirs, err := filepath.Glob(filepath.Join(folder, "*", "qrels.tsv"))
	if err != nil {
		t.Fatal(err)
	}
	for _, dir := range dirs {
		c, err := ReadCollection(filepath.Dir(dir))
		if err != nil {
			t.Fatal(err)
		}
		ours, err := Assess(t.Context(), c, filepath.Join(t.TempDir(), "collection"))
		if err != nil {
			t.Fatal(err)
		}
		t.Logf("%-10s ours  %.3f %.3f %.3f", c.Name, ours.NDCG, ours.MAP, ours.Recall)
		theirs := assessBleve(t, c)
		t.Logf("%-10s bleve %.3f %.3f %.3f", c.Name, theirs.NDCG, theirs.MAP, theirs.Recall)
	}
}

// assessBleve asks plain Bleve the questions of a collection.
func assessBleve(t *testing.T, c *Collection) Measures {
	t.Helper()
	plain := plainBleve(t, c.Documents)
	defer plain.Close()
	var all []Measures
	for _, q := range c.Questions {
		if len(q.Relevant) == 0 {
			continue
		}
		title, body := bleve.NewMatchQuery(q.Text), bleve.NewMatchQuery(q.Text)
		title.SetField("title")
		body.SetField("body")
		result, err := plain.Search(bleve.NewSearchRequestOptions(bleve.NewDisjunctionQuery(title, body), trecDepth, 0, false))
		if err != nil {
			t.Fatal(err)
		}
		var ranking []string
		for _, hit := range result.Hits {
			ranking = append(ranking, hit.ID)
		}
		all = append(all, measureRanking(ranking, q.Relevant))
	}
	return mean(all)
}
