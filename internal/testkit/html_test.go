package testkit

import (
	"fmt"
	"testing"
)

// recorder is a testing.TB that notes failures instead of failing.
type recorder struct {
	testing.TB
	failures []string
}

func (r *recorder) Helper() {}

func (r *recorder) Errorf(format string, args ...any) {
	r.failures = append(r.failures, fmt.Sprintf(format, args...))
}

func TestAssertionsOverHTML(t *testing.T) {
	const page = `<main><h1>Rooms
		and topics</h1><ul><li class="a">one</li><li>two</li></ul><a href="/x/">x</a></main>`
	tests := []struct {
		name   string
		assert func(*Document)
		fails  bool
	}{
		{"an element that is there", func(d *Document) { d.Has("main h1") }, false},
		{"a text over two lines", func(d *Document) { d.Has("main h1", "Rooms and topics") }, false},
		{"an element that is not there", func(d *Document) { d.Has("main h2") }, true},
		{"a text that is not there", func(d *Document) { d.Has("li", "one", "three") }, true},
		{"lacking what is absent", func(d *Document) { d.Lacks("form") }, false},
		{"lacking what is present", func(d *Document) { d.Lacks("li") }, true},
		{"lacking a text that is absent", func(d *Document) { d.Lacks("li", "three") }, false},
		{"lacking a text that is present", func(d *Document) { d.Lacks("li", "two") }, true},
		{"a right count", func(d *Document) { d.Count("li", 2) }, false},
		{"a wrong count", func(d *Document) { d.Count("li", 3) }, true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			r := &recorder{TB: t}
			test.assert(HTML(r, page))
			if failed := len(r.failures) > 0; failed != test.fails {
				t.Errorf("failed = %v, want %v: %q", failed, test.fails, r.failures)
			}
		})
	}
	if got := HTML(t, page).Attr("a", "href"); got != "/x/" {
		t.Errorf("Attr(a, href) = %q, want %q", got, "/x/")
	}
	if got := HTML(t, []byte(page)).Text("h1"); got != "Rooms and topics" {
		t.Errorf("Text(h1) = %q, want %q", got, "Rooms and topics")
	}
}
