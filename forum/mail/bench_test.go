package mail

import (
	"fmt"
	"testing"

	"cmc/forum"
	"cmc/internal/testkit"
)

// BenchmarkTell writes and sends the letters of one post to a hundred seats, to
// an SMTP server on this machine. One operation is one post.
func BenchmarkTell(b *testing.B) {
	const seats = 100
	for _, engine := range []string{"sqlite", "postgres"} {
		b.Run(engine, func(b *testing.B) {
			where := testkit.SQLite(b)
			if engine == "postgres" {
				where = testkit.Postgres(b)
			}
			h := newHouse(b, where)
			for i := range seats - 3 { // there are four, and one of them writes
				testkit.Seat(b, h.db, fmt.Sprint("reader", i), forum.RoleExpert, "BRB")
			}
			h.exec(`INSERT INTO mail_seats (seat, daily_at) SELECT id, $1 FROM seats WHERE id > $2`, h.now().UnixMilli()+1, 0)
			topic := h.topic(h.ana, "open", "Title", "first")
			h.send()
			var writing, sending int64
			for b.Loop() {
				h.answer(h.ana, topic, 0, "again")
				began := b.Elapsed()
				h.must(h.mailer.Work(b.Context()))
				written := b.Elapsed()
				h.must(h.mailer.queue.SendDue(b.Context()))
				writing += (written - began).Microseconds()
				sending += (b.Elapsed() - written).Microseconds()
			}
			if got := len(h.office.Taken()); got != seats*b.N {
				b.Fatalf("%d letters came, want %d", got, seats*b.N)
			}
			b.ReportMetric(float64(writing)/float64(b.N)/1000, "ms-to-write-100")
			b.ReportMetric(float64(seats*b.N)/(float64(sending)/1e6), "letters/s-sent")
		})
	}
}
