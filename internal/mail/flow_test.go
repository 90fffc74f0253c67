package mail_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"cmc/internal/mail"
)

// unflow reads format=flowed as RFC 3676 asks.
func unflow(text string) []string {
	var all []string
	open, before := false, 0
	for line := range strings.Lines(text) {
		line = strings.TrimSuffix(line, "\n")
		depth := len(line) - len(strings.TrimLeft(line, ">"))
		line = strings.TrimPrefix(line[depth:], " ")
		if !open || depth != before {
			all = append(all, strings.Repeat("> ", depth)+line)
		} else {
			all[len(all)-1] += line
		}
		open, before = strings.HasSuffix(line, " "), depth
	}
	for i := range all {
		all[i] = strings.TrimRight(all[i], " ")
	}
	return all
}

func TestFlow(t *testing.T) {
	long := strings.TrimSpace(strings.Repeat("migración irregular ", 12))
	for _, test := range []struct{ name, in string }{
		{"a long line", long},
		{"a quotation", "> " + long + "\n> and more\n\nAnswer"},
		{"a quotation in a quotation", "> > " + long},
		{"a line that a mailbox would take for a letter's first", "From here on\n From there"},
		{"code", "```\n" + strings.Repeat("x ", 60) + "y\n    indented\n```\nafter"},
		{"a table", "| " + strings.Repeat("cell | ", 30)},
		{"a long address", "See https://example.org/" + strings.Repeat("x", 200) + " for more"},
		{"several spaces", "a  b " + strings.Repeat("c   d ", 40)},
		{"empty lines", "a\n\n\nb"},
	} {
		t.Run(test.name, func(t *testing.T) {
			flowed := mail.Flow(test.in)
			if diff := cmp.Diff(plain(test.in), unflow(flowed)); diff != "" {
				t.Errorf("what a program shows (-want +got):\n%s\nof\n%s", diff, flowed)
			}
			for line := range strings.Lines(flowed) {
				if utf8.RuneCountInString(line) > 79 && strings.ContainsRune(strings.TrimSpace(line), ' ') &&
					!strings.HasPrefix(line, "|") && !strings.HasPrefix(line, "x ") {
					t.Errorf("a line of %d columns: %q", utf8.RuneCountInString(line), line)
				}
			}
		})
	}
}

// plain is a text as its lines are to be shown.
func plain(text string) []string {
	var all []string
	for line := range strings.Lines(text) {
		all = append(all, strings.TrimRight(line, " \r\n\t"))
	}
	return all
}

func FuzzFlow(f *testing.F) {
	f.Add("> a\n>b\n >> c\nFrom d " + strings.Repeat("e ", 80))
	f.Fuzz(func(t *testing.T, text string) {
		if !utf8.ValidString(text) || strings.ContainsAny(text, "\r\t>`~|") {
			t.Skip("line ends, quotations, code and tables are in the table above")
		}
		if diff := cmp.Diff(plain(text), unflow(mail.Flow(text))); diff != "" {
			t.Errorf("Flow(%q) is shown as (-want +got):\n%s", text, diff)
		}
	})
}
