package record

func report() Kind {
	return Kind{Name: "report", Folder: "reports", Fields: []Field{
		{Name: "meeting", Type: Words, Doc: "id of the meeting"},
		{Name: "symbol", Type: Words},
		{Name: "symbol_basis", Type: Words, Doc: "who gave the symbol"},
		{Name: "original_title", Type: Words},
		{Name: "place", Type: Words},
		{Name: "languages", Type: List},
		{Name: "pages", Type: Whole},
		{Name: "files", Type: List},
		{Name: "sections", Type: Entries, Required: true, Fields: []Field{
			{Name: "id", Type: Words, Required: true},
			{Name: "number", Type: Words},
			{Name: "title", Type: Words, Required: true},
			{Name: "page", Type: Whole},
		}},
		{Name: "errata", Type: Entries, Fields: []Field{
			{Name: "id", Type: Words, Required: true},
			{Name: "where", Type: Anchors, Required: true},
			{Name: "note", Type: Words, Required: true},
		}},
	}}
}

func practice() Kind {
	return Kind{Name: "practice", Folder: "practices", Prefix: "practice-", Fields: []Field{
		{Name: "label", Type: Words, Required: true, Doc: "the source's own word"},
		{Name: "since", Type: Words},
		{Name: "status", Type: Words, Values: []string{"idea", "pilot", "running", "ended", "scaled"}},
		{Name: "body", Type: Words, Doc: "who carries it out"},
		{Name: "partners", Type: List},
		{Name: "legal_basis", Type: Words},
		{Name: "served", Type: Words, Doc: "people served"},
		{Name: "results", Type: List, Doc: "with figures and dates"},
		{Name: "challenges", Type: List},
		{Name: "lessons", Type: List},
		{Name: "replicate", Type: List, Doc: "what a neighbour needs to do the same"},
		{Name: "contact", Type: Words, Doc: "an office, never a person"},
	}}
}

func recommendation() Kind {
	return Kind{Name: "recommendation", Folder: "recommendations", Fields: []Field{
		{Name: "symbol", Type: Words, Required: true, Doc: "e.g. CMC/2017/NS/3; the folder's name in capitals, with slashes"},
		{Name: "group", Type: Words, Required: true, Doc: "a code of data/recommendation_groups.yaml"},
		{Name: "number", Type: Whole, Required: true},
		{Name: "addressees", Type: List},
		{Name: "addressee_basis", Type: Words, Values: []string{"stated", "stated in part", "inferred"}},
		{Name: "progress", Type: Entries, Fields: []Field{
			{Name: "date", Type: Moment, Doc: "leave it out when the evidence has none"},
			{Name: "author", Type: Words, Required: true, Doc: "an office"},
			{Name: "note", Type: Words, Required: true},
			{Name: "evidence", Type: Link},
		}},
	}}
}

func meeting() Kind {
	return Kind{Name: "meeting", Folder: "meetings", Prefix: "meeting-", Fields: []Field{
		{Name: "start", Type: Moment, Required: true},
		{Name: "end", Type: Moment},
		{Name: "date_precision", Type: Words, Values: []string{"day", "month", "year"}},
		{Name: "place", Type: Words, Required: true},
		{Name: "host", Type: Words},
		{Name: "chair", Type: Words},
		{Name: "delegations", Type: Countries},
		{Name: "observers", Type: Entries, Fields: []Field{
			{Name: "country", Type: Words},
			{Name: "delegation", Type: Words},
			{Name: "status", Type: Words},
		}},
		{Name: "organisations", Type: Entries, Fields: []Field{
			{Name: "name", Type: Words, Required: true},
			{Name: "basis", Type: Words},
		}},
		{Name: "documents", Type: List, Doc: "folders of content/reports"},
		{Name: "outcome", Type: Words},
	}}
}

func country() Kind {
	return Kind{Name: "country", Folder: "countries", Prefix: "country-", Fields: []Field{
		{Name: "code", Type: Words, Required: true, Doc: "ISO 3166-1 alpha-3"},
		{Name: "iso2", Type: Words, Required: true},
		{Name: "m49", Type: Words},
		{Name: "names", Type: ByLang, Required: true},
		{Name: "languages_official", Type: List},
		{Name: "political_status", Type: Words},
		{Name: "caricom", Type: Words},
	}}
}

func theme() Kind {
	return Kind{Name: "theme", Folder: "themes", Prefix: "theme-", Fields: []Field{
		{Name: "section", Type: Words, Doc: "id of the report section that defines it"},
	}}
}

func legislation() Kind {
	return Kind{Name: "legislation", Folder: "legislation", Prefix: "legislation-", Fields: []Field{
		{Name: "topics", Type: List},
		{Name: "instruments", Type: List},
	}}
}

func term() Kind {
	return Kind{Name: "glossary entry", Folder: "glossary", Fields: []Field{
		{Name: "acronym", Type: Words},
		{Name: "names", Type: ByLang},
	}}
}

func about() Kind { return Kind{Name: "page about the site", Folder: "about"} }
