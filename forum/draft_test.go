package forum

import (
	"errors"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"cmc/internal/errs"
)

func topic(change func(*NewTopic)) NewTopic {
	n := NewTopic{Room: "r", Title: "T", Lang: "en", NewPost: NewPost{Body: "B"}}
	change(&n)
	return n
}

func TestCleanNamesEveryFault(t *testing.T) {
	for _, test := range []struct {
		name string
		in   NewTopic
		want []string // field: key
	}{
		{"a sound topic", topic(func(*NewTopic) {}), nil},
		{"an empty form", NewTopic{}, []string{
			"title: forum_error_title_empty", "lang: forum_error_lang", "lang: forum_error_lang", "body: forum_error_body_empty",
		}},
		{"a title of 200 characters", topic(func(n *NewTopic) { n.Title = strings.Repeat("é", 200) }), nil},
		{"a title of 201", topic(func(n *NewTopic) { n.Title = strings.Repeat("é", 201) }), []string{"title: forum_error_title_long"}},
		{"a body of 20,000 characters", topic(func(n *NewTopic) { n.Body = strings.Repeat("é", MaxBody) }), nil},
		{"a body of 20,001", topic(func(n *NewTopic) { n.Body = strings.Repeat("é", MaxBody+1) }), []string{"body: forum_error_body_long"}},
		{"bytes that are no text", topic(func(n *NewTopic) { n.Title, n.Body = "\xff", "a\xc3" }), []string{"title: forum_error_utf8", "body: forum_error_utf8"}},
		{"control characters", topic(func(n *NewTopic) { n.Title, n.Body = "a\x00b", "a\x1bb" }), []string{"title: forum_error_control", "body: forum_error_control"}},
		{"a title that turns its page around", topic(func(n *NewTopic) { n.Title = "a\u202eb" }), []string{"title: forum_error_control"}},
		{"a body of nothing visible", topic(func(n *NewTopic) { n.Body = " \u200b\n\u00a0" }), []string{"body: forum_error_body_empty"}},
		{"an empty body about a record", topic(func(n *NewTopic) { n.Record, n.Body = "practice-rrtm", "" }), nil},
		{"a record that is a path", topic(func(n *NewTopic) { n.Record = "../etc" }), []string{"record: forum_error_record"}},
		{"a client id that is too short", topic(func(n *NewTopic) { n.ClientID = "x" }), []string{"client: forum_error_client"}},
		{"a kind nobody knows", topic(func(n *NewTopic) { n.Kind = "poll" }), []string{"kind: forum_error_kind"}},
		{"a capacity nobody knows", topic(func(n *NewTopic) { n.Capacity = "king" }), []string{"capacity: forum_error_capacity"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := test.in.Clean()
			var faults errs.Fields
			if errors.As(err, &faults) != (test.want != nil) {
				t.Fatalf("Clean = %v, want %v", err, test.want)
			}
			var got []string
			for _, f := range faults {
				got = append(got, f.Field+": "+f.Key)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("faults (-want +got):\n%s", diff)
			}
		})
	}
}

func TestCleanBringsTextsIntoTheirStoredForm(t *testing.T) {
	got, err := topic(func(n *NewTopic) { n.Title, n.Body = "  a \t b\n", "\r\n  a\r\nb \n\n" }).Clean()
	if err != nil {
		t.Fatal(err)
	}
	want := topic(func(n *NewTopic) {
		n.Kind, n.Title, n.Body, n.Capacity, n.BodyLang = Discussion, "a b", "  a\nb", Expert, "en"
	})
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("Clean (-want +got):\n%s", diff)
	}
}

func FuzzClean(f *testing.F) {
	f.Add("a", "b\r\n", "client-id", "en")
	f.Add("\u202e", "\x00", "", "")
	f.Add(strings.Repeat("a", 300), " \u200b", "x", "eng")
	f.Fuzz(func(t *testing.T, title, body, client, lang string) {
		in := NewTopic{Title: title, Lang: lang, NewPost: NewPost{Body: body, ClientID: client}}
		out, err := in.Clean()
		if err != nil {
			if errs.KindOf(err) != errs.Invalid {
				t.Errorf("Clean(%+v) = %v, want an error that a visitor may read", in, err)
			}
			return
		}
		if !utf8.ValidString(out.Title+out.Body) || strings.ContainsAny(out.Title, "\n\r\x00\u202e") || strings.Contains(out.Body, "\r") ||
			out.Title == "" || out.Body == "" || utf8.RuneCountInString(out.Title) > MaxTitle || utf8.RuneCountInString(out.Body) > MaxBody {
			t.Errorf("Clean(%+v) let through %+v", in, out)
		}
		again, err := out.Clean()
		if diff := cmp.Diff(out, again); err != nil || diff != "" {
			t.Errorf("Clean twice = %v (-once +twice):\n%s", err, diff)
		}
	})
}
