package main

import (
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"
)

// common is what tests share that only read it: to build the whole site takes
// longer than most of them. A test that writes or kills starts with launch.
var common struct {
	dir     string // of all that follows; gone after the last test
	server  shared[*process]
	offline shared[string]
	copy    shared[string]
}

// shared is made by the first test that asks for it.
type shared[T any] struct {
	once  sync.Once
	made  bool
	value T
}

func (s *shared[T]) get(t testing.TB, produce func() T) T {
	t.Helper()
	s.once.Do(func() {
		s.value = produce()
		s.made = true
	})
	if !s.made {
		t.Fatal("the test that asked first could not make what this one shares with it")
	}
	return s.value
}

// suite is all tests, with room for what they share.
type suite struct{ *testing.M }

// Run runs them and clears up.
func (s suite) Run() int {
	var err error
	if common.dir, err = os.MkdirTemp("", "cmc-shared-*"); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(common.dir)
	defer func() {
		if common.server.made {
			common.server.value.kill()
		}
	}()
	return s.M.Run()
}

// served is a running `cmc serve` over the whole site.
func served(t testing.TB) *process {
	t.Helper()
	p := common.server.get(t, func() *process {
		p := newProcess(t, wholeSite(t), filepath.Join(common.dir, "state"))
		p.start()
		return p
	})
	p.explains(t)
	return &process{t: t, args: p.args, state: p.state, cmd: p.cmd, output: p.output, ended: p.ended, url: p.address()}
}
