package forum

import "strings"

// maxNesting is how many quotations and lists may stand inside each other. A
// line of 20,000 ">" would cost seconds and make half a megabyte.
const maxNesting = 16

// shallow escapes the marker that would nest deeper, so that it is shown
// instead of obeyed.
func shallow(source string) string {
	var b strings.Builder
	for line := range strings.Lines(source) {
		at := deepest(line)
		b.WriteString(line[:at])
		if at < len(line) {
			b.WriteByte('\\')
		}
		b.WriteString(line[at:])
	}
	return b.String()
}

// deepest returns where in a line the marker one too many stands, or the
// line's length.
func deepest(line string) int {
	if strings.Trim(line, "-+* \t\n") == "" {
		return len(line) // a rule across the page, or nothing
	}
	for i, markers := 0, 0; ; markers++ {
		i += len(line[i:]) - len(strings.TrimLeft(line[i:], " \t"))
		size := marker(line[i:])
		if size == 0 {
			return len(line)
		}
		if markers == maxNesting {
			return i + size - 1 // the dot of a number, or the marker itself
		}
		i += size
	}
}

// marker returns the length of the quotation or list marker that s begins
// with, or 0.
func marker(s string) int {
	digits := len(s) - len(strings.TrimLeft(s, "0123456789"))
	rest := s[digits:]
	switch {
	case digits > 9 || rest == "":
		return 0
	case digits == 0 && rest[0] == '>':
		return 1
	case len(rest) < 2 || rest[1] != ' ' && rest[1] != '\t':
		return 0
	case digits == 0 && strings.ContainsRune("-+*", rune(rest[0])), digits > 0 && (rest[0] == '.' || rest[0] == ')'):
		return digits + 1
	}
	return 0
}
