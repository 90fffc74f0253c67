package testkit

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// layers gives every room its floor. Arrows point only downward: a package
// imports rooms of lower floors, and of its own floor only what beside allows.
// A package belongs to the longest room that it stands in.
var layers = map[string]int{
	"cmc/cmd": 4,

	"cmc/forum/web":            3,
	"cmc/forum/live":           3,
	"cmc/forum/mail":           3,
	"cmc/internal/account/web": 3,
	"cmc/internal/desk":        3,
	"cmc/internal/importer":    3,
	"cmc/internal/middleware":  3,
	"cmc/internal/server":      3,
	"cmc/internal/site":        3,

	"cmc/search":           2,
	"cmc/forum/store":      2,
	"cmc/internal/account": 2,

	"cmc/forum":             1,
	"cmc/internal/audit":    1,
	"cmc/internal/database": 1,
	"cmc/internal/mail":     1,
	"cmc/internal/page":     1,
	"cmc/internal/record":   1,

	"cmc":                 0,
	"cmc/internal/bulk":   0,
	"cmc/internal/config": 0,
	"cmc/internal/errs":   0,
	"cmc/internal/i18n":   0,
}

// beside lists the arrows allowed within one floor, with the reason.
var beside = map[[2]string]string{
	{"cmc/internal/i18n", "cmc/internal/errs"}:   "a missing key is an error",
	{"cmc/internal/config", "cmc/internal/errs"}: "a wrong setting is an error",

	{"cmc/internal/audit", "cmc/internal/database"}: "an entry is written in the transaction of the deed",
	{"cmc/internal/mail", "cmc/internal/database"}:  "a letter is written in the transaction of what it tells",
}

// doors lists what only some rooms may import, directly or through others:
// whoever isn't named pays nothing for it.
var doors = []struct {
	module string
	rooms  []string
}{
	{"github.com/gohugoio/hugo", []string{"cmc/internal/site", "cmc/cmd"}},
	{"github.com/blevesearch/bleve", []string{"cmc/search", "cmc/cmd"}},
	{"github.com/chromedp", []string{"cmc/internal/testkit"}},
}

// walls lists what a room never reaches. A deep wall counts what its imports
// import in turn, a plain one only what its own files say.
var walls = []struct {
	room string
	deep bool
	not  []string
}{
	{"cmc/forum", false, []string{"database/sql", "net/http", "os", "cmc/search", "cmc/internal/database"}},
	{"cmc/forum/store", false, []string{"net/http"}},
	{"cmc/forum/store", true, []string{"cmc/search"}},
	{"cmc/forum/web", true, []string{"cmc/search"}},
	{"cmc/forum/live", true, []string{"cmc/search"}},
	{"cmc/forum/mail", true, []string{"cmc/search"}},
	{"cmc/search", true, []string{"cmc/forum", "cmc/forum/store", "cmc/forum/web", "cmc/forum/live"}},
	{"cmc/internal/site", true, []string{"cmc/search", "cmc/forum", "cmc/forum/store"}},
}

// listed is what `go list` says of one package. Deps has the standard library too.
type listed struct {
	ImportPath    string
	Imports, Deps []string
}

func packages(t *testing.T) []listed {
	t.Helper()
	list := exec.Command("go", "list", "-e", "-json=ImportPath,Imports,Deps", "./...")
	list.Dir = Root(t)
	out, err := list.Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	var all []listed
	for d := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p listed
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatalf("read go list: %v", err)
		}
		all = append(all, p)
	}
	if len(all) < 5 {
		t.Fatalf("go list knows %d packages, want the whole house", len(all))
	}
	return all
}

func TestArrowsPointOnlyDownward(t *testing.T) {
	for _, p := range packages(t) {
		if err := checkLayers(p); err != nil {
			t.Error(err)
		}
	}
}

func TestOnlyTheDoorkeepersImportTheGreatLibraries(t *testing.T) {
	for _, p := range packages(t) {
		for _, door := range doors {
			if err := checkDoor(p, door.module, door.rooms); err != nil {
				t.Error(err)
			}
		}
	}
}

func TestNoRoomReachesThroughItsWalls(t *testing.T) {
	all := packages(t)
	for _, wall := range walls {
		i := slices.IndexFunc(all, func(p listed) bool { return p.ImportPath == wall.room })
		if i < 0 {
			t.Errorf("%s has walls and is no package", wall.room)
			continue
		}
		reached := all[i].Imports
		if wall.deep {
			reached = all[i].Deps
		}
		for _, forbidden := range wall.not {
			if slices.Contains(reached, forbidden) {
				t.Errorf("%s reaches %s (go mod why tells how); it must not", wall.room, forbidden)
			}
		}
	}
}

func TestTheRulesCatchAWrongArrow(t *testing.T) {
	tests := []struct {
		name string
		from listed
		ok   bool
	}{
		{"a handler that uses the store", listed{ImportPath: "cmc/forum/web", Imports: []string{"cmc/forum/store"}}, true},
		{"the store that uses a handler", listed{ImportPath: "cmc/forum/store", Imports: []string{"cmc/forum/web"}}, false},
		{"search that knows the store, on its own floor", listed{ImportPath: "cmc/search", Imports: []string{"cmc/forum/store"}}, false},
		{"a room that imports the tests' kit", listed{ImportPath: "cmc/forum/web", Imports: []string{"cmc/internal/testkit"}}, false},
		{"a room without a floor", listed{ImportPath: "cmc/internal/attic"}, false},
		{"a package inside a room that uses its own room", listed{ImportPath: "cmc/search/query", Imports: []string{"cmc/search"}}, true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if err := checkLayers(test.from); (err == nil) != test.ok {
				t.Errorf("checkLayers(%v) = %v, want ok = %v", test.from, err, test.ok)
			}
		})
	}
	sneaky := listed{ImportPath: "cmc/search", Deps: []string{"github.com/gohugoio/hugo/hugolib"}}
	if checkDoor(sneaky, doors[0].module, doors[0].rooms) == nil {
		t.Error("search reaches Hugo and nobody objects")
	}
}

func checkLayers(p listed) error {
	from, ok := room(p.ImportPath)
	if !ok {
		return fmt.Errorf("%s has no layer: give it one in layers_test.go and .golangci.yml", p.ImportPath)
	}
	for _, path := range p.Imports {
		if path != "cmc" && !strings.HasPrefix(path, "cmc/") || from == "cmc/internal/testkit" {
			continue
		}
		to, ok := room(path)
		switch {
		case to == "cmc/internal/testkit":
			return fmt.Errorf("%s imports %s outside its tests", p.ImportPath, path)
		case !ok || from == to || layers[to] < layers[from] || beside[[2]string{from, to}] != "":
			continue
		}
		return fmt.Errorf("%s (layer %d) imports %s (layer %d): arrows point only downward",
			p.ImportPath, layers[from], path, layers[to])
	}
	return nil
}

func checkDoor(p listed, module string, rooms []string) error {
	if in, _ := room(p.ImportPath); slices.Contains(rooms, in) {
		return nil
	}
	for _, dep := range p.Deps {
		if dep == module || strings.HasPrefix(dep, module+"/") {
			return fmt.Errorf("%s reaches %s; only %s may", p.ImportPath, dep, strings.Join(rooms, ", "))
		}
	}
	return nil
}

// room is the room a package stands in: the longest known path above it.
func room(path string) (string, bool) {
	for at := path; strings.Contains(at, "/"); at = at[:strings.LastIndexByte(at, '/')] {
		if _, ok := layers[at]; ok || at == "cmc/internal/testkit" {
			return at, true
		}
	}
	return path, path == "cmc"
}
