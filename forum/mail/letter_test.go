package mail

import (
	"strings"
	"testing"
	"time"

	"cmc/forum"
	"cmc/internal/testkit"
)

func TestALetterOfOnePost(t *testing.T) {
	h := newHouse(t, testkit.SQLite(t))
	long := "Señal — " + strings.Repeat("migration and mobility ", 30)
	topic := h.topic(h.ana, "open", "Visa waivers: où en sommes-nous ?", long+"\n\n> quoted\n\nend")
	h.answer(h.bea, topic, 1, "Second")
	h.answer(h.tom, topic, 2, "Third")
	got := h.send()
	if len(got["lca@example.org"]) != 2 || len(got["hti@example.org"]) != 2 || len(got["sur@example.org"]) != 2 || len(got["sec@example.org"]) != 3 {
		t.Fatalf("letters = %v, want one of each post to each but its author", got)
	}
	first, third := got["sec@example.org"][0], got["sec@example.org"][2]
	for name, want := range map[string]string{
		"From":                  `"Forum" <forum@example.org>`,
		"To":                    "<sec@example.org>",
		"Message-Id":            "<post-1@example.org>",
		"In-Reply-To":           "",
		"List-Id":               "<open.forum.example.org>",
		"List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
		"Auto-Submitted":        "auto-generated",
		"Precedence":            "list",
		"Date":                  "Tue, 24 Nov 2026 12:00:00 +0000",
	} {
		if first.Get(name) != want {
			t.Errorf("%s = %q, want %q", name, first.Get(name), want)
		}
	}
	if first.subject != "[Room open] Visa waivers: où en sommes-nous ?" || third.subject != first.subject {
		t.Errorf("subjects = %q, %q; want both the topic's", first.subject, third.subject)
	}
	if third.Get("In-Reply-To") != "<post-2@example.org>" || third.Get("References") != "<post-1@example.org> <post-2@example.org>" {
		t.Errorf("In-Reply-To = %q, References = %q", third.Get("In-Reply-To"), third.Get("References"))
	}
	stop, ok := strings.CutPrefix(first.Get("List-Unsubscribe"), "<https://forum.example.org/forum/mail/stop?token=")
	if !ok || len(stop) < 20 || !strings.Contains(first.text, strings.TrimSuffix(stop, ">")) {
		t.Errorf("List-Unsubscribe = %q, want the link that the text has too", first.Get("List-Unsubscribe"))
	}
	for _, want := range []string{
		"Room open › Visa waivers: où en sommes-nous ? — post 1, Saint Lucia (position)\n24 November 2026, 12:00 UTC\n", "Señal — ", "\n> quoted\n",
		"Read and answer: https://forum.example.org/forum/posts/1\n", "\n-- Answers to this mail are not read",
	} {
		if !strings.Contains(first.text, want) {
			t.Errorf("the letter lacks %q:\n%s", want, first.text)
		}
	}
	french := got["hti@example.org"][0]
	if !strings.Contains(french.text, "message 1, Saint Lucia (position)") || !strings.Contains(french.text, "https://forum.example.org/fr/forum/posts/1") ||
		!strings.Contains(french.text, "Langue du texte : anglais") || french.subject != "[Salle « open »] Visa waivers: où en sommes-nous ?" {
		t.Errorf("the French letter is %q\n%s", french.subject, french.text)
	}
	if two := got["sec@example.org"][1]; !strings.Contains(two.text, "post 2, Béa, Haïti (expert view)") {
		t.Errorf("the second letter: %s", two.text)
	}
}

func TestALetterTellsNoMoreThanItsRoomAllows(t *testing.T) {
	secret := "The words themselves " + strings.Repeat("and more ", 80) + "the end"
	for _, test := range []struct {
		room, has string
		lacks     []string
	}{
		{"open", "the end", nil},
		{"closed", "The words themselves", []string{"the end"}},
		{"quiet", "The texts of this room are not sent by mail", []string{"words", "Ana", "Saint Lucia", "LCA", "position"}},
		{"chatham", "the end", []string{"Ana", "Saint Lucia", "LCA"}},
	} {
		t.Run(test.room, func(t *testing.T) {
			h := newHouse(t, testkit.SQLite(t))
			h.topic(h.ana, test.room, "Title", secret)
			all := []letter{h.send()["sec@example.org"][0]}
			h.must(h.mailer.mailing.Choose(t.Context(), h.secretary, map[string]forum.Cadence{test.room: forum.Daily}))
			h.topic(h.ana, test.room, "Title", secret)
			h.later(24 * time.Hour)
			all = append(all, h.send()["sec@example.org"][0])
			for _, l := range all {
				if !strings.Contains(l.text, test.has) {
					t.Errorf("the letter lacks %q:\n%s", test.has, l.text)
				}
				for _, not := range test.lacks {
					if strings.Contains(l.raw, not) || strings.Contains(l.text, not) {
						t.Errorf("the letter has %q:\n%s", not, l.raw)
					}
				}
			}
		})
	}
}

func TestADigest(t *testing.T) {
	h := newHouse(t, testkit.SQLite(t))
	for _, room := range []string{"open", "closed", "quiet"} {
		h.must(h.mailer.mailing.Choose(t.Context(), h.tom, map[string]forum.Cadence{room: forum.Daily}))
	}
	h.later(24 * time.Hour)
	h.send()
	h.topic(h.ana, "closed", "Later room", "beta")
	topic := h.topic(h.ana, "open", "First room", "alpha")
	h.topic(h.ana, "quiet", "Third room", "gamma")
	h.answer(h.bea, topic, 1, "delta")
	h.later(24 * time.Hour)
	got := h.send()["sur@example.org"]
	if len(got) != 1 {
		t.Fatalf("%d letters, want one digest", len(got))
	}
	l, at := got[0], 0
	for _, want := range []string{
		"Er zijn 4 nieuwe berichten", "Room open › First room — bericht 1", "alpha", "Room open › First room — bericht 2", "als antwoord op bericht 1",
		"delta", "Room closed › Later room", "beta", "Room quiet › Third room — bericht 1\n", "niet per e-mail", "/nl/forum/mail/stop?token=",
	} {
		i := strings.Index(l.text[at:], want)
		if i < 0 {
			t.Fatalf("the digest lacks %q after %q:\n%s", want, l.text[:at], l.text)
		}
		at += i
	}
	if l.subject != "CMC: 4 nieuwe berichten" || l.Get("List-Id") != "<forum.example.org>" || l.Get("In-Reply-To") != "" {
		t.Errorf("subject %q, headers %v", l.subject, l.Header)
	}
	if len(h.send()) != 0 {
		t.Error("the digest came twice")
	}
}
