package search

import (
	"encoding/json"
	"fmt"
	"html"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"testing"

	"cmc/internal/i18n"
	"cmc/internal/page"
	"cmc/internal/testkit"
)

// guarded is a frame without a content security policy, so that whatever can
// run does, and is counted.
const guarded = `<!doctype html><html lang="en"><head><title>[[ .Title ]]</title>
<script>var ran = 0; alert = confirm = prompt = print = () => { ran++ }</script>
<script type="module" src="/js/search.js"></script><script type="module" src="/js/search-page.js"></script>
[[ template "head" . ]]</head><body><main>[[ template "main" . ]]</main></body></html>`

// TestNothingThatIsTypedOrPublishedRuns opens every payload in a browser: as
// the query, and as the title, heading, symbol and text of records, in the page
// as it loads, in results that a script puts in, and in suggestions.
func TestNothingThatIsTypedOrPublishedRuns(t *testing.T) {
	testkit.Require(t, "chromium")
	all, own := testkit.Payloads(t)
	server := guardedServer(t, all)
	b := testkit.NewBrowser(t, testkit.BrowserOptions{})
	b.Open(server.URL + "/search/")
	list, err := json.Marshal(all)
	if err != nil {
		t.Fatal(err)
	}
	b.Eval(fmt.Sprintf("payloads = %s; %s; 0", list, tryEach), nil)

	var control, query, records, swapped, suggested, shown int
	// Of the control only what asks nobody else for anything.
	b.EvalAsync(fmt.Sprintf(`inFrame(payloads.slice(0, %d).filter((p) => !p.includes("javascript:")).map((p) => "/control?q=" + encodeURIComponent(p)))`, own), &control)
	if control < 10 {
		t.Errorf("%d scripts ran on a page that escapes nothing: the test could not fail", control)
	}
	b.EvalAsync(`inFrame(payloads.map((p) => "/search/?q=" + encodeURIComponent(p)))`, &query)
	b.EvalAsync(fmt.Sprintf(`inFrame(Array.from({length: %d}, (_, i) => "/search/?size=20&q=harbour&page=" + (i + 1)))`, len(all)/20+1), &records)
	b.EvalAsync(`typed()`, &swapped)
	b.EvalAsync(`suggestions()`, &suggested)
	b.Eval(`document.querySelectorAll("[role=option]").length`, &shown)
	if query+records+swapped+suggested != 0 {
		t.Errorf("scripts ran: %d from queries, %d from records, %d from results put in, %d from suggestions", query, records, swapped, suggested)
	}
	if shown == 0 {
		t.Error("no suggestion was shown, so that none could run anything")
	}
	t.Logf("%d payloads: %d scripts ran on the page that escapes nothing, none on ours", len(all), control)
}

// tryEach are the steps of the test in the page. A step waits until what a
// payload would start has had its turn.
const tryEach = `
turn = () => new Promise((done) => setTimeout(done, 5));
inFrame = async (addresses) => {
  const frame = document.createElement("iframe");
  document.body.append(frame);
  let count = 0;
  for (const address of addresses) {
    await new Promise((done) => { frame.onload = done; frame.src = address; });
    await turn();
    try { count += frame.contentWindow.ran ?? 0; } catch { /* the payload led elsewhere */ }
  }
  frame.remove();
  return count;
};
typed = async () => {
  const form = document.getElementById("search-form"), answer = document.getElementById("search-answer");
  for (const p of payloads) {
    form.elements.q.value = p;
    form.requestSubmit();
    do await turn(); while (answer.ariaBusy === "true");
  }
  return ran;
};
suggestions = async () => {
  const before = ran, input = document.getElementById("search-q");
  input.focus();
  input.value = "harbour";
  input.dispatchEvent(new Event("input", { bubbles: true }));
  for (let i = 0; i < 600 && !document.querySelector("[role=option]"); i++) await turn();
  await turn();
  return ran - before;
}`

func guardedServer(t *testing.T, all []string) *httptest.Server {
	t.Helper()
	docs := make([]Document, len(all))
	for i, p := range all {
		id := fmt.Sprint("x", i)
		docs[i] = Document{
			ID: id, Record: id, Type: "practice", Lang: "en", URL: "/practices/" + id + "/", Title: "Harbour " + p, Heading: p, Symbol: p,
			Body: "harbour " + p + " harbour", Acronyms: []string{p}, Page: 1, Audience: []string{Public},
		}
	}
	cat, err := i18n.Load(os.DirFS(".."), "en")
	if err != nil {
		t.Fatal(err)
	}
	pages := page.NewSet(cat, slog.New(slog.DiscardHandler))
	web := NewWeb(open(t, docs), cat, pages, Settings{})
	if err := pages.SetFrames(map[string][]byte{"en": []byte(guarded)}); err != nil {
		t.Fatal(err)
	}
	mux := http.NewServeMux()
	web.Register(mux)
	mux.Handle("GET /js/", http.StripPrefix("/js/", http.FileServerFS(os.DirFS("../assets/js"))))
	mux.HandleFunc("GET /control", func(w http.ResponseWriter, r *http.Request) {
		q := r.FormValue("q")
		fmt.Fprintf(w, `<title>%s</title><script>var ran = 0; alert = confirm = prompt = print = () => { ran++ }</script><input value="%s">%s`, html.EscapeString(q), q, q)
	})
	server := httptest.NewServer(page.Localize(cat, []string{"search", "api"}, mux))
	t.Cleanup(server.Close)
	return server
}
