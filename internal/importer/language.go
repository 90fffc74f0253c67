package importer

import (
	"strings"
)

// stopWords are the little words by which a language is known. They also show
// that a line is not finished: no sentence ends in "of the".
var stopWords = map[string]string{
	"en": "the of and to in a for is on that with as by it from are was were be been an at or this which its their has have not but into under",
	"es": "el la los las de del y a en que un una por con para se su es al como lo entre sobre desde sin o fue sus más este esta",
	"fr": "le la les de des du et à en que un une pour par avec dans sur est au aux se ce cette qui ou ont leur leurs sans sous d l",
	"nl": "de het een en van in te dat op is voor met zijn aan die als bij door om er niet naar over uit ook tot deze hun of werd",
}

func isStopWord(lang, word string) bool {
	word = strings.ToLower(word)
	for w := range strings.FieldsSeq(stopWords[lang]) {
		if w == word {
			return true
		}
	}
	return false
}

// language is decided by a vote of the little words.
func language(doc *Document, report *Report) string {
	var text strings.Builder
	for _, b := range doc.Blocks {
		text.WriteString(b.Text)
		text.WriteByte(' ')
	}
	lang, votes, runnerUp := vote(text.String())
	switch {
	case votes < 3:
		report.add(Person, 0, "the language could not be told; English (en) was assumed")
		return "en"
	case runnerUp*4 > votes*3:
		report.add(Guessed, 0, "the language is probably %q, but it was a close vote", lang)
	}
	return lang
}

func vote(text string) (lang string, most, second int) {
	count := map[string]int{}
	for w := range strings.FieldsSeq(strings.ToLower(text)) {
		count[strings.Trim(w, `.,;:!?"“”'’()«»`)]++
	}
	for _, code := range []string{"en", "es", "fr", "nl"} {
		n := 0
		for w := range strings.FieldsSeq(stopWords[code]) {
			n += count[w]
		}
		switch {
		case n > most:
			lang, most, second = code, n, most
		case n > second:
			second = n
		}
	}
	if lang == "" {
		lang = "en"
	}
	return lang, most, second
}
