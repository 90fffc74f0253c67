package search

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
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

// ReadCollection reads docs.jsonl (id, title, text, lang), queries.tsv (id,
// text) and qrels.tsv (query, document, grade; a column between the first two
// is passed over, and so is a first line that names the columns) from dir. A
// document without lang is of the language its words are of.
func ReadCollection(dir string) (*Collection, error) {
	c := &Collection{Name: filepath.Base(dir)}
	if whole, err := filepath.Abs(dir); err == nil {
		c.Name = filepath.Base(whole)
	}
	seen, asked := map[string]bool{}, map[string]int{}
	a := newAnalyzers()
	err := eachLine(filepath.Join(dir, "docs.jsonl"), func(line string, _ int) error {
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
	if err != nil {
		return nil, err
	}
	err = eachLine(filepath.Join(dir, "queries.tsv"), func(line string, _ int) error {
		id, text, ok := strings.Cut(line, "\t")
		if !ok {
			id, text, ok = strings.Cut(strings.TrimSpace(line), " ")
		}
		id = strings.TrimSpace(id)
		if _, twice := asked[id]; !ok || id == "" || twice {
			return errors.New("want an id of its own, a tab and the text of the query")
		}
		asked[id] = len(c.Questions)
		c.Questions = append(c.Questions, Question{ID: id, Text: strings.TrimSpace(text), Relevant: map[string]int{}})
		return nil
	})
	if err != nil {
		return nil, err
	}
	err = eachLine(filepath.Join(dir, "qrels.tsv"), func(line string, n int) error {
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
		}
		return nil
	})
	return c, err
}

// readTrecDocument makes one record of a line of docs.jsonl.
func readTrecDocument(line string) (Document, error) {
	var raw struct {
		ID    any    `json:"id"`
		Other any    `json:"_id"`
		Title string `json:"title"`
		Text  string `json:"text"`
		Lang  string `json:"lang"`
	}
	decoder := json.NewDecoder(strings.NewReader(line))
	decoder.UseNumber()
	if err := decoder.Decode(&raw); err != nil {
		return Document{}, fmt.Errorf("read document: %w", err)
	}
	if raw.ID == nil {
		raw.ID = raw.Other
	}
	id := ""
	if raw.ID != nil {
		id = strings.TrimSpace(fmt.Sprint(raw.ID))
	}
	if id == "" {
		return Document{}, errors.New("the document has no id")
	}
	lang, _, _ := strings.Cut(strings.ToLower(raw.Lang), "-")
	return Document{
		ID: id, Record: id, Type: trecType, Lang: lang, URL: "/" + id,
		Title: raw.Title, Body: raw.Text, Audience: []string{Public},
	}, nil
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
