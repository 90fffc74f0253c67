package i18n

import (
	"fmt"
	"strings"
	"text/template"
	"time"

	"golang.org/x/text/feature/plural"
	"golang.org/x/text/language"
	"golang.org/x/text/message"
)

// Language answers in one language. It is safe for concurrent use.
type Language struct {
	code     string
	tag      language.Tag
	printer  *message.Printer
	messages map[string]map[string]*template.Template
	fallback *Language
}

func newLanguage(code string) *Language {
	tag := language.Make(code)
	return &Language{
		code:     code,
		tag:      tag,
		printer:  message.NewPrinter(tag),
		messages: map[string]map[string]*template.Template{},
	}
}

// Code returns the BCP 47 code, such as "es".
func (l *Language) Code() string { return l.code }

// Label returns the language's own name, kept under the key language_name.
func (l *Language) Label() string { return l.T("language_name") }

// Has tells whether this language itself, not its fallback, has the key.
func (l *Language) Has(key string) bool { return l.messages[key] != nil }

// T returns the sentence of a key. Pairs are placeholder names and values; the
// value of "Count" chooses the plural form. A key that nobody has returns
// ⟦key⟧, and so does one whose placeholders were not given.
func (l *Language) T(key string, pairs ...any) string {
	forms := l.messages[key]
	if forms == nil {
		if l.fallback != nil {
			return l.fallback.T(key, pairs...)
		}
		return "⟦" + key + "⟧"
	}
	values := map[string]any{}
	for i := 0; i+1 < len(pairs); i += 2 {
		values[fmt.Sprint(pairs[i])] = pairs[i+1]
	}
	t := forms["other"]
	if count, ok := values["Count"].(int); ok {
		if form := forms[l.form(count)]; form != nil {
			t = form
		}
		values["Count"] = l.Number(count)
	}
	var text strings.Builder
	if t == nil || t.Execute(&text, values) != nil {
		return "⟦" + key + "⟧"
	}
	return text.String()
}

// form names the CLDR plural category of a count.
func (l *Language) form(count int) string {
	if count < 0 {
		count = -count
	}
	switch plural.Cardinal.MatchPlural(l.tag, count, 0, 0, 0, 0) {
	case plural.Zero:
		return "zero"
	case plural.One:
		return "one"
	case plural.Two:
		return "two"
	case plural.Few:
		return "few"
	case plural.Many:
		return "many"
	default:
		return "other"
	}
}

// Number writes a count with the language's own grouping.
func (l *Language) Number(n int) string { return l.printer.Sprintf("%d", n) }

// Date writes a day, such as "4 December 2017". The names of the months and
// the pattern are entries of the catalogue, date_months and date_long.
func (l *Language) Date(t time.Time) string {
	t = t.UTC()
	return l.T("date_long", "Day", t.Day(), "Month", l.month(t.Month()), "Year", t.Year())
}

// DateTime writes a moment to the minute, in UTC, and says so.
func (l *Language) DateTime(t time.Time) string {
	return l.T("date_time", "Date", l.Date(t), "Time", t.UTC().Format("15:04"))
}

func (l *Language) month(m time.Month) string {
	names := strings.Fields(l.T("date_months"))
	if len(names) != 12 {
		return m.String()
	}
	return names[m-1]
}
