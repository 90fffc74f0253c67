package testkit

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// postgresStart is how long a throwaway PostgreSQL may take to answer.
const postgresStart = 30 * time.Second

// cluster is a PostgreSQL for the tests of one package, started when the first
// of them asks and stopped when nobody uses it any more.
type cluster struct {
	mu    sync.Mutex
	users int
	admin string       // address of its maintenance database
	stop  func() error // nil: not running
	count int
}

var shared cluster

// Main runs a package's tests and keeps one throwaway PostgreSQL for all of
// them, where otherwise each test would start its own:
//
//	func TestMain(m *testing.M) { os.Exit(testkit.Main(m)) }
func Main(m *testing.M) int {
	shared.users++
	code := m.Run()
	if err := shared.release(); err != nil {
		fmt.Fprintln(os.Stderr, "stop the throwaway PostgreSQL:", err)
		return max(code, 1)
	}
	return code
}

// Postgres returns the address of an empty database, in the server that
// CMC_TEST_POSTGRES names or in a throwaway one started from the binaries of
// this machine. Without either the test is skipped with the reason.
func Postgres(t testing.TB) string {
	t.Helper()
	admin, err := shared.acquire()
	if err != nil {
		Missing(t, "postgres", err.Error())
	}
	t.Cleanup(func() {
		if err := shared.release(); err != nil {
			t.Errorf("stop the throwaway PostgreSQL: %v", err)
		}
	})
	where, err := shared.newDatabase(t.Context(), admin)
	if err != nil {
		t.Fatal(err)
	}
	return where
}

func (c *cluster) acquire() (string, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.stop == nil {
		admin, stop, err := startPostgres()
		if err != nil {
			return "", err
		}
		c.admin, c.stop = admin, stop
	}
	c.users++
	return c.admin, nil
}

func (c *cluster) release() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.users--; c.users > 0 || c.stop == nil {
		return nil
	}
	stop := c.stop
	c.stop = nil
	return stop()
}

func (c *cluster) newDatabase(ctx context.Context, admin string) (string, error) {
	c.mu.Lock()
	c.count++
	name := fmt.Sprintf("cmc_test_%d_%d_%d", os.Getpid(), time.Now().UnixNano(), c.count)
	c.mu.Unlock()
	conn, err := pgx.Connect(ctx, admin)
	if err != nil {
		return "", fmt.Errorf("reach the PostgreSQL for tests: %w", err)
	}
	_, err = conn.Exec(ctx, "CREATE DATABASE "+name)
	if err := errors.Join(err, conn.Close(ctx)); err != nil {
		return "", fmt.Errorf("make a database for the test: %w", err)
	}
	u, err := url.Parse(admin)
	if err != nil {
		return "", fmt.Errorf("read the address of the PostgreSQL for tests: %w", err)
	}
	u.Path = "/" + name
	return u.String(), nil
}

// startPostgres makes a cluster in a temporary folder, reached through a
// socket in it, and durable as a real one is.
func startPostgres() (admin string, stop func() error, err error) {
	if where := os.Getenv("CMC_TEST_POSTGRES"); where != "" {
		return where, func() error { return nil }, nil
	}
	bin, err := postgresBinaries()
	if err != nil {
		return "", nil, err
	}
	dir, err := os.MkdirTemp("", "cmc-postgres-")
	if err != nil {
		return "", nil, fmt.Errorf("make a folder for PostgreSQL: %w", err)
	}
	remove := func() error { return os.RemoveAll(dir) }
	account, err := unprivileged(dir)
	if err != nil {
		return "", nil, errors.Join(err, remove())
	}
	data := filepath.Join(dir, "data")
	initdb := exec.CommandContext(context.Background(), filepath.Join(bin, "initdb"), "-D", data, "-U", "cmc", "-A", "trust", "-E", "UTF8", "--locale=C")
	initdb.SysProcAttr, initdb.Dir = account, dir
	if out, err := initdb.CombinedOutput(); err != nil {
		return "", nil, errors.Join(fmt.Errorf("initdb: %w: %s", err, out), remove())
	}
	server := exec.CommandContext(context.Background(), filepath.Join(bin, "postgres"), "-D", data, "-k", dir, "-c", "listen_addresses=", "-c", "max_connections=200")
	server.SysProcAttr, server.Dir = account, dir
	if err := server.Start(); err != nil {
		return "", nil, errors.Join(fmt.Errorf("start postgres: %w", err), remove())
	}
	stop = func() error {
		err := server.Process.Signal(syscall.SIGINT) // fast shutdown
		if wait := server.Wait(); wait != nil {
			err = errors.Join(err, wait)
		}
		return errors.Join(err, remove())
	}
	admin = "postgres:///postgres?" + url.Values{"host": {dir}, "user": {"cmc"}}.Encode()
	if err := answers(admin); err != nil {
		return "", nil, errors.Join(err, stop())
	}
	return admin, stop, nil
}

func answers(where string) error {
	ctx, cancel := context.WithTimeout(context.Background(), postgresStart)
	defer cancel()
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for {
		conn, err := pgx.Connect(ctx, where)
		if err == nil {
			return conn.Close(ctx)
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("postgres did not answer within %s: %w", postgresStart, err)
		case <-tick.C:
		}
	}
}

// postgresBinaries finds the folder of initdb and postgres: on the PATH, or
// where Debian keeps each version.
func postgresBinaries() (string, error) {
	if path, err := exec.LookPath("initdb"); err == nil {
		return filepath.Dir(path), nil
	}
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	if err != nil || len(found) == 0 {
		return "", errors.New("initdb is neither on the PATH nor below /usr/lib/postgresql, and CMC_TEST_POSTGRES names no server")
	}
	slices.Sort(found)
	return filepath.Dir(found[len(found)-1]), nil
}
