package config

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/pelletier/go-toml/v2"
)

var (
	slugForm  = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)
	groupForm = regexp.MustCompile(`^group:[a-z0-9-]+$`)
)

// ours are the top-level tables that nobody but us reads.
var ours = []string{"cmc", "search", "forum", "mail"}

// misspelt reports the first key within our tables that we do not know.
func misspelt(name string, data []byte) error {
	var f file
	d := toml.NewDecoder(strings.NewReader(string(data))).DisallowUnknownFields()
	var strict *toml.StrictMissingError
	if err := d.Decode(&f); !errors.As(err, &strict) {
		return nil // sound, or already reported
	}
	for _, e := range strict.Errors {
		key := e.Key()
		if len(key) > 1 && slices.Contains(ours, key[0]) {
			row, _ := e.Position()
			return fmt.Errorf("%s:%d: cmc knows no setting %q; check its spelling or remove it", name, row, strings.Join(key, "."))
		}
		if key[0] == "server" {
			row, _ := e.Position()
			return fmt.Errorf("%s:%d: the table [server] belongs to Hugo; move the settings to the flags of cmc serve", name, row)
		}
	}
	return nil
}

func at(name string, err error) string {
	if decode, ok := errors.AsType[*toml.DecodeError](err); ok {
		row, _ := decode.Position()
		return fmt.Sprintf("%s:%d", name, row)
	}
	return name
}

func (c *Config) validate(name string) error {
	var faults []error
	fault := func(format string, args ...any) {
		faults = append(faults, fmt.Errorf(name+": "+format, args...))
	}
	if c.Title == "" {
		fault("title is missing; give the site a name")
	}
	if c.Search.PageSize < 1 || c.Search.PageSize > 100 {
		fault("search.page_size is %d; choose 1 to 100", c.Search.PageSize)
	}
	if c.Mail.Port < 1 || c.Mail.Port > 65535 {
		fault("mail.port is %d; choose 1 to 65535", c.Mail.Port)
	}
	seen := map[string]bool{}
	for _, room := range c.Forum.Rooms {
		if !slugForm.MatchString(room.Slug) {
			fault("forum room %q: the slug may hold lower-case letters, digits and single hyphens", room.Slug)
		}
		if seen[room.Slug] {
			fault("forum room %q stands twice; give each room its own slug", room.Slug)
		}
		seen[room.Slug] = true
		if room.Visibility != "public" && room.Visibility != "members" && !groupForm.MatchString(room.Visibility) {
			fault("forum room %q: visibility %q is unknown; write public, members or group:NAME", room.Slug, room.Visibility)
		}
		if group, ok := strings.CutPrefix(room.Visibility, "group:"); ok && len(c.Forum.Groups[group]) == 0 {
			fault("forum room %q: the group %q has no delegations; name their codes under [forum.groups]", room.Slug, group)
		}
		if !slices.Contains([]string{"attributed", "delegation", "chatham"}, room.Policy) {
			fault("forum room %q: policy %q is unknown; write attributed, delegation or chatham", room.Slug, room.Policy)
		}
		if room.Title[c.DefaultLanguage] == "" {
			fault("forum room %q has no title in %q, the default language", room.Slug, c.DefaultLanguage)
		}
	}
	return errors.Join(faults...)
}
