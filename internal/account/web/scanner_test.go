package web

import (
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"cmc/forum"
	"cmc/internal/account"
	"cmc/internal/mail"
	"cmc/internal/testkit"
)

// scanner is a gateway that looks at letters before people do: it asks for
// every link by HEAD and GET, follows what it finds, and sends every form, once
// as it stands and once with something in every field.
type scanner struct {
	d      *door
	client *http.Client
	seen   map[string]bool
	sent   int
}

func (d *door) scanner() *scanner {
	d.t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		d.t.Fatal(err)
	}
	return &scanner{d: d, client: &http.Client{Jar: jar}, seen: map[string]bool{}}
}

var addresses = regexp.MustCompile(`https?://\S+`)

func (s *scanner) read(l mail.Letter) {
	s.d.t.Helper()
	for _, address := range addresses.FindAllString(l.Text, -1) {
		s.visit(address, 3)
	}
	if s.sent == 0 {
		s.d.t.Errorf("the scanner found no form behind %q", l.Subject)
	}
}

func (s *scanner) visit(address string, depth int) {
	if depth == 0 || s.seen[address] || !strings.HasPrefix(address, s.d.address) {
		return
	}
	s.seen[address] = true
	s.ask(http.MethodHead, address, nil)
	page := s.ask(http.MethodGet, address, nil)
	page.Find("form").Each(func(_ int, f *goquery.Selection) {
		for _, filled := range []bool{false, true} {
			s.send(f, filled)
		}
	})
	page.Find("a[href]").Each(func(_ int, link *goquery.Selection) { s.visit(s.d.address+link.AttrOr("href", ""), depth-1) })
}

func (s *scanner) send(f *goquery.Selection, filled bool) {
	form := url.Values{}
	f.Find("input, textarea").Each(func(_ int, field *goquery.Selection) {
		value := field.AttrOr("value", "")
		switch {
		case value != "" || !filled:
		case field.AttrOr("type", "") == "email":
			value = "scanner@example.org"
		default:
			value = "scanner"
		}
		form.Set(field.AttrOr("name", ""), value)
	})
	s.sent++
	s.ask(http.MethodPost, s.d.address+f.AttrOr("action", ""), form)
}

func (s *scanner) ask(method, address string, form url.Values) *goquery.Document {
	s.d.t.Helper()
	r, err := http.NewRequestWithContext(s.d.t.Context(), method, address, strings.NewReader(form.Encode()))
	if err != nil {
		s.d.t.Fatal(err)
	}
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	res, err := s.client.Do(r)
	if err != nil {
		s.d.t.Fatal(err)
	}
	defer res.Body.Close()
	for _, c := range res.Cookies() {
		if c.Name == sessionCookie && c.MaxAge >= 0 {
			s.d.t.Errorf("%s %s gives the scanner a session", method, res.Request.URL.Path)
		}
	}
	page, err := goquery.NewDocumentFromReader(res.Body)
	if err != nil {
		s.d.t.Fatal(err)
	}
	return page
}

// letterTo passes over the letters that a scanner caused.
func (d *door) letterTo(address string, passing func(mail.Letter) bool) mail.Letter {
	d.t.Helper()
	for {
		if l := d.letter(); l.To == address && passing(l) {
			return l
		}
	}
}

func TestAScannerGainsNothingAndTakesNothing(t *testing.T) {
	d := newDoor(t, false)
	inBrowser := d.browserThatClicks()
	scan := func(l mail.Letter) {
		t.Helper()
		for range 2 {
			d.scanner().read(l)
		}
		inBrowser(l)
	}
	any := func(mail.Letter) bool { return true }

	// The invitation.
	if _, err := d.accounts.Invite(t.Context(), account.Operator(),
		account.Invite{Address: ana, Delegation: "LCA", Role: forum.RoleFocalPoint, Lang: "en"}); err != nil {
		t.Fatal(err)
	}
	invitation := d.letter()
	scan(invitation)
	person := d.browser()
	_, token, _ := strings.Cut(invitation.Link, "token=")
	token, _ = url.QueryUnescape(token)
	drained(d)
	person.post("/account/invitation", "token", token, "name", "Ana Joseph")
	code := d.letterTo(ana, any)
	scan(code)
	person.post("/account/code", "code", typed(code)).Has("main", "rooms for Ana Joseph")

	// A sign-in by the typed code, and one by the link.
	for _, byLink := range []bool{false, true} {
		person = d.browser()
		person.post("/account/sign-in", "address", ana)
		letter := d.letterTo(ana, any)
		scan(letter)
		if byLink {
			_, link, _ := strings.Cut(d.linkOf(letter), "token=")
			link, _ = url.QueryUnescape(link)
			person.post("/account/link", "token", link)
		} else {
			person.post("/account/code", "code", typed(letter))
		}
		person.get("/forum/").Has("main", "rooms for Ana Joseph")
	}

	// The letters about a way back in.
	sam := d.secretary()
	bo := d.member("Bo Rey", "bo@example.org", "LCA", forum.RoleExpert)
	bo.post("/account/recovery/ask", "person", bo.get("/account/recovery/ask").Attr("#person option", "value"), "address", "ana@new.example.org")
	sam.post(sam.get("/account/members/").Attr(`form[action$="/grant"]`, "action"))
	warning, note := d.letter(), d.letter()
	scan(warning)
	scan(note)
	sam.get("/account/members/").Has("#requests ~ ul", "it counts from")
	words := strings.Fields(warning.Text)
	link, _ := url.Parse(warning.Link)
	d.browser().post("/account/recovery", "token", link.Query().Get("token"), "code", words[len(words)-1]).Has(".notice", "was stopped")
}

// drained forgets the letters that a scanner caused by filling forms in.
func drained(d *door) {
	for {
		select {
		case <-d.letters:
		default:
			return
		}
	}
}

// browserThatClicks is a gateway that runs scripts and presses every button.
func (d *door) browserThatClicks() func(mail.Letter) {
	b := testkit.NewBrowser(d.t, testkit.BrowserOptions{})
	return func(l mail.Letter) {
		d.t.Helper()
		for _, address := range addresses.FindAllString(l.Text, -1) {
			b.Open(address)
			var done bool
			b.EvalAsync(`(async () => {
				for (const form of document.forms) {
					const answer = await fetch(form.action, {method: form.method, body: new URLSearchParams(new FormData(form))});
					await answer.text();
				}
				return true;
			})()`, &done)
			b.Open(d.address + "/account/")
			b.Page().Has("h1", "Sign in")
		}
	}
}
