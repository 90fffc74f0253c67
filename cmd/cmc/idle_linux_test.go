package main

import (
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"cmc/forum"
	"cmc/forum/store"
	"cmc/internal/database"
	"cmc/internal/testkit"
)

// idlePosts is the forum of the budget in ARCHITECTURE.
const idlePosts = 10_000

// BenchmarkIdle reports the memory of a server that has built, indexed and
// served the whole site, with an empty forum and with 10,000 posts: resident
// (rss) and of that what is not a mapped file (anon), in MB. Three pages are
// read first, so that what is loaded late is there.
func BenchmarkIdle(b *testing.B) {
	for _, posts := range []int{0, idlePosts} {
		b.Run(fmt.Sprintf("posts=%d", posts), func(b *testing.B) {
			state := b.TempDir()
			fillForum(b, filepath.Join(state, "forum.sqlite"), posts)
			for b.Loop() {
				server := &process{t: b, state: state, args: []string{
					"serve", "-C", wholeSite(b), "--state", state, "--addr", "127.0.0.1:0",
				}}
				server.start()
				for _, path := range []string{"/", "/search/?q=residence+permits", "/forum/"} {
					response, err := http.Get(server.address() + path)
					if err != nil {
						b.Fatal(err)
					}
					_, _ = io.Copy(io.Discard, response.Body)
					response.Body.Close()
				}
				b.ReportMetric(memory(b, server.cmd, "VmRSS:"), "rss-MB")
				b.ReportMetric(memory(b, server.cmd, "RssAnon:"), "anon-MB")
				server.kill()
			}
		})
	}
}

func fillForum(b *testing.B, file string, posts int) {
	db, err := database.Open(b.Context(), file, slog.New(slog.DiscardHandler))
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	if err := db.Prepare(b.Context()); err != nil {
		b.Fatal(err)
	}
	s := store.New(db, nil)
	room := forum.Room{Slug: "delegations", Titles: map[string]string{"en": "D"}, Visibility: forum.Members, Policy: forum.Attributed}
	if err := s.SeedRooms(b.Context(), []forum.Room{room}); err != nil {
		b.Fatal(err)
	}
	m := testkit.Seat(b, db, "Eve", forum.RoleExpert, "BHS")
	words := strings.Fields(strings.Repeat("permits reception detention registration asylum procedure island vessel court appeal statelessness birth ", 6))
	var topic forum.Topic
	for n := range posts {
		body := strings.Join(words[n%12:n%12+40], " ") + fmt.Sprintf(" case %d", n)
		post := forum.NewPost{Body: body, BodyLang: "en"}
		if n%100 == 0 {
			topic, err = s.Start(b.Context(), m, forum.NewTopic{Room: "delegations", Title: fmt.Sprintf("Topic %d", n), Lang: "en", NewPost: post})
		} else {
			_, err = s.Reply(b.Context(), m, topic.ID, post)
		}
		if err != nil {
			b.Fatal(err)
		}
	}
}

// memory reads one line of the process's status, in MB.
func memory(b *testing.B, cmd *exec.Cmd, line string) float64 {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", cmd.Process.Pid))
	if err != nil {
		b.Fatal(err)
	}
	for l := range strings.SplitSeq(string(text), "\n") {
		if rest, ok := strings.CutPrefix(l, line); ok {
			kb, err := strconv.ParseFloat(strings.Fields(rest)[0], 64)
			if err != nil {
				b.Fatal(err)
			}
			return kb / 1024
		}
	}
	b.Fatalf("no %s in the status of the process", line)
	return 0
}
