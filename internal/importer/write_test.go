package importer

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"cmc/internal/record"
)

const (
	reportText1  = "content/reports/port-green-2020/text.en.md"
	reportDraft  = "content/reports/port-green-2020/.draft.text.en.md"
	reportPage   = "content/reports/port-green-2020/index.en.md"
	recommended  = "content/recommendations/xyz-2020-ns-1/text.en.md"
	recommendedD = "content/recommendations/xyz-2020-ns-1/.draft.text.en.md"
	recPage      = "content/recommendations/xyz-2020-ns-1/index.en.md"
)

func document(t testing.TB) *Document {
	t.Helper()
	doc, _, err := Read("a.txt", strings.NewReader(adopted), Options{})
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

func write(t testing.TB, dir string, publish bool) *Report {
	t.Helper()
	report, err := Write(dir, document(t), WriteOptions{Publish: publish})
	if err != nil {
		t.Fatal(err)
	}
	return report
}

// tree is every file below a folder, with its content.
func tree(t testing.TB, dir string) map[string]string {
	t.Helper()
	files := map[string]string{}
	err := filepath.WalkDir(dir, func(name string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(name)
		rel, _ := filepath.Rel(dir, name)
		files[filepath.ToSlash(rel)] = string(data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func put(t testing.TB, dir, rel, content string) {
	t.Helper()
	name := filepath.Join(dir, filepath.FromSlash(rel))
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
}

func action(r *Report, file string) Action {
	for _, f := range r.Files {
		if f.Path == file {
			return f.Action
		}
	}
	return ""
}

func TestWriteMakesDraftsThatTheNextImportPublishes(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, false)
	files := tree(t, dir)
	if len(files) != 8 { // a page and a text for the report and each of 3 recommendations
		t.Errorf("%d files, want 8", len(files))
	}
	for name, content := range files {
		if strings.HasSuffix(name, "index.en.md") && !strings.Contains(content, "\ndraft: true\n") {
			t.Errorf("%s is no draft", name)
		}
		if base := filepath.Base(name); strings.HasPrefix(base, "text") {
			t.Errorf("%s would be published", name)
		}
	}
	report := write(t, dir, true)
	if action(report, reportText1) != Published || action(report, reportPage) != Published || action(report, recommended) != Published {
		t.Errorf("files = %v", report.Files)
	}
	for name, content := range tree(t, dir) {
		if strings.Contains(content, "draft: true") || strings.Contains(name, ".draft.") {
			t.Errorf("%s is still a draft", name)
		}
	}
}

func TestWriteTwiceChangesNothingAndSaysSo(t *testing.T) {
	for _, publish := range []bool{false, true} {
		dir := t.TempDir()
		write(t, dir, publish)
		before := tree(t, dir)
		report := write(t, dir, publish)
		if diff := cmp.Diff(before, tree(t, dir)); diff != "" {
			t.Errorf("publish %v: the second import changed (-before +after):\n%s", publish, diff)
		}
		var b strings.Builder
		if err := report.Print(&b); err != nil || report.Changed() || !strings.Contains(b.String(), "Nothing changed") {
			t.Errorf("publish %v: report = %s", publish, b.String())
		}
	}
}

func TestWriteDraftsDoNotTakeBackWhatIsPublished(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, true)
	before := tree(t, dir)
	if report := write(t, dir, false); report.Changed() {
		t.Errorf("files = %v", report.Files)
	}
	if diff := cmp.Diff(before, tree(t, dir)); diff != "" {
		t.Errorf("(-before +after):\n%s", diff)
	}
}

func TestWriteKeepsWhatAPersonWroteOrChanged(t *testing.T) {
	const hand = "---\ntitle: \"By hand\"\n---\nMine.\n"
	for _, test := range []struct {
		name    string
		before  bool   // an import ran before
		publish bool   // …and published
		file    string // then this file was written by hand
		edit    func(string) string
		again   bool // the next import publishes
		want    Action
	}{
		{"a text written by hand", false, false, reportText1, func(string) string { return hand }, true, Kept},
		{"a published text, corrected", true, true, reportText1, func(s string) string { return strings.Replace(s, "Paint", "Varnish", 1) }, true, Kept},
		{"a draft text, corrected", true, false, reportDraft, func(s string) string { return strings.Replace(s, "Paint", "Varnish", 1) }, false, Kept},
		{"a draft of a recommendation, corrected", true, false, recommendedD, func(s string) string { return s + "More.\n" }, false, Kept},
		{"a draft page, completed", true, false, recPage, func(s string) string { return strings.Replace(s, "themes: []", "themes: [boats]", 1) }, false, Kept},
		{"a text saved with other line ends", true, true, reportText1, func(s string) string { return strings.ReplaceAll(s, "\n", "\r\n") }, true, Kept},
	} {
		t.Run(test.name, func(t *testing.T) {
			dir := t.TempDir()
			if test.before {
				write(t, dir, test.publish)
			}
			want := test.edit(tree(t, dir)[test.file])
			put(t, dir, test.file, want)
			report := write(t, dir, test.again)
			if got := tree(t, dir)[test.file]; got != want {
				t.Errorf("the file became %q", got)
			}
			if got := action(report, test.file); got != test.want {
				t.Errorf("action = %q, want %q in %v", got, test.want, report.Files)
			}
		})
	}
}

func TestWritePublishesADraftWithTheChangesMadeByHand(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, false)
	files := tree(t, dir)
	put(t, dir, recommendedD, strings.Replace(files[recommendedD], "Paint", "Varnish", 1))
	put(t, dir, recPage, strings.Replace(files[recPage], "themes: []", "themes: [boats]", 1))
	report := write(t, dir, true)
	after := tree(t, dir)
	if !strings.Contains(after[recommended], "Varnish") || after[recommendedD] != "" {
		t.Errorf("text = %q", after[recommended])
	}
	if p := after[recPage]; !strings.Contains(p, "themes: [boats]") || strings.Contains(p, "draft") {
		t.Errorf("page = %q", p)
	}
	if action(report, recPage) != Published {
		t.Errorf("files = %v", report.Files)
	}
}

func TestWriteJoinsRecordsThatExist(t *testing.T) {
	const mine = "---\nid: \"%s\"\ntitle: \"Mine\"\nsymbol: \"%s\"\n---\nMy summary.\n"
	page := func(id, symbol string) string {
		return strings.Replace(strings.Replace(mine, "%s", id, 1), "%s", symbol, 1)
	}
	dir := t.TempDir()
	put(t, dir, "content/reports/harbour/index.en.md", page("report-xyz-2020-port-green", "XYZ/2020/REP"))
	put(t, dir, "content/recommendations/paint/index.es.md", page("paint", "XYZ/2020/NS/1"))
	put(t, dir, "content/recommendations/xyz-2020-ns-2/index.en.md", strings.Replace(page("x", "XYZ/2020/NS/2"), "---\nMy", "sources: [{report: other-2019}]\n---\nMy", 1))
	before := tree(t, dir)
	report := write(t, dir, true)
	after := tree(t, dir)
	for name, content := range before {
		if after[name] != content {
			t.Errorf("%s was changed", name)
		}
	}
	if after["content/reports/harbour/text.en.md"] == "" || after["content/recommendations/paint/text.en.md"] == "" {
		t.Errorf("the texts are not with their records: %v", report.Files)
	}
	if _, ok := after["content/recommendations/xyz-2020-ns-2/text.en.md"]; ok || report.Count(Person) != 1 {
		t.Errorf("a record of another report was joined: %v", report.Findings)
	}
	if _, ok := after[reportPage]; ok {
		t.Error("a second record of the report was made")
	}
}

func TestWriteKeepsANewVersionWaitingUntilItIsPublished(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, true)
	old := tree(t, dir)[reportText1]
	doc, _, err := Read("a.txt", strings.NewReader(strings.Replace(adopted, "Mend", "Patch", 1)), Options{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Write(dir, doc, WriteOptions{}); err != nil {
		t.Fatal(err)
	}
	if files := tree(t, dir); files[reportText1] != old || !strings.Contains(files[reportDraft], "Patch") {
		t.Errorf("published = %q, waiting = %q", files[reportText1], files[reportDraft])
	}
	if _, err := Write(dir, doc, WriteOptions{Publish: true}); err != nil {
		t.Fatal(err)
	}
	if files := tree(t, dir); !strings.Contains(files[reportText1], "Patch") || files[reportDraft] != "" {
		t.Errorf("published = %q, waiting = %q", files[reportText1], files[reportDraft])
	}
}

func TestWriteAllOrNothing(t *testing.T) {
	dir := t.TempDir()
	put(t, dir, "content/recommendations/xyz-2020-ns-2", "a file where a folder is needed")
	before := tree(t, dir)
	if _, err := Write(dir, document(t), WriteOptions{Publish: true}); err == nil {
		t.Fatal("Write succeeded")
	}
	if diff := cmp.Diff(before, tree(t, dir)); diff != "" {
		t.Errorf("a failed import left something (-before +after):\n%s", diff)
	}
	if _, err := os.Stat(filepath.Join(dir, "content", "reports")); !os.IsNotExist(err) {
		t.Errorf("a failed import left a folder: %v", err)
	}
}

func TestWriteStopsAtARecordThatCannotBeRead(t *testing.T) {
	dir := t.TempDir()
	put(t, dir, "content/recommendations/other/index.en.md", "---\ntitle: [\n---\n")
	_, err := Write(dir, document(t), WriteOptions{})
	if err == nil || !strings.Contains(err.Error(), filepath.Join("content", "recommendations", "other", "index.en.md")+": line ") {
		t.Errorf("Write = %v", err)
	}
}

func TestWriteMakesRecordsThatPassTheCheck(t *testing.T) {
	for _, publish := range []bool{false, true} {
		dir := t.TempDir()
		write(t, dir, publish)
		result, err := record.Check(dir, time.Now())
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range result.Findings {
			t.Errorf("publish %v: %v", publish, f)
		}
	}
}

func TestWriteGivesEachBlockItsPlace(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, true)
	files := tree(t, dir)
	for _, want := range []string{
		"## 2\\. Conclusions and recommendations {id=\"sec-2\" data-page=\"1\"}\n",
		"- Paint the \\*boats\\*\n  {id=\"par-2-02\" data-page=\"1\"}\n",
		"- Old ones\n{id=\"par-1-02\" data-page=\"1\"}\n",
		"- Sell \\\"them\\\"[^1]\n{id=\"par-2-05\" data-page=\"1\"}\n",
		"\n[^1]: At <http://example.org/market>.\n",
	} {
		if !strings.Contains(files[reportText1], want) {
			t.Errorf("the text lacks %q:\n%s", want, files[reportText1])
		}
	}
	_, body := cutFront(files[recommended])
	if want := "\nPaint the \\*boats\\*\n{id=\"par-2-02\" data-page=\"1\"}\n"; body != want {
		t.Errorf("recommendation = %q, want %q", body, want)
	}
}
