// Package config reads the tables of config.toml that are ours, and the few
// of Hugo's that Go needs too (title, baseURL, the languages).
//
// Hugo ignores tables it does not know, so a misspelt key of ours would never
// be noticed: here it is an error that names file and line. Secrets are never
// read from the file.
package config

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/pelletier/go-toml/v2"
)

// Config is a site's configuration.
type Config struct {
	Title           string
	BaseURL         string
	DefaultLanguage string     // code, e.g. "en"
	Languages       []Language // the default language first, then by weight
	Body            Body
	Search          Search
	Forum           Forum
	Accounts        Accounts
	Mail            Mail
}

// Language is one language of the interface.
type Language struct {
	Code, Label string
	Title       string // the site's name in it
}

// Body names the consultative process that runs the site.
type Body struct {
	Name    string `toml:"body"`
	Acronym string `toml:"acronym"` // the stem of its symbols
}

// Search sets the search pages.
type Search struct {
	PageSize int `toml:"page_size"` // hits a page
}

// Forum sets the forum's rooms.
type Forum struct {
	Origins []string            `toml:"origins"` // further hosts that may open the websocket
	Sockets int                 `toml:"sockets"` // websockets open at once; 0 means 10,000
	Groups  map[string][]string `toml:"groups"`  // name → codes of the delegations in it
	Rooms   []Room              `toml:"rooms"`
}

// Room is one room of the forum.
type Room struct {
	Slug       string            `toml:"slug"`
	Visibility string            `toml:"visibility"` // public, members or group:NAME
	Policy     string            `toml:"policy"`     // attributed, delegation or chatham
	Mail       string            `toml:"mail"`       // full, excerpt or title: what letters tell of its posts
	Hold       string            `toml:"hold"`       // none, or first: a person's first post waits for the secretariat
	Title      map[string]string `toml:"title"`      // by language code
	Summary    map[string]string `toml:"summary"`
}

// Mail sets outgoing mail. Without a Host, mail goes to files.
type Mail struct {
	From     string `toml:"from"`
	Host     string `toml:"host"`
	Port     int    `toml:"port"`
	Username string `toml:"username"`
	Bounces  string `toml:"bounces"`  // where reports of failure go; empty: to From
	Cadence  string `toml:"cadence"`  // instant, daily, weekly or none, unless a seat chose another
	Hour     int    `toml:"hour"`     // of the digests
	Timezone string `toml:"timezone"` // in which the hour is meant
}

// file is config.toml as we read it; what is Hugo's alone is not named.
type file struct {
	Title                  string `toml:"title"`
	BaseURL                string `toml:"baseURL"`
	DefaultContentLanguage string `toml:"defaultContentLanguage"`
	Languages              map[string]struct {
		Weight int    `toml:"weight"`
		Label  string `toml:"label"`
		Title  string `toml:"title"`
	} `toml:"languages"`
	CMC      Body     `toml:"cmc"`
	Search   Search   `toml:"search"`
	Forum    Forum    `toml:"forum"`
	Accounts Accounts `toml:"accounts"`
	Mail     Mail     `toml:"mail"`
}

// Load reads DIR/config.toml.
func Load(dir string) (*Config, error) {
	name := filepath.Join(dir, "config.toml")
	data, err := os.ReadFile(name)
	if errors.Is(err, os.ErrNotExist) {
		return nil, fmt.Errorf("%s: there is no such file; name the site's folder with -C, or start one by copying config.toml", name)
	}
	if err != nil {
		return nil, fmt.Errorf("read the configuration: %w", err)
	}
	return Parse(name, data)
}

// Parse reads the text of a config.toml; name is used in errors.
func Parse(name string, data []byte) (*Config, error) {
	f := file{
		DefaultContentLanguage: "en",
		Search:                 Search{PageSize: 20},
		Accounts:               Accounts{RecoveryHours: 24},
		Mail:                   Mail{From: "forum@localhost", Port: 587, Cadence: "daily", Hour: 7, Timezone: "UTC"},
	}
	if err := toml.Unmarshal(data, &f); err != nil {
		return nil, fmt.Errorf("%s: %w", at(name, err), err)
	}
	if err := misspelt(name, data); err != nil {
		return nil, err
	}
	c := &Config{
		Title:           f.Title,
		BaseURL:         f.BaseURL,
		DefaultLanguage: f.DefaultContentLanguage,
		Languages:       languages(f),
		Body:            f.CMC,
		Search:          f.Search,
		Forum:           f.Forum,
		Accounts:        f.Accounts,
		Mail:            f.Mail,
	}
	return c, c.validate(name, data)
}

func languages(f file) []Language {
	all := make([]Language, 0, len(f.Languages))
	for code, l := range f.Languages {
		all = append(all, Language{Code: code, Label: cmp.Or(l.Label, code), Title: cmp.Or(l.Title, f.Title)})
	}
	slices.SortFunc(all, func(a, b Language) int {
		weight := func(l Language) int {
			if l.Code == f.DefaultContentLanguage {
				return -1 << 31
			}
			return f.Languages[l.Code].Weight
		}
		return cmp.Or(cmp.Compare(weight(a), weight(b)), strings.Compare(a.Code, b.Code))
	})
	if len(all) == 0 {
		all = append(all, Language{f.DefaultContentLanguage, f.DefaultContentLanguage, f.Title})
	}
	return all
}

// TitleIn is the site's name in a language.
func (c *Config) TitleIn(code string) string {
	for _, l := range c.Languages {
		if l.Code == code {
			return l.Title
		}
	}
	return c.Title
}

// Codes lists the language codes, the default first.
func (c *Config) Codes() []string {
	codes := make([]string, len(c.Languages))
	for i, l := range c.Languages {
		codes[i] = l.Code
	}
	return codes
}
