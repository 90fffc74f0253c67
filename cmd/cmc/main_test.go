package main

import (
	"errors"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"cmc/internal/testkit"
)

// TestMain lets the test binary be the program too: under the name cmc it runs
// main. So every test here drives the real command as a process of its own.
func TestMain(m *testing.M) {
	testscript.Main(suite{m}, map[string]func(){"cmc": main})
}

// TestScripts runs whole sessions on the command line. Each starts with the
// small site of testdata/site in its folder; files of the script replace it.
func TestScripts(t *testing.T) {
	house := testkit.Root(t)
	busy, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { busy.Close() })
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script",
		Setup: func(env *testscript.Env) error {
			env.Setenv("BUSY", busy.Addr().String())
			env.Setenv("HOUSE", house)
			return copyMissing(os.DirFS(filepath.Join("testdata", "site")), env.WorkDir)
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){"exits": exits},
		// An update rewrites the expectations: go test -run Scripts -update.
		UpdateScripts: os.Getenv("CMC_TEST_UPDATE") != "",
	})
}

// exits runs a command and checks its status: `exits 2 cmc frobnicate`.
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits STATUS COMMAND [ARGUMENT…]")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	got := 0
	if err := ts.Exec(args[1], args[2:]...); err != nil {
		var exit *exec.ExitError
		if !errors.As(err, &exit) {
			ts.Fatalf("%s: %v", args[1], err)
		}
		got = exit.ExitCode()
	}
	if got != want {
		ts.Fatalf("%v ended with status %d, want %d", args[1:], got, want)
	}
}
