package attach

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"cmc/internal/errs"
)

// programs are endings that some machine runs when a file is opened. In the
// middle of a name they make people believe, or a careless program act.
func programs() []string {
	return []string{
		"app", "bat", "cmd", "com", "cpl", "dll", "dmg", "docm", "exe", "hta", "htm", "html", "jar", "js", "jse", "lnk",
		"msi", "php", "pif", "ps1", "py", "reg", "scr", "sh", "svg", "url", "vbe", "vbs", "wsf", "xhtml", "xlsm",
	}
}

// devices are names that Windows keeps for itself.
func devices() []string {
	return []string{"aux", "con", "nul", "prn", "com1", "com2", "com3", "com4", "lpt1", "lpt2", "lpt3"}
}

// cleanName makes a name that is safe on every machine and says what it is:
// without a path, without characters that are invisible or turn the direction
// of reading, and with no ending but its last.
func cleanName(name string) (string, *errs.Error) {
	name = name[strings.LastIndexAny(name, `/\`)+1:]
	name = strings.Map(func(r rune) rune {
		switch {
		case r == utf8.RuneError, unicode.IsControl(r), unicode.Is(unicode.Cf, r), unicode.Is(unicode.Co, r):
			return -1
		case unicode.IsSpace(r):
			return ' '
		case strings.ContainsRune(`:*?"<>|`, r), !unicode.IsPrint(r):
			return '_'
		}
		return r
	}, name)
	name = strings.Trim(strings.Join(strings.Fields(name), " "), ". ")
	at := strings.LastIndexByte(name, '.')
	if at <= 0 {
		return "", errs.New(errs.Invalid, "forum_error_file_name", "Name", name).On(field)
	}
	stem, end := strings.TrimRight(name[:at], ". "), strings.ToLower(strings.TrimSpace(name[at+1:]))
	parts := strings.Split(stem, ".")
	for i := 1; i < len(parts); i++ {
		if slices.Contains(programs(), strings.ToLower(strings.TrimSpace(parts[i]))) {
			parts[i-1] += "_" + parts[i]
			parts = slices.Delete(parts, i, i+1)
			i--
		}
	}
	stem = strings.Join(parts, ".")
	if slices.Contains(devices(), strings.ToLower(stem)) {
		stem = "_" + stem
	}
	if room := MaxName - utf8.RuneCountInString(end) - 1; utf8.RuneCountInString(stem) > room {
		stem = string([]rune(stem)[:max(1, room)])
	}
	return stem + "." + end, nil
}
