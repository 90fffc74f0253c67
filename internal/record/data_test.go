package record

import "testing"

func TestCheckAcceptsAPlannedMeetingWithoutADate(t *testing.T) {
	files := site()
	files["content/meetings/next/index.en.md"] = front(`id: "meeting-next"`, `title: "Next"`, `summary: "S"`, `date: "2020-01-02"`,
		`status: planned`, `place: "Town or City"`)
	for _, f := range check(t, files) {
		t.Error(f)
	}
}
