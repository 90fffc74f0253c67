package mail

import (
	"strings"
	"unicode/utf8"
)

// flowWidth is where lines are broken: with the marks of a quotation around
// them they still fit into 78 columns.
const flowWidth = 72

// Flow breaks a text's lines so that every program shows them well: one that
// knows nothing of it shows lines of a page's width, one that reads
// format=flowed (RFC 3676) joins them again. Quotations (lines that begin with
// >) stay quotations; code and tables are not broken.
func Flow(text string) string {
	var b strings.Builder
	fenced := false
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, " \t\r\n")
		depth, rest := quoted(line)
		if fence := strings.HasPrefix(rest, "```") || strings.HasPrefix(rest, "~~~"); fence || fenced {
			fenced = fenced != fence
			flowLine(&b, depth, rest)
			continue
		}
		if strings.HasPrefix(rest, "|") || strings.HasPrefix(rest, "    ") || strings.HasPrefix(rest, "\t") {
			flowLine(&b, depth, rest)
			continue
		}
		for broken := range breaks(rest, flowWidth-2*depth) {
			flowLine(&b, depth, broken)
		}
	}
	return b.String()
}

// maxDepth bounds how deep a quotation is taken for one.
const maxDepth = 10

// quoted takes the marks of a quotation off a line.
func quoted(line string) (depth int, rest string) {
	for depth < maxDepth {
		after, ok := strings.CutPrefix(strings.TrimPrefix(line, " "), ">")
		if !ok {
			break
		}
		depth, line = depth+1, after
	}
	if depth > 0 {
		line = strings.TrimPrefix(line, " ")
	}
	return depth, line
}

// flowLine writes one line. What begins like a quotation, or with a space, gets
// a space before it, which its reader takes off again.
func flowLine(b *strings.Builder, depth int, line string) {
	b.WriteString(strings.Repeat(">", depth))
	if line != "" && (depth > 0 || line[0] == ' ' || line[0] == '>' || strings.HasPrefix(line, "From ")) {
		b.WriteByte(' ')
	}
	b.WriteString(line)
	b.WriteByte('\n')
}

// breaks yields a line in parts of a width. All but the last end in the space
// at which they were broken.
func breaks(line string, width int) func(yield func(string) bool) {
	return func(yield func(string) bool) {
		for utf8.RuneCountInString(line) > width {
			at := breakAt(line, width)
			if at < 0 {
				break
			}
			if !yield(line[:at+1]) {
				return
			}
			line = line[at+1:]
		}
		yield(line)
	}
}

// breakAt finds the last space within a width, or the first one after it; -1
// when there is none. One with a space beside it is no place to break: the
// next line would begin with a space, or another would be lost.
func breakAt(line string, width int) int {
	best, column := -1, 0
	for i, r := range line {
		if r == ' ' && i > 0 && line[i-1] != ' ' && i+1 < len(line) && line[i+1] != ' ' {
			if column >= width && best >= 0 {
				return best
			}
			if best = i; column >= width {
				return best
			}
		}
		column++
	}
	return best
}
