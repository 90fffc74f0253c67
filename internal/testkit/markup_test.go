package testkit

import "testing"

func TestMarkupFindsWhatIsWrong(t *testing.T) {
	const head = `<!doctype html><html lang="en"><head><title>x</title></head><body>`
	Markup(t, map[string]string{"right": head + `<p id="a">x</p></body></html>`})
	r := &recorder{TB: t}
	Markup(r, map[string]string{"wrong": head + `<p id="a">x</p><p id="a"><div>y</div></p></body></html>`})
	if len(r.failures) != 2 {
		t.Errorf("two elements of one id, one inside the wrong other: %d failures, want one of each checker: %q", len(r.failures), r.failures)
	}
}
