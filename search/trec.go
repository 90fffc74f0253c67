package search

import (
	"bufio"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/text/language"
)

// Collection is a test collection: documents, questions, and what people found
// relevant to each of them.
type Collection struct {
	Name      string
	Documents []Document
	Questions []Question
}

// Question is one query of a collection.
type Question struct {
	ID       string
	Text     string
	Relevant map[string]int // document → grade, above zero
}

const (
	// trecType is no word of any language, so that no query names it.
	trecType = "trecrecord"
	// maxTrecLine bounds a line of a collection, in bytes.
	maxTrecLine = 64 << 20
)

// ReadCollection reads docs.jsonl, queries.tsv and qrels.tsv from dir. A
// document without a language is of the one its words are of.
func ReadCollection(dir string) (*Collection, error) {
	c := &Collection{Name: filepath.Base(dir)}
	if whole, err := filepath.Abs(dir); err == nil {
		c.Name = filepath.Base(whole)
	}
	for _, read := range []func(*Collection, string) error{readDocuments, readQuestions, readGrades} {
		if err := read(c, dir); err != nil {
			return nil, err
		}
	}
	return c, nil
}

// readDocuments reads a record from each line of docs.jsonl.
func readDocuments(c *Collection, dir string) error {
	seen, a := map[string]bool{}, newAnalyzers()
	return eachLine(filepath.Join(dir, "docs.jsonl"), func(line string, _ int) error {
		d, err := readTrecDocument(line)
		if err != nil {
			return err
		}
		if seen[d.ID] {
			return fmt.Errorf("document %q comes twice", d.ID)
		}
		seen[d.ID] = true
		if d.Lang == "" {
			d.Lang = a.recognise(d.Title + "\n" + d.Body)
		}
		c.Documents = append(c.Documents, d)
		return nil
	})
}

// trecDocument is a line of docs.jsonl, by the names that collections use.
type trecDocument struct {
	ID       any    `json:"id"`
	Under    any    `json:"_id"`
	DocID    any    `json:"docid"`
	DocNo    any    `json:"docno"`
	Title    string `json:"title"`
	Text     string `json:"text"`
	Contents string `json:"contents"`
	Body     string `json:"body"`
	Lang     string `json:"lang"`
	Language string `json:"language"`
}

// readTrecDocument makes one record of a line of docs.jsonl.
func readTrecDocument(line string) (Document, error) {
	var raw trecDocument
	decoder := json.NewDecoder(strings.NewReader(line))
	decoder.UseNumber()
	if err := decoder.Decode(&raw); err != nil {
		return Document{}, fmt.Errorf("read document: %w", err)
	}
	id := ""
	for _, named := range []any{raw.ID, raw.Under, raw.DocID, raw.DocNo} {
		if id == "" && named != nil {
			id = strings.TrimSpace(fmt.Sprint(named))
		}
	}
	if id == "" {
		return Document{}, errors.New("the document has no id")
	}
	return Document{
		ID: id, Record: id, Type: trecType, Lang: languageCode(cmp.Or(raw.Lang, raw.Language)), URL: "/" + id,
		Title: raw.Title, Body: cmp.Or(raw.Text, raw.Contents, raw.Body), Audience: []string{Public},
	}, nil
}

// languageCode is the short code of a language: en of en-GB, en_GB and eng.
func languageCode(tag string) string {
	tag, _, _ = strings.Cut(strings.ReplaceAll(strings.ToLower(strings.TrimSpace(tag)), "_", "-"), "-")
	if base, err := language.ParseBase(tag); err == nil {
		return base.String()
	}
	return tag
}

// readQuestions reads the id and the text of a query from each line of
// queries.tsv. A line that names the columns makes a query that nobody judged.
func readQuestions(c *Collection, dir string) error {
	asked := map[string]bool{}
	return eachLine(filepath.Join(dir, "queries.tsv"), func(line string, _ int) error {
		id, text, ok := strings.Cut(line, "\t")
		if !ok {
			id, text, ok = strings.Cut(strings.TrimSpace(line), " ")
		}
		if id = strings.TrimSpace(id); !ok || id == "" || asked[id] {
			return errors.New("want an id of its own, a tab and the text of the query")
		}
		asked[id] = true
		c.Questions = append(c.Questions, Question{ID: id, Text: strings.TrimSpace(text), Relevant: map[string]int{}})
		return nil
	})
}

// readGrades reads lines of qrels.tsv: query, document, grade; a column
// between the first two is passed over, and so is a first line that names the
// columns.
func readGrades(c *Collection, dir string) error {
	asked, known, found := map[string]int{}, map[string]bool{}, false
	for i, q := range c.Questions {
		asked[q.ID] = i
	}
	for i := range c.Documents {
		known[c.Documents[i].ID] = true
	}
	path := filepath.Join(dir, "qrels.tsv")
	err := eachLine(path, func(line string, n int) error {
		fields := strings.Fields(line)
		if len(fields) == 4 {
			fields = append(fields[:1], fields[2:]...)
		}
		if len(fields) != 3 {
			return errors.New("want a query, a document and a grade")
		}
		grade, err := strconv.ParseFloat(fields[2], 64)
		if err != nil && n == 1 {
			return nil
		}
		if err != nil {
			return fmt.Errorf("grade %q is no number", fields[2])
		}
		if i, ok := asked[fields[0]]; ok && grade > 0 {
			c.Questions[i].Relevant[fields[1]] = max(c.Questions[i].Relevant[fields[1]], int(grade), 1)
			found = found || known[fields[1]]
		}
		return nil
	})
	if err == nil && !found {
		return fmt.Errorf("%s: no line names a query of queries.tsv and a document of docs.jsonl; are the ids the same?", path)
	}
	return err
}

// eachLine reads a file's lines that are not blank; an error names the line.
func eachLine(path string, each func(line string, n int) error) error {
	file, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("read collection: %w", err)
	}
	defer file.Close()
	lines := bufio.NewReaderSize(file, 1<<16)
	for n := 1; ; n++ {
		line, err := readLine(lines)
		if n == 1 {
			line = strings.TrimPrefix(line, "\ufeff")
		}
		if strings.TrimSpace(line) != "" {
			if wrong := each(line, n); wrong != nil {
				return fmt.Errorf("%s:%d: %w", path, n, wrong)
			}
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("%s:%d: %w", path, n, err)
		}
	}
}

func readLine(r *bufio.Reader) (string, error) {
	var line []byte
	for {
		piece, more, err := r.ReadLine()
		line = append(line, piece...)
		if err != nil || !more {
			return string(line), err
		}
		if len(line) > maxTrecLine {
			return "", fmt.Errorf("the line is longer than %d bytes", maxTrecLine)
		}
	}
}
