package search

import "testing"

func TestACorrectionIsAsSureAsItIsNear(t *testing.T) {
	for _, test := range []struct {
		name, typed, meant string
		own                int
		likely, sure       bool
	}{
		{"a letter left out of a long word", "resettlment", "resettlement", 4, true, true},
		{"another of a rare word", "barcos", "bancos", 1, false, false},
		{"two of a word met often", "bateaux", "bureaux", 40, false, false},
		{"one of a word met often", "goverment", "government", 26, true, true},
		{"one of a short word", "plage", "page", 60, true, false},
		{"another ending", "casas", "casos", 100, true, false},
		{"a word of another language", "resettlment", "resettlement", 0, true, false},
		{"another first letter, and more", "vrijheid", "blijheid", 100, false, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			c := &candidate{word: test.meant, own: test.own, slips: slips(test.typed, test.meant)}
			if likely, sure := c.likely(test.typed), c.sure(test.typed); likely != test.likely || sure != test.sure {
				t.Errorf("%s for %s: likely %t, sure %t, want %t, %t", test.meant, test.typed, likely, sure, test.likely, test.sure)
			}
		})
	}
}

func TestASlipIsNoFormOfAWord(t *testing.T) {
	for _, test := range []struct {
		typed, meant string
		want         bool
	}{
		{"regeeringen", "regeringen", true},
		{"verdragg", "verdrag", true},
		{"registation", "registration", true},
		{"refugiee", "refugie", false},
		{"refugiada", "refugiado", false},
		{"detained", "detains", false},
		{"registering", "registration", false},
	} {
		if got := slipped(test.typed, test.meant); got != test.want {
			t.Errorf("slipped(%q, %q) = %t, want %t", test.typed, test.meant, got, test.want)
		}
	}
}
