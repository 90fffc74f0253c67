package main

import (
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

var (
	invitationPrinted = regexp.MustCompile(`/account/invitation\?token=[\w-]+`)
	codeMailed        = regexp.MustCompile(`\b[ACDEFGHJKMNPQRTUVWXY34679]{4}-[ACDEFGHJKMNPQRTUVWXY34679]{4}\b`)
)

// invite asks the command line for an invitation and returns its path.
func (p *process) invite(address, delegation, role string) string {
	p.t.Helper()
	site := p.args[2]
	command := exec.Command("cmc", "invite", "-C", site, "--state", p.state,
		address, "--delegation", delegation, "--role", role)
	text, err := command.CombinedOutput()
	if err != nil {
		p.t.Fatalf("cmc invite %s: %v\n%s", address, err, text)
	}
	link := invitationPrinted.FindString(string(text))
	if link == "" {
		p.t.Fatalf("cmc invite %s printed no link:\n%s", address, text)
	}
	return link
}

// code waits for the newest letter to an address and reads the code in it.
func (p *process) code(address string) string {
	p.t.Helper()
	var code string
	p.await("a letter with a code to "+address, func() bool {
		_, body, _ := strings.Cut(letterTo(p.t, p.state, address), "\r\n\r\n")
		code = codeMailed.FindString(body)
		return code != ""
	})
	return code
}

// letterTo is the newest letter in the state directory to an address that
// carries a code, or "".
func letterTo(t testing.TB, state, address string) string {
	t.Helper()
	var newest time.Time
	var letter string
	err := filepath.WalkDir(state, func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || filepath.Ext(name) != ".eml" {
			return nil //nolint:nilerr // files come and go while the program runs
		}
		text, err := os.ReadFile(name)
		if err != nil {
			return nil //nolint:nilerr // as above
		}
		info, err := entry.Info()
		if err != nil || !strings.Contains(string(text), address) || !codeMailed.Match(text) {
			return nil //nolint:nilerr // as above
		}
		if info.ModTime().After(newest) {
			newest, letter = info.ModTime(), string(text)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return letter
}

// member is a visitor who has accepted an invitation and signed in.
func (p *process) member(name, address, delegation, role string) *visitor {
	p.t.Helper()
	v := newVisitor(p.t, p.address)
	invitation := v.get(p.invite(address, delegation, role))
	asked := v.submit(invitation, "main form", map[string]string{"name": name})
	home := v.submit(asked, "main form", map[string]string{"code": p.code(address)})
	if !strings.HasPrefix(home.path, "/forum/") {
		p.t.Fatalf("%s signed in and came to %s, want the forum: %s", name, home.path, home.text("main"))
	}
	return v
}
