package forum

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
)

// MaxMentions is how many delegations and persons one post may call upon.
const MaxMentions = 30

// Mention calls upon somebody in a text: @CODE a delegation, @secretariat the
// secretariat, @"Name" a person. Exactly one of the three is set.
type Mention struct {
	Delegation  string // its code
	Secretariat bool
	Person      string // the name, as typed
}

// Mentioned finds whom a text calls upon: the address of their page, and false
// where there is nobody of that name to be called here.
type Mentioned func(Mention) (address string, ok bool)

var (
	codeMention        = regexp.MustCompile(`^@([A-Z][A-Z0-9]{1,7})(?:[^\pL\pN_@]|$)`)
	secretariatMention = regexp.MustCompile(`^@((?i:secr[eé]tariat|secretar[ií]a|secretariaat))(?:[^\pL\pN_@]|$)`)
	personMention      = regexp.MustCompile(`^@["“«]\s?([^"“”«»\n]{2,100}?)\s?["”»]`)
)

// mentionedKey is where a parse keeps its Mentioned.
var mentionedKey = parser.NewContextKey()

// caller turns mentions into links. Who is quoted has been called upon already,
// so that in quotations nothing is a mention.
type caller struct{}

// Transform looks at every text that is neither quoted, nor code, nor a link.
func (caller) Transform(doc *ast.Document, reader text.Reader, pc parser.Context) {
	find, ok := pc.Get(mentionedKey).(Mentioned)
	if !ok {
		return
	}
	var texts []*ast.Text
	// The walker never returns an error, so neither does Walk.
	_ = ast.Walk(doc, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		switch n.Kind() {
		case ast.KindBlockquote, ast.KindLink, ast.KindImage, ast.KindCodeSpan:
			return ast.WalkSkipChildren, nil
		}
		if t, ok := n.(*ast.Text); ok && entering {
			texts = append(texts, t)
		}
		return ast.WalkContinue, nil
	})
	for _, t := range texts {
		call(t, reader.Source(), find)
	}
}

// call cuts a text at its mentions. What is left of it at the end keeps the
// break of the line.
func call(t *ast.Text, source []byte, find Mentioned) {
	for at := t.Segment.Start; at < t.Segment.Stop; at++ {
		before, _ := utf8.DecodeLastRune(source[:at])
		if source[at] != '@' || at > 0 && (unicode.IsLetter(before) || unicode.IsDigit(before) || strings.ContainsRune("@._-/", before)) {
			continue
		}
		mention, label, size := readMention(source[at:t.Segment.Stop])
		if size == 0 {
			continue
		}
		address, ok := find(mention)
		if !ok {
			continue
		}
		link := ast.NewLink()
		link.Destination = []byte(address)
		link.SetAttributeString("rel", []byte(linkRel))
		link.AppendChild(link, ast.NewString([]byte("@"+label)))
		head := ast.NewTextSegment(t.Segment.WithStop(at))
		t.Parent().InsertBefore(t.Parent(), t, head)
		t.Parent().InsertBefore(t.Parent(), t, link)
		t.Segment = t.Segment.WithStart(at + size)
		at += size - 1
	}
}

// readMention reads the mention that a line begins with; size is 0 when there
// is none.
func readMention(line []byte) (m Mention, label string, size int) {
	if at := personMention.FindSubmatchIndex(line); at != nil {
		name := strings.Join(strings.Fields(string(line[at[2]:at[3]])), " ")
		return Mention{Person: name}, name, at[1]
	}
	if at := codeMention.FindSubmatchIndex(line); at != nil {
		code := string(line[at[2]:at[3]])
		return Mention{Delegation: code}, code, at[3]
	}
	if at := secretariatMention.FindSubmatchIndex(line); at != nil {
		return Mention{Secretariat: true}, string(line[at[2]:at[3]]), at[3]
	}
	return Mention{}, "", 0
}

// Once makes a Mentioned that asks find once for each, and for no more than
// MaxMentions; what it found is in the list.
func Once(find Mentioned, list *[]Mention) Mentioned {
	addresses := map[Mention]string{}
	return func(m Mention) (string, bool) {
		if address, known := addresses[m]; known {
			return address, address != ""
		}
		if len(addresses) >= MaxMentions {
			return "", false
		}
		address, ok := find(m)
		if !ok {
			address = ""
		} else if !slices.Contains(*list, m) {
			*list = append(*list, m)
		}
		addresses[m] = address
		return address, ok
	}
}
