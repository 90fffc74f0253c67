package forum

import (
	"fmt"
	"strings"
)

// maxQuote is how much of a post is taken into an answer, in runes. Who wants
// more follows the link.
const maxQuote = 700

// Quote makes the Markdown with which an answer quotes a post: a link to it,
// labelled with who spoke, and its own words without those that it quotes.
func Quote(label string, post int64, body string) string {
	var kept []string
	for line := range strings.Lines(body) {
		if line = strings.TrimRight(line, " \t\n"); !strings.HasPrefix(strings.TrimSpace(line), ">") {
			kept = append(kept, line)
		}
	}
	text := strings.TrimSpace(strings.Join(kept, "\n"))
	if runes := []rune(text); len(runes) > maxQuote {
		text = string(runes[:maxQuote])
		if end := strings.LastIndexAny(text, " \n"); end > 0 {
			text = text[:end]
		}
		text += " …"
	}
	label = strings.NewReplacer(`\`, `\\`, "[", `\[`, "]", `\]`, "*", `\*`, "_", `\_`, "`", "\\`", "<", `\<`).Replace(label)
	quoted := fmt.Sprintf("[%s](/forum/posts/%d):\n\n%s", label, post, text)
	var b strings.Builder
	for line := range strings.Lines(quoted) {
		b.WriteString(strings.TrimRight("> "+strings.TrimRight(line, "\n"), " ") + "\n")
	}
	return b.String() + "\n"
}
