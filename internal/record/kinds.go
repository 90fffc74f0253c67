package record

func report() Kind {
	return Kind{Name: "report", Folder: "reports", Fields: []Field{
		{Name: "meeting", Type: Words, Doc: "id of the meeting"},
		{Name: "symbol", Type: Words},
		{Name: "symbol_basis", Type: Words, Doc: "who gave the symbol"},
		{Name: "original_title", Type: Words},
		{Name: "other_names", Type: List, Doc: "what people call it and search for"},
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
		{Name: "recommendations", Type: Recommendations, Doc: "that it answers to, on the editors' reading"},
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
			{Name: "evidence", Type: Link, Required: true},
		}},
	}}
}

func meeting() Kind {
	return Kind{Name: "meeting", Folder: "meetings", Prefix: "meeting-", Fields: []Field{
		{Name: "status", Type: Words, Values: []string{"held", "planned", "recurring"}, Doc: "held when it is left out"},
		{Name: "start", Type: Moment, Doc: "left out only where no source gives a date"},
		{Name: "end", Type: Moment},
		{Name: "date_precision", Type: Words, Values: []string{"day", "month", "year"}},
		{Name: "place", Type: Words, Doc: "left out where no source gives it"},
		{Name: "host", Type: Words},
		{Name: "chair", Type: Words},
		{Name: "participants", Type: Words, Doc: "who took part, where the source gives no list"},
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
		{Name: "part_of", Type: Words, Doc: "code of the State that answers for a territory abroad"},
		{Name: "caricom", Type: Words},
		{Name: "role", Type: Words, Values: []string{"participant", "observer", "listed", "named"}, Doc: "listed: by another source than a report; named: no part recorded"},
		{Name: "cmc", Type: Words, Doc: "its part in the consultations, and by which source"},
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
		{Name: "recommendations", Type: Recommendations},
	}}
}

// instrument shares its folder with the guides on legislation: both answer what
// the law says. Its ids tell them apart.
func instrument() Kind {
	return Kind{Name: "instrument", Folder: "legislation", Prefix: "instrument-", Fields: []Field{
		{Name: "instrument_kind", Type: Words, Required: true, Values: []string{
			"treaty", "treaty group", "declaration", "plan of action", "compact", "framework", "national policy",
			"constitution", "national legislation", "regulation", "guidance", "model law", "programme",
			"mechanism", "memorandum", "standard",
		}},
		{Name: "stage", Type: Words, Doc: "where it was not in force when the source spoke: proposed, being adopted"},
		{Name: "year", Type: Whole},
		{Name: "adopted", Type: Moment},
		{Name: "official_name", Type: Words, Doc: "in full, where the title is short"},
		{Name: "also_known_as", Type: List},
		{Name: "treaty", Type: Words, Doc: "its column in data/accessions.yaml, such as 1951"},
		{Name: "country", Type: Words, Doc: "whose law it is, ISO 3166-1 alpha-3"},
		{Name: "official_url", Type: Link},
		{Name: "recommendations", Type: Recommendations},
	}}
}

func term() Kind {
	return Kind{Name: "term", Folder: "glossary", Fields: []Field{
		{Name: "acronym", Type: Words},
		{Name: "names", Type: ByLang},
	}}
}

// about is a page about the site itself.
func about() Kind { return Kind{Name: "page", Folder: "about"} }
