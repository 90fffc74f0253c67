package web

import (
	"net/url"
	"testing"
)

// FuzzLocal proves that no address a stranger puts into a link leads away
// from the site once somebody has signed in.
func FuzzLocal(f *testing.F) {
	for _, s := range []string{"/forum/?page=2#post-3", "//evil.example", `/\evil.example`, "/\t/evil", "https:/evil", "javascript:x", "/%2F/evil", "/a//b", "/..//evil"} {
		f.Add(s)
	}
	base, err := url.Parse("https://cmc.example/account/sign-in")
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, address string) {
		got := local(address)
		if got == "" {
			return
		}
		u, err := base.Parse(got)
		if err != nil || u.Host != base.Host || u.Scheme != base.Scheme || u.User != nil {
			t.Errorf("local(%q) leads to %v, %v", address, u, err)
		}
		if len(got) > 1 && (got[1] == '/' || got[1] == '\\') {
			t.Errorf("local(%q) = %q, which browsers read as another host", address, got)
		}
	})
}
