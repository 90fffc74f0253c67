package testkit

import (
	"strings"
	"time"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// stepDeadline bounds one step of a walk; the machine may be busy.
const stepDeadline = 30 * time.Second

// Open goes to an address and waits until the page has loaded.
func (b *Browser) Open(url string) {
	b.t.Helper()
	response, err := chromedp.RunResponse(b.ctx, chromedp.Navigate(url))
	if err != nil {
		b.t.Fatalf("open %s: %v", url, err)
	}
	if response != nil && response.Status >= 400 {
		b.t.Fatalf("open %s: status %d", url, response.Status)
	}
}

// OpenAgain goes to an address as often as it takes: what was under way when a
// line was cut may still fail.
func (b *Browser) OpenAgain(url string) {
	b.t.Helper()
	for end := time.Now().Add(stepDeadline); ; {
		response, err := chromedp.RunResponse(b.ctx, chromedp.Navigate(url))
		if err == nil && response != nil && response.Status < 400 {
			return
		}
		if time.Now().After(end) {
			b.t.Fatalf("open %s: %v", url, err)
		}
	}
}

// Follow clicks an element that leads to another page and waits for that page.
func (b *Browser) Follow(selector string) {
	b.t.Helper()
	from := b.URL()
	_, err := chromedp.RunResponse(b.ctx, chromedp.Click(selector, chromedp.ByQuery, chromedp.NodeVisible))
	if err != nil {
		b.t.Fatalf("follow %q from %s: %v", selector, from, err)
	}
}

// Click clicks an element and stays on the page.
func (b *Browser) Click(selector string) {
	b.t.Helper()
	b.run("click "+selector, chromedp.Click(selector, chromedp.ByQuery, chromedp.NodeVisible))
}

// Fill types text into an empty field, key by key.
func (b *Browser) Fill(selector, text string) {
	b.t.Helper()
	b.run("fill "+selector, chromedp.SendKeys(selector, text, chromedp.ByQuery, chromedp.NodeVisible))
}

// WaitText waits until an element that matches contains the text.
func (b *Browser) WaitText(selector, text string) {
	b.t.Helper()
	for end := time.Now().Add(stepDeadline); ; {
		if document := HTML(b.t, b.HTML()); anyContains(document.Texts(selector), text) {
			return
		} else if time.Now().After(end) {
			b.t.Fatalf("%s: %q says %q, want %q in it", b.URL(), selector, document.Texts(selector), text)
		}
		b.run("wait", chromedp.Sleep(50*time.Millisecond))
	}
}

// Page is the document as it stands now, for assertions.
func (b *Browser) Page() *Document {
	b.t.Helper()
	return HTML(b.t, b.HTML())
}

// HTML is the document's source as it stands now.
func (b *Browser) HTML() string {
	b.t.Helper()
	var html string
	read := chromedp.OuterHTML("html", &html, chromedp.ByQuery)
	for end := time.Now().Add(stepDeadline); ; {
		err := chromedp.Run(b.ctx, read)
		if err == nil {
			return html
		}
		// A page that is being replaced has, for a moment, no document.
		if !strings.Contains(err.Error(), "No node with given id") || time.Now().After(end) {
			b.t.Fatalf("read the page: %v", err)
		}
	}
}

// URL is the address of the page that is open.
func (b *Browser) URL() string {
	b.t.Helper()
	var url string
	b.run("read the address", chromedp.Location(&url))
	return url
}

// Path is the part of the address behind the host: path and query.
func (b *Browser) Path() string {
	b.t.Helper()
	_, rest, _ := strings.Cut(b.URL(), "://")
	if i := strings.IndexByte(rest, '/'); i >= 0 {
		return rest[i:]
	}
	return "/"
}

// Eval runs an expression in the page; out receives its value unless it is nil.
func (b *Browser) Eval(expression string, out any) {
	b.t.Helper()
	b.run("run a script", chromedp.Evaluate(expression, out))
}

// EvalAsync runs an expression that gives a promise and waits for its value.
func (b *Browser) EvalAsync(expression string, out any) {
	b.t.Helper()
	b.run("run a script", chromedp.Evaluate(expression, out, awaited))
}

// awaited waits for the value of a promise.
func awaited(p *runtime.EvaluateParams) *runtime.EvaluateParams { return p.WithAwaitPromise(true) }

// Received is how many bytes came over the wire since the browser started:
// bodies as compressed, with their headers. Script is the part of it in scripts.
func (b *Browser) Received() (all, script int64) {
	b.traffic.mu.Lock()
	defer b.traffic.mu.Unlock()
	return b.traffic.received, b.traffic.script
}

func (b *Browser) run(what string, actions ...chromedp.Action) {
	b.t.Helper()
	if err := chromedp.Run(b.ctx, actions...); err != nil {
		b.t.Fatalf("%s: %v", what, err)
	}
}

// Upload chooses files for a field, as a person does in the system's window.
func (b *Browser) Upload(selector string, files ...string) {
	b.t.Helper()
	b.run("choose files for "+selector, chromedp.SetUploadFiles(selector, files, chromedp.ByQuery))
}

// SetCookie gives the browser a cookie of an address.
func (b *Browser) SetCookie(address, name, value string) {
	b.t.Helper()
	b.run("set a cookie", network.SetCookie(name, value).WithURL(address).WithHTTPOnly(true))
}

// FirstText is when the page that is open showed its first text, after it was
// asked for.
func (b *Browser) FirstText() time.Duration {
	b.t.Helper()
	var millis float64
	b.EvalAsync(`new Promise((done) => new PerformanceObserver((list) => {
  const [first] = list.getEntriesByName("first-contentful-paint");
  if (first) done(first.startTime);
}).observe({ type: "paint", buffered: true }))`, &millis)
	return time.Duration(millis * float64(time.Millisecond))
}
