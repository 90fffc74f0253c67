package search

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/debug"
	"strconv"
	"strings"
	"testing"
)

const residentFolder = "CMC_TEST_RESIDENT_FOLDER"

// BenchmarkResident reports the memory of a process that only searches, in MB:
// what is its own (anon) and what is mapped from files (file), which the system
// can take back, when the index has been opened and after a thousand searches,
// the garbage collected each time. A process without an index is the measure.
//
//	go test ./search -run '^$' -bench Resident -benchtime 1x
func BenchmarkResident(b *testing.B) {
	for _, n := range []int{0, benchDocuments, 10 * benchDocuments} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			folder := b.TempDir()
			docs, words := paragraphs(b, max(n, 1))
			if err := Build(context.Background(), filepath.Join(folder, "index"), Corpus{Documents: docs[:n]}); err != nil {
				b.Fatal(err)
			}
			if err := os.WriteFile(filepath.Join(folder, "words"), []byte(strings.Join(words, "\n")), 0o600); err != nil {
				b.Fatal(err)
			}
			for b.Loop() {
				c := exec.Command(os.Args[0])
				c.Env, c.Stderr = append(os.Environ(), residentFolder+"="+folder), os.Stderr
				out, err := c.Output()
				if err != nil {
					b.Fatal(err)
				}
				var measured map[string]float64
				if err := json.Unmarshal(out, &measured); err != nil {
					b.Fatal(err)
				}
				for what, mb := range measured {
					b.ReportMetric(mb, what)
				}
			}
		})
	}
}

// residentIn is the process that is measured.
func residentIn(folder string) error {
	ctx := context.Background()
	text, err := os.ReadFile(filepath.Join(folder, "words"))
	if err != nil {
		return err
	}
	words := strings.Split(string(text), "\n")
	ix, err := Open(ctx, filepath.Join(folder, "index"))
	if err != nil {
		return err
	}
	s := NewService(filepath.Join(folder, "live"), slog.New(slog.DiscardHandler))
	if err := s.Swap(ix); err != nil {
		return err
	}
	measured := map[string]float64{}
	measure := func(when string) error {
		debug.FreeOSMemory()
		for line, what := range map[string]string{"RssAnon:": "anon", "RssFile:": "file"} {
			if measured[when+"-"+what+"-MB"], err = statusMB(line); err != nil {
				return err
			}
		}
		return nil
	}
	if err := measure("opened"); err != nil {
		return err
	}
	random := rand.New(rand.NewPCG(10, 10))
	for range 1000 {
		if _, err := s.Search(ctx, Request{Query: strings.Join(pick(random, words, 3), " "), Language: "en", Audiences: []string{"members"}}); err != nil {
			return err
		}
	}
	s.Suggest("re", "en", nil)
	if err := measure("searched"); err != nil {
		return err
	}
	if err := json.NewEncoder(os.Stdout).Encode(measured); err != nil {
		return err
	}
	return s.Close()
}

// statusMB reads one line of this process's status.
func statusMB(line string) (float64, error) {
	file, err := os.Open("/proc/self/status")
	if err != nil {
		return 0, err
	}
	defer file.Close()
	for lines := bufio.NewScanner(file); lines.Scan(); {
		if rest, ok := strings.CutPrefix(lines.Text(), line); ok {
			kb, err := strconv.ParseFloat(strings.Fields(rest)[0], 64)
			return kb / 1024, err
		}
	}
	return 0, fmt.Errorf("no %s in the status of the process", line)
}
