package mail

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"cmc/forum/store"
)

func TestDigestsAreDueAtTheirHourInTheirPlace(t *testing.T) {
	nassau, err := time.LoadLocation("America/Nassau")
	if err != nil {
		t.Fatal(err)
	}
	m := &Mailer{Options: Options{Hour: 7, Location: nassau}}
	for _, test := range []struct{ name, now, daily, weekly string }{
		{"after the hour", "2026-11-24T12:00:01Z", "2026-11-24T07:00:00-05:00", "2026-11-23T07:00:00-05:00"},
		{"at the hour", "2026-11-24T12:00:00Z", "2026-11-24T07:00:00-05:00", "2026-11-23T07:00:00-05:00"},
		{"before the hour", "2026-11-24T11:59:59Z", "2026-11-23T07:00:00-05:00", "2026-11-23T07:00:00-05:00"},
		{"early on a Monday", "2026-11-23T11:00:00Z", "2026-11-22T07:00:00-05:00", "2026-11-16T07:00:00-05:00"},
		{"a Sunday", "2026-11-22T20:00:00Z", "2026-11-22T07:00:00-05:00", "2026-11-16T07:00:00-05:00"},
		{"in a week in which summer time ended", "2026-11-02T13:00:00Z", "2026-11-02T07:00:00-05:00", "2026-11-02T07:00:00-05:00"},
		{"across the end of summer time", "2026-11-01T13:00:00Z", "2026-11-01T07:00:00-05:00", "2026-10-26T07:00:00-04:00"},
		{"the first day of a year", "2027-01-01T03:00:00Z", "2026-12-31T07:00:00-05:00", "2026-12-28T07:00:00-05:00"},
	} {
		t.Run(test.name, func(t *testing.T) {
			want := store.Hours{Daily: at(t, test.daily), Weekly: at(t, test.weekly)}
			got := m.hours(at(t, test.now))
			if diff := cmp.Diff(store.Hours{Daily: want.Daily.UTC(), Weekly: want.Weekly.UTC()}, store.Hours{Daily: got.Daily.UTC(), Weekly: got.Weekly.UTC()}); diff != "" {
				t.Errorf("hours (-want +got):\n%s", diff)
			}
		})
	}
}

func at(t *testing.T, s string) time.Time {
	t.Helper()
	moment, err := time.Parse(time.RFC3339, s)
	if err != nil {
		t.Fatal(err)
	}
	return moment
}
