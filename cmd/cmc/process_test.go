package main

import (
	"bytes"
	"context"
	"net/http"
	"os/exec"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// patience bounds the wait for a condition on a busy machine.
const patience = 2 * time.Minute

// process is a running `cmc serve`.
type process struct {
	t     testing.TB
	args  []string
	state string

	cmd    *exec.Cmd
	output *output
	ended  chan error // holds the exit once it has happened
	mu     sync.Mutex
	url    string // of the present incarnation, without the slash at the end
}

// launch starts `cmc serve` over a site with a state directory of its own, waits
// until it is ready and ends it with the test.
func launch(t testing.TB, site string, flags ...string) *process {
	t.Helper()
	p := newProcess(t, site, t.TempDir(), flags...)
	p.start()
	p.explains(t)
	t.Cleanup(p.kill)
	return p
}

func newProcess(t testing.TB, site, state string, flags ...string) *process {
	args := append([]string{"serve", "-C", site, "--state", state, "--addr", "127.0.0.1:0"}, flags...)
	return &process{t: t, state: state, args: args}
}

// explains prints with a test that failed what the program said.
func (p *process) explains(t testing.TB) {
	t.Helper()
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("cmc %s said:\n%s", strings.Join(p.args, " "), p.output.tail(60))
		}
	})
}

var (
	addressPrinted  = regexp.MustCompile(`is ready at (http://127\.0\.0\.1:\d+)`)
	requestWentWell = regexp.MustCompile(`msg=request .* status=[23]\d\d`)
)

// start runs the program and waits until it answers /readyz.
func (p *process) start() {
	p.t.Helper()
	p.output = &output{}
	p.cmd = exec.Command("cmc", p.args...)
	p.cmd.Stdout, p.cmd.Stderr = p.output, p.output
	if err := p.cmd.Start(); err != nil {
		p.t.Fatal(err)
	}
	cmd, ended := p.cmd, make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	p.ended = ended
	p.await("an address in its output", func() bool {
		found := addressPrinted.FindStringSubmatch(p.output.String())
		if found == nil {
			return false
		}
		p.mu.Lock()
		defer p.mu.Unlock()
		p.url = found[1]
		return true
	})
	p.await("/readyz", func() bool {
		response, err := http.Get(p.address() + "/readyz")
		if err != nil {
			return false
		}
		response.Body.Close()
		return response.StatusCode == http.StatusOK
	})
}

// await polls until the condition holds; it fails when the program ends first.
func (p *process) await(what string, holds func() bool) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for !holds() {
		select {
		case err := <-p.ended:
			p.ended <- err
			p.t.Fatalf("cmc ended (%v) before %s:\n%s", err, what, p.output)
		case <-ctx.Done():
			p.t.Fatalf("no %s within %v:\n%s", what, patience, p.output)
		case <-tick.C:
		}
	}
}

// address is the base of the present incarnation's URLs.
func (p *process) address() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.url
}

// kill ends the program as a power cut would: no handler of it runs.
func (p *process) kill() {
	_ = p.cmd.Process.Kill()
	p.ended <- <-p.ended
}

// stop asks the program to end and returns how it did.
func (p *process) stop() error {
	p.t.Helper()
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		return err
	}
	err := <-p.ended
	p.ended <- err
	return err
}

// output gathers what a program prints while tests read it.
type output struct {
	mu   sync.Mutex
	text bytes.Buffer
}

// Write appends to the text.
func (o *output) Write(b []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.Write(b)
}

// String is the whole text so far.
func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.String()
}

// tail is the end of the text, without the requests that went well.
func (o *output) tail(lines int) string {
	var kept []string
	for line := range strings.Lines(o.String()) {
		if !requestWentWell.MatchString(line) {
			kept = append(kept, line)
		}
	}
	return strings.Join(kept[max(0, len(kept)-lines):], "")
}
