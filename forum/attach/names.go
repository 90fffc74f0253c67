package attach

import (
	"path"
	"regexp"
	"strings"
)

// anonymous is the text that takes the place of a part that tells who made a
// document.
func anonymous(part string) (string, bool) {
	const head = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n"
	switch strings.ToLower(part) {
	case "docprops/core.xml":
		return head + `<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"/>`, true
	case "docprops/app.xml":
		return head + `<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"/>`, true
	case "docprops/custom.xml":
		return head + `<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"/>`, true
	case "meta.xml":
		return head + `<office:document-meta xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" office:version="1.2"><office:meta/></office:document-meta>`, true
	}
	return "", false
}

// Who wrote a comment or a change, in the ways that documents say it.
var (
	wordNames   = regexp.MustCompile(`((?:w|w15):(?:author|initials|userId|providerId)=)("[^"]*"|'[^']*')`)
	authorNames = regexp.MustCompile(`((?:name|initials|displayName|userId|providerId)=)("[^"]*"|'[^']*')`)
	sheetNames  = regexp.MustCompile(`<author>[^<]*</author>`)
	odtNames    = regexp.MustCompile(`<(dc:creator|meta:creator-initials)>[^<]*</`)
)

// nameless returns what takes the names out of a part, nil where none are
// expected.
func nameless(part string) func([]byte) []byte {
	dir, base := path.Split(strings.ToLower(part))
	switch {
	case path.Ext(base) != ".xml":
		return nil
	case dir == "word/":
		return func(text []byte) []byte { return wordNames.ReplaceAll(text, []byte(`${1}""`)) }
	case dir == "xl/persons/", dir == "ppt/" && strings.HasSuffix(base, "authors.xml"):
		return func(text []byte) []byte { return authorNames.ReplaceAll(text, []byte(`${1}""`)) }
	case dir == "xl/" && strings.HasPrefix(base, "comments"):
		return func(text []byte) []byte { return sheetNames.ReplaceAll(text, []byte(`<author></author>`)) }
	case dir == "" && (base == "content.xml" || base == "styles.xml"):
		return func(text []byte) []byte { return odtNames.ReplaceAll(text, []byte(`<${1}></`)) }
	}
	return nil
}
