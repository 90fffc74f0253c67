package config

import (
	"errors"
	"fmt"
	"net/mail"
	"regexp"
	"slices"
	"strings"
	"time"
	_ "time/tzdata" // zones on machines that know none

	"github.com/pelletier/go-toml/v2"
)

var (
	slugForm  = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)
	groupForm = regexp.MustCompile(`^group:[a-z0-9-]+$`)
)

// ours are the top-level tables that nobody but us reads.
var ours = []string{"cmc", "search", "forum", "accounts", "mail"}

// misspelt reports the keys within our tables that we do not know.
func misspelt(name string, data []byte) error {
	var f file
	d := toml.NewDecoder(strings.NewReader(string(data))).DisallowUnknownFields()
	var strict *toml.StrictMissingError
	if err := d.Decode(&f); !errors.As(err, &strict) {
		return nil // sound, or already reported
	}
	var faults []error
	for _, e := range strict.Errors {
		key := e.Key()
		row, _ := e.Position()
		switch {
		case len(key) > 1 && slices.Contains(ours, key[0]):
			faults = append(faults, fmt.Errorf("%s:%d: cmc knows no setting %q; check its spelling or remove it", name, row, strings.Join(key, ".")))
		case key[0] == "server":
			return fmt.Errorf("%s:%d: the table [server] belongs to Hugo; move the settings to the flags of cmc serve", name, row)
		}
	}
	return errors.Join(faults...)
}

func at(name string, err error) string {
	if decode, ok := errors.AsType[*toml.DecodeError](err); ok {
		row, _ := decode.Position()
		return fmt.Sprintf("%s:%d", name, row)
	}
	return name
}

func (c *Config) validate(name string, data []byte) error {
	var faults []error
	fault := func(line int, format string, args ...any) {
		faults = append(faults, fmt.Errorf("%s:%d: "+format, append([]any{name, max(line, 1)}, args...)...))
	}
	rooms := linesOf(data, `[[forum.rooms]]`)
	if c.Title == "" {
		fault(1, "title is missing; give the site a name")
	}
	if c.Search.PageSize < 1 || c.Search.PageSize > 100 {
		fault(first(linesOf(data, "page_size")), "search.page_size is %d; choose 1 to 100", c.Search.PageSize)
	}
	if c.Forum.Sockets < 0 {
		fault(first(linesOf(data, "sockets")), "forum.sockets is %d; write how many websockets may be open at once", c.Forum.Sockets)
	}
	c.Accounts.validate(data, fault)
	c.Mail.validate(data, fault)
	for i, room := range c.Forum.Rooms {
		line := 1
		if i < len(rooms) {
			line = rooms[i]
		}
		if slices.ContainsFunc(c.Forum.Rooms[:i], func(r Room) bool { return r.Slug == room.Slug }) {
			fault(line, "forum room %q stands twice; give each room its own slug", room.Slug)
		}
		if room.Title[c.DefaultLanguage] == "" {
			fault(line, "forum room %q has no title in %q, the default language", room.Slug, c.DefaultLanguage)
		}
		room.validate(c.Forum.Groups, func(format string, args ...any) { fault(line, format, args...) })
	}
	return errors.Join(faults...)
}

func (r Room) validate(groups map[string][]string, fault func(format string, args ...any)) {
	if !slugForm.MatchString(r.Slug) {
		fault("forum room %q: the slug may hold lower-case letters, digits and single hyphens", r.Slug)
	}
	if r.Visibility != "public" && r.Visibility != "members" && !groupForm.MatchString(r.Visibility) {
		fault("forum room %q: visibility %q is unknown; write public, members or group:NAME", r.Slug, r.Visibility)
	}
	if group, ok := strings.CutPrefix(r.Visibility, "group:"); ok && len(groups[group]) == 0 {
		fault("forum room %q: the group %q has no delegations; name their codes under [forum.groups]", r.Slug, group)
	}
	if !slices.Contains([]string{"attributed", "delegation", "chatham"}, r.Policy) {
		fault("forum room %q: policy %q is unknown; write attributed, delegation or chatham", r.Slug, r.Policy)
	}
	if r.Mail != "" && !slices.Contains([]string{"full", "excerpt", "title"}, r.Mail) {
		fault("forum room %q: mail %q is unknown; write full, excerpt or title", r.Slug, r.Mail)
	}
	if r.Hold != "" && !slices.Contains([]string{"none", "first"}, r.Hold) {
		fault("forum room %q: hold %q is unknown; write none or first", r.Slug, r.Hold)
	}
}

func (m Mail) validate(data []byte, fault func(line int, format string, args ...any)) {
	at := func(key string) int { return first(linesOf(data, key)) }
	if m.Port < 1 || m.Port > 65535 {
		fault(at("port"), "mail.port is %d; choose 1 to 65535", m.Port)
	}
	if _, err := mail.ParseAddress(m.From); err != nil {
		fault(at("from"), "mail.from %q is no address; write one such as forum@example.org", m.From)
	}
	if a, err := mail.ParseAddress(m.Bounces); m.Bounces != "" && (err != nil || a.Address != m.Bounces) {
		fault(at("bounces"), "mail.bounces %q is no bare address; write one such as bounces@example.org", m.Bounces)
	}
	if !slices.Contains([]string{"instant", "daily", "weekly", "none"}, m.Cadence) {
		fault(at("cadence"), "mail.cadence %q is unknown; write instant, daily, weekly or none", m.Cadence)
	}
	if m.Hour < 0 || m.Hour > 23 {
		fault(at("hour"), "mail.hour is %d; choose 0 to 23", m.Hour)
	}
	if _, err := time.LoadLocation(m.Timezone); err != nil || m.Timezone == "Local" {
		fault(at("timezone"), "mail.timezone %q is unknown; write a place such as America/Nassau, or UTC", m.Timezone)
	}
}

// linesOf lists the lines of a file that begin with a key or a table.
func linesOf(data []byte, start string) []int {
	var all []int
	no := 0
	for line := range strings.Lines(string(data)) {
		no++
		rest, ok := strings.CutPrefix(strings.TrimSpace(line), start)
		if rest = strings.TrimSpace(rest); ok && (rest == "" || rest[0] == '=' || rest[0] == '#') {
			all = append(all, no)
		}
	}
	return all
}

func first(lines []int) int {
	if len(lines) == 0 {
		return 1
	}
	return lines[0]
}
