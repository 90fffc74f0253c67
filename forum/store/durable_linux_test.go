package store_test

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"cmc/forum"
	"cmc/forum/store"
	"cmc/internal/database"
	"cmc/internal/testkit"
)

// BenchmarkDurable compares posts that are acknowledged durable with bare
// inserts of the same text and the same durability, one statement each, and
// both with the rate at which the disk answers fdatasync. The ways take turns;
// only ratios of one run mean anything:
//
//	go test ./forum/store -run '^$' -bench Durable -benchtime 5x
func BenchmarkDurable(b *testing.B) {
	for _, engine := range []struct {
		name  string
		where func(testing.TB) string
	}{{"sqlite", testkit.SQLite}, {"postgres", testkit.Postgres}} {
		b.Run(engine.name, func(b *testing.B) {
			where := engine.where(b)
			insert, post := inserter(b, where), poster(b, testkit.OpenDatabase(b, where))
			ways := []struct {
				name    string
				workers int
				do      func(context.Context) error
			}{
				{"fdatasync", 1, syncer(b)},
				{"inserts of one", 1, insert},
				{"inserts of 64", 64, insert},
				{"posts of one", 1, post},
				{"posts of 64", 64, post},
			}
			rates, busy := make([][]float64, len(ways)), make([][]float64, len(ways))
			for range b.N {
				for i, way := range ways {
					rate, cpu := turn(b, way.workers, way.do)
					rates[i], busy[i] = append(rates[i], rate), append(busy[i], cpu)
				}
			}
			synced, inserted := middle(rates[0]), middle(rates[1])
			for i, way := range ways {
				r := middle(rates[i])
				b.Logf("%-15s %7.0f a second, %6.0f µs of our CPU each; x %5.2f fdatasync, x %5.2f inserts of one",
					way.name, r, middle(busy[i]), r/synced, r/inserted)
			}
			b.ReportMetric(middle(rates[4]), "posts/s")
			b.ReportMetric(middle(rates[4])/synced, "x-fdatasync")
			b.ReportMetric(middle(rates[4])/inserted, "x-inserts")
			b.ReportMetric(middle(rates[4])/middle(rates[2]), "x-inserts-of-64")
		})
	}
}

// turn does something for a second and returns how often a second, and how
// much CPU of this process it took each time, in µs.
func turn(b *testing.B, workers int, do func(context.Context) error) (rate, cpu float64) {
	b.Helper()
	var count atomic.Int64
	var group sync.WaitGroup
	used, began := processTime(b), time.Now()
	for range workers {
		group.Go(func() {
			for time.Since(began) < time.Second {
				if err := do(b.Context()); err != nil {
					b.Error(err)
					return
				}
				count.Add(1)
			}
		})
	}
	group.Wait()
	n := float64(count.Load())
	return n / time.Since(began).Seconds(), float64((processTime(b) - used).Microseconds()) / n
}

func processTime(b *testing.B) time.Duration {
	b.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

func middle(list []float64) float64 {
	sorted := slices.Sorted(slices.Values(list))
	return sorted[len(sorted)/2]
}

// said is a post of 400 bytes.
var said = strings.Repeat("Ten words of a post that somebody could have said. ", 8)

func poster(b *testing.B, db *database.DB) func(context.Context) error {
	b.Helper()
	s := store.New(db, nil)
	if err := s.SeedRooms(b.Context(), rooms()); err != nil {
		b.Fatal(err)
	}
	m := testkit.Seat(b, db, "Eve", forum.RoleExpert, "AAA")
	var topics [8]int64
	for i := range topics {
		topic, err := s.Start(b.Context(), m, newTopic("members", fmt.Sprint(i)))
		if err != nil {
			b.Fatal(err)
		}
		topics[i] = topic.ID
	}
	var next atomic.Int64
	return func(ctx context.Context) error {
		_, err := s.Reply(ctx, m, topics[next.Add(1)%8], newPost(said))
		return err
	}
}

// inserter inserts one row per transaction, as plainly as can be.
func inserter(b *testing.B, where string) func(context.Context) error {
	b.Helper()
	driver, name, conns := "pgx", where, 16
	if !database.IsPostgres(where) {
		driver, conns = "sqlite", 1
		name = "file:" + where + ".bare?_pragma=journal_mode(wal)&_pragma=synchronous(full)&_txlock=immediate"
	}
	pool, err := sql.Open(driver, name)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = pool.Close() })
	pool.SetMaxOpenConns(conns)
	pool.SetMaxIdleConns(conns)
	if _, err := pool.ExecContext(b.Context(), `CREATE TABLE bare (id bigint PRIMARY KEY, body text)`); err != nil {
		b.Fatal(err)
	}
	insert, err := pool.PrepareContext(b.Context(), `INSERT INTO bare (id, body) VALUES ($1, $2)`)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = insert.Close() })
	var next atomic.Int64
	return func(ctx context.Context) error {
		_, err := insert.ExecContext(ctx, next.Add(1), said)
		return err
	}
}

// syncer appends to a file and waits for the disk.
func syncer(b *testing.B) func(context.Context) error {
	b.Helper()
	f, err := os.Create(filepath.Join(b.TempDir(), "synced"))
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = f.Close() })
	return func(context.Context) error {
		if _, err := f.WriteString(said); err != nil {
			return err
		}
		return syscall.Fdatasync(int(f.Fd()))
	}
}
