package site

import (
	"testing"
	"time"
)

func TestForPublicationKnowsWhenTimeChangesIt(t *testing.T) {
	now := time.Date(2027, 1, 31, 12, 0, 0, 0, time.UTC)
	february, march := time.Date(2027, 2, 1, 0, 0, 0, 0, time.UTC), time.Date(2027, 3, 1, 0, 0, 0, 0, time.UTC)
	for _, test := range []struct {
		name, matter string
		publish      bool
		changes      time.Time
	}{
		{"a page without dates stays", "title: A", true, time.Time{}},
		{"an embargo ends", "embargo_until: 2027-02-01", false, february},
		{"one that has ended is over", "embargo_until: 2027-01-01", true, time.Time{}},
		{"a page expires", "expiryDate: 2027-03-01", true, march},
		{"of two moments the first counts", "embargo_until: 2027-02-01\nexpiryDate: 2027-03-01", false, february},
		{"time publishes no draft", "draft: true\nembargo_until: 2027-02-01", false, time.Time{}},
		{"what has expired stays away", "expiryDate: 2027-01-01\nembargo_until: 2027-02-01", false, time.Time{}},
	} {
		publish, changes := forPublication([]byte("---\n"+test.matter+"\n---\nx\n"), now)
		if publish != test.publish || !changes.Equal(test.changes) {
			t.Errorf("%s: forPublication = %t until %v, want %t until %v", test.name, publish, changes, test.publish, test.changes)
		}
	}
}
