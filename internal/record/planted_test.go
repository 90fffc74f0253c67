package record

import (
	"strings"
	"testing"
)

// TestCheckFindsEachPlantedFault plants one fault at a time into a site without
// fault, and expects that one finding and no other.
func TestCheckFindsEachPlantedFault(t *testing.T) {
	for _, test := range []struct {
		name, file string
		edit       edit
		want       string // "line: part of the message"
	}{
		// Files and folders.
		{"a byte order mark", boatFile, func(s string) string { return "\ufeff" + s }, "1: begins with an invisible mark"},
		{"a letter in an old encoding", boatFile, end("caf\xe9\n"), "14: cannot be read; save the file again as UTF-8"},
		{"a letter lost in copying", boatFile, end("caf\ufffd\n"), "14: a letter was lost"},
		{"an invisible character", boatFile, end("left\u202eright\n"), "14: cannot be seen"},
		{"a letter in an old encoding in a table", challenges, swap("Wide", "W\xefde"), "3: cannot be read"},
		{"a text that is a link of the file system", "content/practices/link/index.en.md", whole("-> ../boat/index.en.md"), "1: a link to another place on the disk"},
		{"a folder that is a link of the file system", "content/practices/link", whole("-> boat"), "1: a link to another place on the disk"},
		{"a page in HTML", "content/practices/boat/page.html", whole("<p>"), "1: ending in .html does not belong"},
		{"a file without an ending", "content/practices/boat/notes", whole("x"), "1: without an ending"},
		{"an editor's leftover", "content/practices/boat/.index.en.md.swp", whole("x"), "1: begins with a full stop"},
		{"a folder of a computer's own", "content/practices/.trash/index.en.md", whole("x"), "content/practices/.trash:1: begins with a full stop"},
		{"a folder in capitals", "content/practices/Ship/picture.png", whole("x"), "content/practices/Ship:1: may hold small letters"},
		{"a folder with an accent", "content/practices/bateau-à-voile/picture.png", whole("x"), "content/practices/bateau-à-voile:1: may hold small letters"},
		{"two names that differ by capitals", "content/practices/boat/Map.svg", whole("x"), "content/practices/boat/map.svg:1: differs from Map.svg by capital letters only"},
		{"a name that Windows keeps for itself", "content/practices/boat/con.svg", whole("x"), "1: Windows cannot store"},
		{"a name with a sign that Windows refuses", "content/practices/boat/what?.svg", whole("x"), "1: some computers refuse"},
		{"a name that is too long", "content/practices/boat/" + strings.Repeat("a", 90) + ".svg", whole("x"), "1: too long to be copied"},
		{"a text that no reader would see", "content/practices/boat/notes.en.md", whole(front(`title: "T"`)), "1: no reader would see this file"},
		{"a language that the site has not", "content/practices/boat/index.xx.md", whole(boat()), "1: \"xx\" is no language of this site"},
		{"a record under the name of a section", "content/practices/copy/_index.en.md", whole(front(`id: "a"`, `title: "T"`, `summary: "S"`)), "1: _index is for the page of a whole section"},
		{"a folder that is no kind of record", "content/songs/a/index.en.md", whole(front(`id: "a"`)), "1: is no kind of record"},
		{"a table that nothing reads", "data/challenge.yaml", whole("[]\n"), "1: nothing reads this file; correct its name (challenges.yaml?)"},
		{"a table in the wrong format", "data/prices.csv", whole("a,b\n"), "1: a table in the folder data is a file that ends in .yaml"},

		// Front matter.
		{"no front matter", themePage, whole("Only words.\n"), "1: three hyphens"},
		{"front matter without an end", themePage, whole("---\ntitle: A\n"), "1: has no end"},
		{"broken YAML", boatFile, swap(`title: "Boat"`, `title: "Boat`), "4: cannot be read from here on"},
		{"a field twice", boatFile, field(`title: "Again"`), "4: title stands twice"},
		{"front matter that is a list", themePage, whole("---\n- a\n- b\n---\n"), "2: not a list of fields"},
		{"a misspelt field", boatFile, field(`partnrs: []`), "2: did you mean partners?"},
		{"an unknown field", boatFile, field(`colour: "red"`), "2: colour is no field of a practice"},
		{"a field of another kind", boatFile, field(`observers: []`), "2: observers is no field"},
		{"an unknown field in a source", boatFile, swap("page: 3", "page: 3, chapter: 2"), "9: chapter is no field of sources"},
		{"a missing field", boatFile, swap("summary: \"S\"\n", ""), "2: the field summary is missing"},
		{"an empty title", boatFile, swap(`"Boat"`, `""`), "2: the field title is missing"},
		{"a field without a value", boatFile, field(`contact:`), "2: contact is empty"},
		{"a number for a text", boatFile, field(`body: 5`), "2: body must be a text"},
		{"a text for a list", boatFile, field(`partners: "one"`), "2: partners must be a list of texts"},
		{"a quoted number", boatFile, field(`weight: "3"`), "2: weight must be a whole number"},
		{"a word for a flag", boatFile, field(`draft: "yes"`), "2: draft must be true or false"},
		{"a day that no month has", boatFile, swap("2020-01-02", "2020-02-30"), "5: \"2020-02-30\" is not a date"},
		{"a date in another order", boatFile, field(`next_review: "2/1/2020"`), "2: is not a date"},
		{"a year that cannot be meant", boatFile, swap("2020-01-02", "0202-01-02"), "5: correct the year"},
		{"a date in the future", boatFile, swap("2020-01-02", "2022-01-02"), "5: lies in the future"},
		{"an embargo with a time of day", boatFile, field(`embargo_until: "2020-07-01 10:00"`), "2: is not a date"},
		{"a review in the future", boatFile, field("reviewed_on: \"2022-01-02\"\nreviewed_by: \"Office\""), "2: lies in the future"},
		{"a review without a reviewer", boatFile, field(`reviewed_on: "2021-01-02"`), "2: stands without reviewed_by"},
		{"a next review before the last", boatFile, field("next_review: \"2020-02-01\"\nreviewed_on: \"2021-01-02\"\nreviewed_by: \"Office\""), "2: is before reviewed_on"},
		{"an unknown country", boatFile, swap("[BHS]", "[BHS, ZZZ]"), "7: \"ZZZ\" is no country code"},
		{"an unknown theme", boatFile, swap("[travel]", "[travell]"), "8: there is no content/themes/travell; correct the name (travel?)"},
		{"an unknown instrument", boatFile, swap("[pact]", "[bond]"), "10: there is no instrument content/legislation/bond"},
		{"an unknown recommendation", boatFile, swap("[cmc-2020-ns-1]", "[cmc-2020-ns-9]"), "11: there is no content/recommendations/cmc-2020-ns-9; correct the name (cmc-2020-ns-1?)"},
		{"an unknown report", boatFile, swap("report: town-2020", "report: city-2020"), "9: no content/reports/city-2020"},
		{"an unknown paragraph", boatFile, swap("par-1-02,", "par-9-99,"), "9: has no paragraph \"par-9-99\""},
		{"the wrong page", boatFile, swap("page: 3", "page: 7"), "9: par-1-02 stands on page 3"},
		{"a practice without a source", boatFile, swap("sources: [{report: town-2020, paragraph: par-1-02, page: 3}]\n", ""), "1: the record names no source"},
		{"a theme that names countries without a source", themePage, field(`countries: [BHS]`), "1: the record names no source"},
		{"a source that names nothing", boatFile, swap("report: town-2020, paragraph: par-1-02, ", ""), "9: names neither report nor url"},
		{"an unknown status", boatFile, field(`status: "finished"`), "2: \"finished\" is not known; use one of: idea"},
		{"an unknown label", boatFile, swap("good practice", "best ever"), "6: \"best ever\" is not a word"},
		{"an unknown visibility", boatFile, field(`visibility: secret`), "2: \"secret\" is not known"},
		{"a page for members that would be published", boatFile, field(`visibility: members`), "2: cannot be kept from others"},
		{"an id that disagrees with its folder", boatFile, swap("practice-boat", "practice-ship"), "2: does not agree with the folder boat"},
		{"an id that another record has", "content/about/other/index.en.md", whole(front(`id: "home"`, `title: "T"`, `summary: "S"`)), "2: belongs to content/_index.en.md already"},
		{"a practice that began after the report on it", boatFile, field(`since: "2020-03"`), "2: is after 2020-01-02"},

		// Texts.
		{"a link that leads nowhere", boatFile, end("\n[x](/practices/none/)\n"), "15: leads nowhere"},
		{"a link to a place that is not there", boatFile, end("\n[x](/reports/town-2020/#par-8-01)\n"), "15: no place #par-8-01"},
		{"a link that runs a script", boatFile, end("[x](javascript:alert)\n"), "14: not allowed"},
		{"a link without words", boatFile, end("\n[](/practices/)\n"), "15: no words to click on"},
		{"a footnote that is not written", boatFile, end("Word.[^7]\n"), "14: [^7] is used but not written"},
		{"a footnote that nothing leads to", boatFile, end("\n[^8]: Lost.\n"), "15: [^8] is written but not used"},
		{"a paragraph's id twice", boatFile, end("A\n{id=\"a\"}\n\nB\n{id=\"a\"}\n"), "18: \"a\" stands on line 15 already"},
		{"a heading's id twice", boatFile, end("\n## A {#a}\n\n## B {#a}\n"), "17: \"a\" stands on line 15 already"},
		{"an unknown shortcode", boatFile, end("\n{{< chart >}}\n"), "15: no command (shortcode) {{< chart >}}"},
		{"HTML in a line", boatFile, end("\nWord <b>bold</b>\n"), "15: HTML such as <b>"},
		{"HTML in a block", boatFile, end("\n<div>\nlost\n</div>\n"), "15: HTML such as <div>"},
		{"a picture without words", boatFile, end("\n![](/logo.svg)\n"), "15: no words for those who cannot see"},
		{"a heading that jumps", boatFile, end("\n## A\n\n#### B\n"), "17: jumps from level 2 to 4"},
		{"a heading like a title", boatFile, end("\n# A\n"), "15: competes with the page's title"},
		{"a heading without words", boatFile, end("\n##\n"), "15: the heading has no words"},
		{"a draft inside a published record", reportText, field(`draft: true`), "2: rename the file to .draft.text.en.md"},

		// Kinds of records.
		{"a symbol that disagrees with its folder", recommendedOne, swap("symbol: \"CMC/2020", "symbol: \"CMC/2021"), "6: does not agree with the folder"},
		{"an unknown group", groups, swap("code: NS", "code: XX"), recommendedOne + ":7: has no code \"NS\""},
		{"a number that disagrees with the symbol", recommendedOne, swap("number: 1", "number: 2"), "8: does not agree with the symbol"},
		{"a gap in the numbers", "content/recommendations/cmc-2020-ns-3/index.en.md", whole(strings.NewReplacer("ns-1", "ns-3", "NS/1", "NS/3", "number: 1", "number: 3").Replace(site()[recommendedOne])), "6: CMC/2020/NS/2 is not"},
		{"addressees without a basis", recommendedOne, swap("addressee_basis: \"inferred\"\n", ""), "10: addressee_basis is missing"},
		{"a note of progress without its author", recommendedOne, swap(`author: "Office", `, ""), "12: the field author is missing"},
		{"a note of progress without evidence", recommendedOne, swap(`, evidence: "https://example.org/"`, ""), "12: the field evidence is missing"},
		{"a note of progress from the future", recommendedOne, swap(`{author`, `{date: "2022-01", author`), "12: 2022-01 lies in the future"},
		{"a meeting that ends before it begins", meetingPage, swap(`end: "2020-02"`, `end: "2019-02"`), "7: is before start"},
		{"a meeting without a date", meetingPage, swap("start: \"2020-01\"\n", ""), "1: the field start is missing"},
		{"a meeting with an unknown status", meetingPage, field(`status: "soon"`), "2: \"soon\" is not known"},
		{"an observer of no country", meetingPage, field(`observers: [{country: "ZZZ"}]`), "2: \"ZZZ\" is no country code"},
		{"a meeting with an unknown document", meetingPage, swap("documents: [town-2020]", "documents: [city-2020]"), "10: there is no content/reports/city-2020"},
		{"a report of no meeting", reportPage, swap(`"meeting-town-2020"`, `"meeting-city-2020"`), "6: no record has the id \"meeting-city-2020\""},
		{"a file that is not there", reportPage, field(`files: ["report.pdf"]`), "2: there is no file report.pdf"},
		{"an erratum at no paragraph", reportPage, swap(`["par-1-01"]`, `["par-1-09"]`), "8: has no paragraph \"par-1-09\""},
		{"a theme of no section", themePage, swap("sec-1", "sec-9"), "6: no report has a section \"sec-9\""},
		{"an instrument without its kind", pactFile, swap("instrument_kind: \"treaty\"\n", ""), "2: the field instrument_kind is missing; every instrument needs it"},
		{"an unknown kind of instrument", pactFile, swap(`"treaty"`, `"song"`), "6: \"song\" is not known"},
		{"a field of a guide in an instrument", pactFile, field(`topics: []`), "2: topics is no field of an instrument"},
		{"an instrument of an unknown country", pactFile, field(`country: "ZZZ"`), "2: country: \"ZZZ\" is no country code"},
		{"an instrument whose address is none", pactFile, field(`official_url: "unhcr"`), "2: official_url is not a web address"},

		// Translations of records.
		{"another country than in the first language", translated, whole(strings.Replace(boot(), "[BHS]", "[TTO]", 1)), "7: countries differs from index.en.md, where it is BHS"},
		{"another date than in the first language", translated, whole(strings.Replace(boot(), "2020-01-02", "2020-01-03", 1)), "5: date differs"},
		{"another paragraph than in the first language", translated, whole(strings.Replace(boot(), "par-1-02, page: 3", "par-1-01, page: 1", 1)), "9: sources differs"},
		{"themes left out of a translation", translated, whole(strings.Replace(boot(), "themes: [travel]\n", "", 1)), "1: the field themes is missing; index.en.md has it"},
		{"a status in a translation only", translated, whole(strings.Replace(boot(), "themes: ", "status: pilot\nthemes: ", 1)), "8: the field status is not in index.en.md"},

		// Tables.
		{"a row without a source", challenges, swap("  sources:\n    - {report: town-2020, paragraph: par-1-02, page: 3}\n", ""), "2: the field sources is missing"},
		{"a row without words", challenges, swap("  text: {en: \"Wide.\", es: \"Ancho.\"}\n", ""), "2: the field text is missing"},
		{"a row without words in the first language", challenges, swap("en: \"Wide.\", ", ""), "3: text has no words in en"},
		{"a row with an unknown field", challenges, end("  colour: red\n"), "9: colour is no field of a row of challenges.yaml"},
		{"a row with an unknown paragraph", challenges, swap("par-1-02", "par-9-02"), "8: has no paragraph \"par-9-02\""},
		{"a row with the wrong page", challenges, swap("page: 3", "page: 8"), "8: par-1-02 stands on page 3"},
		{"a row with an unknown country", challenges, swap("BHS", "ZZZ"), "4: \"ZZZ\" is no country code"},
		{"a row with an unknown theme", challenges, swap("[travel]", "[walk]"), "5: there is no content/themes/walk"},
		{"a row with an unknown practice", challenges, swap("[boat]", "[ship]"), "6: there is no content/practices/ship"},
		{"an id that two rows share", challenges, end("- id: challenge-sea\n  text: {en: \"Deep.\"}\n  sources: [{url: \"https://example.org/\"}]\n"), "9: belongs to a row of data/challenges.yaml already"},
		{"a field twice in a row", challenges, end("  themes: []\n"), "9: themes stands twice"},
		{"a row that is no row", challenges, end("- only words\n"), "9: a row must have fields"},
		{"a table that is no list", challenges, whole("id: a\n"), "1: must be a list"},
		{"a table that cannot be read", challenges, whole("- id: [\n"), "1: cannot be read"},
		{"a legal step of no country", actions, swap("  country: TTO\n", ""), "1: the field country is missing"},
		{"a legal step with a bad date", actions, swap(`"2014"`, `"early 2014"`), "4: \"early 2014\" is not a date"},
		{"a row of the comparison under no heading", compared, swap("topic: appeal", "topic: appeals"), "3: has no heading \"appeals\""},
		{"a row of the comparison under no guide", compared, swap("guide: guide", "guide: other"), "3: content/legislation/other has no heading"},
		{"an accession without its source", accessions, swap("  source: \"Treaty collection\"\n", ""), "1: the field source is missing"},
		{"an accession in the future", accessions, swap("1993-09-15", "2033-09-15"), "8: lies in the future"},
		{"an accession younger than its source", accessions, swap("1993-09-15", "2014-09-15"), "8: is later than as_of"},
		{"an accession without the age of its source", accessions, swap("  as_of: \"2013-07-06\"\n", ""), "6: as_of is missing"},
		{"an accession to no treaty", accessions, swap("\"1990\"", "\"1991\""), "4: no page of content/legislation has treaty"},
		{"an accession of no country", accessions, swap("BHS", "ZZZ"), "1: \"ZZZ\" is no country code"},
		{"an accession twice", accessions, func(s string) string { return s + s }, "14: BHS 1990 is listed on line 4 already"},
		{"words for an unknown record", searchWords, swap("country: BHS", "record: practice-boot"), "1: no record has the id \"practice-boot\"; correct it (practice-boat?)"},
		{"words that lead to an unknown record", searchWords, swap("country: BHS", "see: [practice-boot]"), "1: no record has the id \"practice-boot\"; correct it (practice-boat?)"},
		{"words for an unknown country", searchWords, swap("country: BHS", "country: ZZZ"), "1: \"ZZZ\" is no country code"},
		{"words for two things", searchWords, swap("country: BHS", "country: BHS\n  record: practice-boat"), "2: a country and a record"},
		{"words for a country twice", searchWords, end("- {country: BHS, any: \"BS\"}\n"), "3: BHS is listed on line 1 already"},
		{"a row without words", searchWords, end("- {country: TTO}\n"), "3: the row has no words"},
		{"an acronym twice", acronyms, end("- {id: rt2, acronym: RT, expansion: \"Return trip\", name: {es: \"Viaje\"}}\n"), "6: RT is listed on line 2 already"},
		{"an acronym first used nowhere", acronyms, swap("par-1-01", "par-7-01"), "5: no report has a paragraph \"par-7-01\""},
		{"a country twice", "data/countries.yaml", end("- {code: TTO, name: {en: \"Tobago\"}}\n"), "3: TTO is listed on line 2 already"},
		{"a group of no report", groups, swap("town-2020", "city-2020"), "1: there is no content/reports/city-2020"},

		// Interface texts.
		{"a translation that is missing", spanish, whole("[nav_home]\nother = \"Inicio\"\n"), "1: replies is missing (i18n/en.toml:3 has it)"},
		{"a translation that is empty", spanish, swap("Inicio", ""), "1: nav_home (other) is empty"},
		{"a translation too many", spanish, end("[extra]\nother = \"x\"\n"), "6: extra is not in i18n/en.toml"},
		{"a plural form too few", spanish, swap("one = \"{{ .Count }} respuesta\"\n", ""), "3: must have the form one"},
		{"a placeholder that differs", spanish, swap("{{ .Count }} respuestas", "{{ .Número }} respuestas"), "3: {{ .Count }}"},
		{"a key twice", spanish, end("[nav_home]\nother = \"Portada\"\n"), "6: stands twice"},
		{"broken TOML", spanish, whole("[nav_home]\nother = \"x\n"), "2: cannot be read"},
	} {
		t.Run(test.name, func(t *testing.T) {
			files := site()
			files[test.file] = test.edit(files[test.file])
			place, part, _ := strings.Cut(test.want, ": ")
			if !strings.Contains(place, ":") {
				place = test.file + ":" + place
			}
			findings := check(t, files)
			if len(findings) != 1 || !strings.HasPrefix(findings[0].String(), place+": ") || !strings.Contains(findings[0].Message, part) {
				t.Errorf("findings = %q, want %s: …%s…", findings, place, part)
			}
		})
	}
}
