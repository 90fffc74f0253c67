package record

// Type is what a field may hold.
type Type string

// The types of fields.
const (
	Words     Type = "text"
	Whole     Type = "whole number"
	Flag      Type = "true or false"
	Day       Type = "date (YYYY-MM-DD)"
	Moment    Type = "date (YYYY, YYYY-MM or YYYY-MM-DD)"
	Link      Type = "web address"
	List      Type = "list of texts"
	Entries   Type = "list of entries"
	Entry     Type = "entry"
	ByLang    Type = "text for each language"
	Told      Type = "text, or a text for each language"
	Countries Type = "list of country codes"
	Themes    Type = "list of themes"
	Anchors   Type = "list of paragraphs"

	Instruments     Type = "list of instruments"
	Recommendations Type = "list of recommendations"
)

// Field is one field of the front matter.
type Field struct {
	Name     string
	Type     Type
	Required bool
	Values   []string // the only values a text may have; none for any
	Fields   []Field  // of an entry
	Doc      string   // for whoever fills it in
}

// Kind is one kind of record.
type Kind struct {
	Name   string // "practice"
	Folder string // below content
	Prefix string // what an id has before the slug; "" where ids are formed otherwise
	Fields []Field
}

// Kinds lists the kinds of records, each with all its fields.
func Kinds() []Kind {
	kinds := []Kind{report(), practice(), recommendation(), meeting(), country(), theme(), legislation(), instrument(), term(), about()}
	for i := range kinds {
		kinds[i].Fields = append(common(), kinds[i].Fields...)
	}
	return kinds
}

func common() []Field {
	return []Field{
		{Name: "id", Type: Words, Required: true, Doc: "permanent; never changes"},
		{Name: "title", Type: Words, Required: true},
		{Name: "summary", Type: Words, Required: true, Doc: "one or two sentences, for lists and search"},
		{Name: "date", Type: Day, Doc: "of what is described, not of the page"},
		{Name: "countries", Type: Countries, Doc: "ISO 3166-1 alpha-3 codes"},
		{Name: "themes", Type: Themes, Doc: "folders of content/themes"},
		{Name: "instruments", Type: Instruments, Doc: "folders of content/legislation whose ids begin with instrument-"},
		{Name: "sources", Type: Entries, Fields: source(), Doc: "where each statement comes from"},
		{Name: "visibility", Type: Words, Doc: "public, members or group:NAME"},
		{Name: "embargo_until", Type: Day},
		{Name: "reviewed_by", Type: Words},
		{Name: "reviewed_on", Type: Day},
		{Name: "next_review", Type: Day},
		{Name: "lang", Type: Words},
		{Name: "draft", Type: Flag, Doc: "true keeps the record out of the site"},
		{Name: "weight", Type: Whole, Doc: "place in lists"},
		{Name: "aliases", Type: List, Doc: "older addresses of the page"},
		{Name: "imported", Type: Entry, Fields: imported(), Doc: "written by the importer; leave as it is"},
	}
}

func source() []Field {
	return []Field{
		{Name: "report", Type: Words, Doc: "folder of content/reports"},
		{Name: "paragraph", Type: Words, Doc: "id of a paragraph in that report"},
		{Name: "page", Type: Whole},
		{Name: "title", Type: Words},
		{Name: "url", Type: Link},
		{Name: "as_of", Type: Moment, Doc: "when it was looked at"},
		{Name: "note", Type: Words},
	}
}

func imported() []Field {
	return []Field{
		{Name: "file", Type: Words, Required: true},
		{Name: "checksum", Type: Words, Required: true},
	}
}

// section is the page of a folder, and home.
func section() Kind {
	return Kind{Name: "section page", Fields: []Field{
		{Name: "id", Type: Words, Required: true},
		{Name: "title", Type: Words, Required: true},
		{Name: "summary", Type: Words, Required: true},
		{Name: "searches", Type: List, Doc: "suggested searches on the home page"},
		{Name: "draft", Type: Flag},
		{Name: "weight", Type: Whole},
		{Name: "visibility", Type: Words},
	}}
}

// text is a verbatim text in a record's folder.
func textKind() Kind {
	return Kind{Name: "text of a record", Fields: []Field{
		{Name: "title", Type: Words, Required: true},
		{Name: "lang", Type: Words},
		{Name: "imported", Type: Entry, Fields: imported()},
	}}
}
