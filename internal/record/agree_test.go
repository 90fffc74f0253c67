package record

import (
	"strings"
	"testing"
)

func TestCheckAcceptsATranslationWithWordsAndAReviewOfItsOwn(t *testing.T) {
	files := site()
	files[translated] = strings.Replace(boot(), "themes: ", "reviewed_by: \"Oficina\"\nreviewed_on: \"2021-01-01\"\nweight: 4\nthemes: ", 1)
	for _, f := range check(t, files) {
		t.Error(f)
	}
}
