package record

import (
	"path"
	"regexp"
	"strings"
)

var (
	folderForm = regexp.MustCompile(`^[a-z0-9]+([-.][a-z0-9]+)*$`)
	reserved   = regexp.MustCompile(`(?i)^(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?$`)
)

// The longest names that survive being unpacked on Windows, where a whole path
// has 260 characters, most of which belong to whoever unpacks it.
const (
	longestName = 80
	longestPath = 160
)

// checkName proves that a name below content makes an address and can be copied
// to every kind of computer. names holds those seen, in small letters.
func (c *checker) checkName(file string, folder bool, names map[string]string) {
	name := path.Base(file)
	lower := strings.ToLower(file)
	twin := names[lower]
	names[lower] = file
	switch {
	case twin != "" && !folder: // of two folders, the one with capitals is reported below
		c.add(file, 1, "the name differs from %s by capital letters only, and many computers take them for one; rename one of the two", base(twin))
	case reserved.MatchString(name):
		c.add(file, 1, "Windows cannot store a file named %s; choose another name", name)
	case len(name) > longestName || len(file) > longestPath:
		c.add(file, 1, "the name is too long to be copied to every computer; keep it below %d characters, and the whole path below %d", longestName, longestPath)
	case folder && !folderForm.MatchString(name):
		c.add(file, 1, "the folder's name is its address: it may hold small letters without accents, digits and hyphens only; rename it")
	case strings.ContainsAny(name, `<>:"|?*\`) || strings.HasSuffix(name, " ") || strings.HasSuffix(name, "."):
		c.add(file, 1, "the name holds a sign that some computers refuse (one of <>:\"|?*\\, or a space or full stop at the end); rename the file")
	}
}

// checkPlace proves that readers will see a text under the name it has.
func (c *checker) checkPlace(p *Page) bool {
	name := strings.TrimPrefix(p.Name, ".draft.")
	switch {
	case name != "index" && name != "_index" && name != "text":
		c.add(p.File, 1, "no reader would see this file: a record's folder holds index.LANGUAGE.md and text.LANGUAGE.md; rename it to one of them")
	case p.Lang != "" && len(c.known.languages) > 0 && !c.known.languages[p.Lang]:
		c.add(p.File, 1, "%q is no language of this site (content/_index.%s.md is not there); correct the file's name", p.Lang, p.Lang)
	case name == "_index" && p.Slug != "":
		c.add(p.File, 1, "_index is for the page of a whole section; a record's own page is index.%s.md: rename the file", c.known.base)
	default:
		return true
	}
	return false
}
