package search

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"
	"time"
)

const killFolder = "CMC_TEST_KILL_FOLDER"

// TestMain is also the process that is killed, and the one whose memory is
// measured.
func TestMain(m *testing.M) {
	if folder := os.Getenv(residentFolder); folder != "" {
		if err := residentIn(folder); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	if folder := os.Getenv(killFolder); folder != "" {
		indexUntilKilled(folder)
	}
	os.Exit(m.Run())
}

// indexUntilKilled builds one index after the other and tells of each that is
// done.
func indexUntilKilled(folder string) {
	for n := 0; ; n++ {
		if err := Build(context.Background(), generation(folder, n), Corpus{Documents: generationDocuments(n)}); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		fmt.Fprintln(os.Stdout, n)
	}
}

func generation(folder string, n int) string { return filepath.Join(folder, strconv.Itoa(n)) }

// generationDocuments are such that an answer tells the generation.
func generationDocuments(n int) []Document {
	docs := corpus()
	for i := range docs {
		docs[i].Body += fmt.Sprintf(" generation%d", n)
	}
	return docs
}

// An index that a killed process had finished is whole, and one that it had
// not finished is refused and can be built again.
//
//	CMC_TEST_KILLS=300 go test ./search -run Killed
func TestAKilledBuildLosesNothingThatWasDone(t *testing.T) {
	kills := 20
	if text := os.Getenv("CMC_TEST_KILLS"); text != "" {
		var err error
		if kills, err = strconv.Atoi(text); err != nil {
			t.Fatal(err)
		}
	}
	random := rand.New(rand.NewPCG(300, 4))
	refused := 0
	for range kills {
		refused += killOnce(t, 60*time.Millisecond+time.Duration(random.IntN(120))*time.Millisecond)
	}
	t.Logf("%d kills, %d of them within a build", kills, refused)
}

// killOnce returns 1 if the process was within a build.
func killOnce(t *testing.T, after time.Duration) (refused int) {
	t.Helper()
	folder := t.TempDir()
	ctx, cancel := context.WithTimeout(context.Background(), after)
	defer cancel()
	c := exec.CommandContext(ctx, os.Args[0]) // which kills it at the end
	c.Env = append(os.Environ(), killFolder+"="+folder)
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	done := -1
	for lines := bufio.NewScanner(out); lines.Scan(); {
		if done, err = strconv.Atoi(lines.Text()); err != nil {
			t.Fatalf("the process said %q", lines.Text())
		}
	}
	_ = c.Wait()
	for n := range done + 1 {
		checkGeneration(t, folder, n)
	}
	next := generation(folder, done+1)
	ix, err := Open(context.Background(), next)
	switch {
	case err == nil:
		_ = ix.Close()
		checkGeneration(t, folder, done+1) // finished, and killed before it said so
		return 0
	case !errors.Is(err, ErrDamaged):
		t.Fatalf("Open of an unfinished index = %v, want ErrDamaged", err)
	}
	if _, err := os.Stat(next); errors.Is(err, fs.ErrNotExist) {
		return 0
	}
	if err := os.RemoveAll(next); err != nil {
		t.Fatal(err)
	}
	if err := Build(context.Background(), next, Corpus{Documents: generationDocuments(done + 1)}); err != nil {
		t.Fatal(err)
	}
	checkGeneration(t, folder, done+1)
	return 1
}

func checkGeneration(t *testing.T, folder string, n int) {
	t.Helper()
	ix, err := Open(context.Background(), generation(folder, n))
	if err != nil {
		t.Fatalf("Open of a finished index: %v", err)
	}
	s := NewService(filepath.Join(folder, "live"), slog.New(slog.DiscardHandler))
	defer s.Close()
	if err := s.Swap(ix); err != nil {
		t.Fatal(err)
	}
	docs := corpus()
	want := map[string]bool{}
	var readers []string
	for _, d := range docs {
		want[d.Record] = true
		readers = append(readers, d.Audience...)
	}
	for asked, total := range map[string]int{fmt.Sprint("generation", n): len(want), fmt.Sprint("generation", n+1): 0} {
		if r := find(t, s, Request{Query: `"` + asked + `"`, Audiences: readers, Size: 50}); r.Total != total {
			t.Errorf("%s in generation %d is found %d times, want %d", asked, n, r.Total, total)
		}
	}
}
