package bulk

import (
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"slices"
	"strings"
)

// kind is one kind of record.
type kind struct {
	folder  string
	percent int // of all records; 0 takes the rest
	atMost  int // 0 is no limit
	slug    func(n int) string
}

var (
	countries       = kind{"countries", 5, 40, func(n int) string { return strings.ToLower(code(n)) }}
	themes          = kind{"themes", 5, 40, numbered("theme")}
	reports         = kind{"reports", 1, 0, numbered("report")}
	meetings        = kind{"meetings", 2, 0, numbered("meeting")}
	instruments     = kind{"legislation", 5, 0, numbered("law")}
	practices       = kind{"practices", 40, 0, numbered("practice")}
	recommendations = kind{"recommendations", 0, 0, func(n int) string {
		return strings.ToLower(strings.ReplaceAll(symbol(n), "/", "-"))
	}}

	// kinds has the one that takes the rest last.
	kinds = []kind{countries, themes, reports, meetings, instruments, practices, recommendations}
)

func numbered(what string) func(int) string {
	return func(n int) string { return fmt.Sprintf("%s-%d", what, n+1) }
}

// code returns a country's code, one that ISO 3166 gives to nobody.
func code(n int) string {
	return string([]byte{'X', byte('A' + n/26%26), byte('A' + n%26)})
}

const (
	groups   = 5  // of recommendations, in each report
	perGroup = 10 // recommendations
)

func symbol(n int) string {
	return fmt.Sprintf("BLK/%d/G%d/%d", 1+n/(perGroup*groups), 1+n/perGroup%groups, 1+n%perGroup)
}

// plan is how many records of each kind there are: relations are drawn from it.
type plan struct {
	seed  uint64
	count map[string]int // by folder
}

func (s Site) plan() plan {
	p := plan{s.Seed, map[string]int{}}
	left := s.Records
	for _, k := range kinds {
		n := max(1, s.Records*k.percent/100)
		if k.atMost > 0 {
			n = min(n, k.atMost)
		}
		if k.percent == 0 {
			n = max(1, left)
		}
		p.count[k.folder] = n
		left -= n
	}
	return p
}

// draw returns the chance that belongs to a record, whatever was written before.
func (p plan) draw(parts ...any) *rand.Rand {
	sum := fnv.New64a()
	fmt.Fprint(sum, parts...)
	return rand.New(rand.NewPCG(p.seed, sum.Sum64()))
}

// some returns up to most different names of a folder's records.
func (p plan) some(draw *rand.Rand, k kind, most int) []string {
	var picked []string
	for range draw.IntN(most + 1) {
		if name := k.slug(draw.IntN(p.count[k.folder])); !slices.Contains(picked, name) {
			picked = append(picked, name)
		}
	}
	return picked
}
