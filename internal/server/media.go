package server

import (
	"path"
	"strings"
)

// mediaKind is the type of a file, and whether compressing it is worth while.
type mediaKind struct {
	contentType string
	text        bool
}

// kinds do not come from the system's list, which differs between machines.
var kinds = map[string]mediaKind{
	".html":        {"text/html; charset=utf-8", true},
	".css":         {"text/css; charset=utf-8", true},
	".js":          {"text/javascript; charset=utf-8", true},
	".mjs":         {"text/javascript; charset=utf-8", true},
	".json":        {"application/json", true},
	".map":         {"application/json", true},
	".webmanifest": {"application/manifest+json", true},
	".xml":         {"application/xml; charset=utf-8", true},
	".svg":         {"image/svg+xml", true},
	".txt":         {"text/plain; charset=utf-8", true},
	".md":          {"text/markdown; charset=utf-8", true},
	".csv":         {"text/csv; charset=utf-8", true},
	".ics":         {"text/calendar; charset=utf-8", true},
	".bib":         {"application/x-bibtex; charset=utf-8", true},
	".ris":         {"application/x-research-info-systems; charset=utf-8", true},
	".ico":         {"image/x-icon", true},
	".png":         {"image/png", false},
	".jpg":         {"image/jpeg", false},
	".jpeg":        {"image/jpeg", false},
	".gif":         {"image/gif", false},
	".webp":        {"image/webp", false},
	".avif":        {"image/avif", false},
	".pdf":         {"application/pdf", false},
	".zip":         {"application/zip", false},
	".epub":        {"application/epub+zip", false},
	".docx":        {"application/vnd.openxmlformats-officedocument.wordprocessingml.document", false},
	".xlsx":        {"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", false},
	".mp3":         {"audio/mpeg", false},
	".mp4":         {"video/mp4", false},
	".woff2":       {"font/woff2", false},
}

func kindOf(name string) mediaKind {
	if kind, known := kinds[strings.ToLower(path.Ext(name))]; known {
		return kind
	}
	return mediaKind{contentType: "application/octet-stream"}
}
