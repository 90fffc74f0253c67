package config

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestParseOrdersLanguages(t *testing.T) {
	c, err := Parse("config.toml", []byte(`
title = "T"
defaultContentLanguage = "fr"
[languages.nl]
weight = 9
title = "Titel"
[languages.en]
weight = 1
label = "English"
[languages.fr]
weight = 4
[markup.goldmark]
anything = true
`))
	if err != nil {
		t.Fatal(err)
	}
	want := []Language{{"fr", "fr", "T"}, {"en", "English", "T"}, {"nl", "nl", "Titel"}}
	if diff := cmp.Diff(want, c.Languages); diff != "" {
		t.Errorf("languages, the default first and then by weight (-want +got):\n%s", diff)
	}
}

func TestParseFindsFaults(t *testing.T) {
	room := "title = \"T\"\n[[forum.rooms]]\nslug = \"a\"\nvisibility = \"public\"\npolicy = \"attributed\"\ntitle.en = \"A\"\n"
	for _, test := range []struct{ name, text, want string }{
		{"a syntax error names its line", "title = \"T\"\nbaseURL =\n", "config.toml:2"},
		{"a misspelt key of ours names its line", "title = \"T\"\n[mail]\nhots = \"x\"\n", `config.toml:3: cmc knows no setting "mail.hots"`},
		{"Hugo's own table is refused", "title = \"T\"\n[server]\naddr = 1\n", "belongs to Hugo"},
		{"a site needs a name", "baseURL = \"/\"\n", "title is missing"},
		{"a wrong type names its line", "title = \"T\"\n[search]\npage_size = \"many\"\n", "config.toml:3"},
		{"a page size has bounds", "title = \"T\"\n[search]\npage_size = 0\n", "config.toml:3: search.page_size is 0; choose 1 to 100"},
		{"an unknown hold is refused", strings.Replace(room, "slug = \"a\"", "slug = \"a\"\nhold = \"all\"", 1), `hold "all" is unknown; write none or first`},
		{"an unknown visibility is refused", strings.Replace(room, "public", "friends", 1), `config.toml:2: forum room "a": visibility "friends" is unknown`},
		{"a room of a group that nobody is in is refused", strings.Replace(room, "public", "group:drafting", 1), "has no delegations"},
		{"an unknown policy is refused", strings.Replace(room, "attributed", "secret", 1), `policy "secret" is unknown`},
		{"a room needs a title in the default language", strings.Replace(room, "title.en", "title.fr", 1), "has no title"},
		{"an unknown mail level is refused", strings.Replace(room, "policy", "mail = \"all\"\npolicy", 1), `mail "all" is unknown`},
		{"an unknown cadence is refused", "title = \"T\"\n[mail]\ncadence = \"hourly\"\n", `config.toml:3: mail.cadence "hourly" is unknown`},
		{"a digest's hour is one of a day", "title = \"T\"\n[mail]\nhour = 24\n", "config.toml:3: mail.hour is 24"},
		{"a time zone is one that is known", "title = \"T\"\n[mail]\ntimezone = \"Nassau\"\n", `config.toml:3: mail.timezone "Nassau" is unknown`},
		{"a sender is an address", "title = \"T\"\n[mail]\nfrom = \"forum\"\n", `config.toml:3: mail.from "forum" is no address`},
		{"bounces go to a bare address", "title = \"T\"\n[mail]\nbounces = \"B <b@example.org>\"\n", "config.toml:3: mail.bounces"},
		{"a slug has a form", strings.Replace(room, `"a"`, `"A b"`, 1), "lower-case letters"},
		{"a slug stands once", room + strings.TrimPrefix(room, "title = \"T\"\n"), "config.toml:7: forum room \"a\" stands twice"},
		{"a house's address is secure", "title = \"T\"\n[[accounts.openid]]\ndelegation = \"BHS\"\nclient_id = \"x\"\nissuer = \"http://id.example\"\n", `config.toml:2: accounts.openid: issuer "http://id.example" is no https address`},
		{"a house has a client", "title = \"T\"\n[[accounts.openid]]\ndelegation = \"BHS\"\nissuer = \"https://id.example\"\n", "client_id is missing"},
		{"a house belongs to a delegation", "title = \"T\"\n[[accounts.openid]]\nclient_id = \"x\"\nissuer = \"https://id.example\"\n", `delegation "" is no code`},
		{"a delegation has one house", "title = \"T\"\n" + strings.Repeat("[[accounts.openid]]\ndelegation = \"BHS\"\nclient_id = \"x\"\nissuer = \"https://id.example\"\n", 2), "config.toml:6: accounts.openid: delegation \"BHS\" stands twice"},
		{"a secret has no place in the file", "title = \"T\"\n[[accounts.openid]]\nclient_secret = \"x\"\n", `cmc knows no setting "accounts.openid.client_secret"`},
		{"a recovery takes a while", "title = \"T\"\n[accounts]\nrecovery_hours = 0\n", "config.toml:3: accounts.recovery_hours is 0"},
		{"every misspelt key is named", "title = \"T\"\n[mail]\nhots = \"x\"\nprot = 1\n", "config.toml:4: cmc knows no setting \"mail.prot\""},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := Parse("config.toml", []byte(test.text))
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("Parse = %v, want an error with %q", err, test.want)
			}
		})
	}
}

func TestTheRepositorysOwnConfigIsSound(t *testing.T) {
	c, err := Load("../..")
	if err != nil {
		t.Fatal(err)
	}
	for _, code := range append(c.Codes(), "en", "es", "fr", "nl") {
		if _, err := os.Stat("../../content/_index." + code + ".md"); err != nil || !slices.Contains(c.Codes(), code) {
			t.Errorf("%s is among the languages %v; its home page: %v", code, c.Codes(), err)
		}
	}
	if len(c.Forum.Rooms) != 2 {
		t.Errorf("rooms = %d, want one public and one of the members", len(c.Forum.Rooms))
	}
}
