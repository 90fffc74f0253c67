package forum_test

import (
	"bytes"
	"mime"
	"net/mail"
	"regexp"
	"strings"
	"testing"
	"time"

	"cmc/forum"
)

// read opens a mailbox as a mail program does.
func read(t *testing.T, box string) (messages []*mail.Message, bodies []string) {
	t.Helper()
	starts := regexp.MustCompile(`(?m)^From .*\n`).FindAllStringIndex(box, -1)
	for i, at := range starts {
		end := len(box)
		if i+1 < len(starts) {
			end = starts[i+1][0]
		}
		m, err := mail.ReadMessage(strings.NewReader(box[at[1]:end]))
		if err != nil {
			t.Fatal(err)
		}
		var body bytes.Buffer
		if _, err := body.ReadFrom(m.Body); err != nil {
			t.Fatal(err)
		}
		text := regexp.MustCompile(`(?m)^>(>*From )`).ReplaceAllString(body.String(), "$1")
		messages, bodies = append(messages, m), append(bodies, strings.TrimRight(text, "\n"))
	}
	return messages, bodies
}

func TestAMailboxGivesBackEveryPost(t *testing.T) {
	at := time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC)
	own := forum.Own{Name: `Zoë "Z" O'Neil, Dr.`, Address: "zoe@example.org", Posts: []forum.OwnPost{
		{ID: 7, Topic: 1, Number: 1, Title: "Permisos: ¿cómo?", Room: "members", Lang: "es", At: at, Body: "From the start\n>From here\nFrom"},
		{ID: 9, Topic: 1, Number: 3, ReplyTo: 1, Title: "Permisos: ¿cómo?", Room: "members", Lang: "es", At: at, Body: "Sí.\n\nFrom there.\n"},
		{ID: 11, Topic: 2, Number: 2, ReplyTo: 1, Title: "Other", Room: "members", Lang: "en", At: at, Body: "x"},
	}}
	var box bytes.Buffer
	if err := forum.WriteMbox(&box, own, "example.org"); err != nil {
		t.Fatal(err)
	}
	messages, bodies := read(t, box.String())
	if len(messages) != len(own.Posts) {
		t.Fatalf("%d messages, want %d:\n%s", len(messages), len(own.Posts), box.String())
	}
	for i, m := range messages {
		if want := strings.TrimRight(own.Posts[i].Body, "\n"); bodies[i] != want {
			t.Errorf("message %d says %q, want %q", i, bodies[i], want)
		}
		if subject, err := new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject")); err != nil || subject != own.Posts[i].Title {
			t.Errorf("subject of message %d = %q, %v", i, subject, err)
		}
		from, err := m.Header.AddressList("From")
		if err != nil || from[0].Address != own.Address || !strings.Contains(from[0].Name, "Zoë") {
			t.Errorf("sender of message %d = %v, %v", i, from, err)
		}
		if date, err := m.Header.Date(); err != nil || !date.Equal(at) {
			t.Errorf("date of message %d = %v, %v", i, date, err)
		}
	}
	if got := messages[1].Header.Get("In-Reply-To"); got != "<post-7@example.org>" {
		t.Errorf("the second answers %q", got)
	}
	if got := messages[2].Header.Get("In-Reply-To"); got != "" {
		t.Errorf("an answer to another's post names %q", got)
	}
}
