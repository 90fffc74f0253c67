package web

import (
	"net/url"
	"slices"
	"strings"
)

// keptPrefix marks the fields of another room's form that travel through the
// sign-in forms, because the session ended before the form arrived.
const keptPrefix = "keep_"

// maxKept bounds how many such fields are carried.
const maxKept = 32

// Field is a hidden field that is carried along.
type Field struct{ Name, Value string }

// kept is another room's form on its way. action is where it goes once
// somebody has signed in; without one nothing is kept.
type kept struct {
	action string
	fields []Field
}

func keptOf(form url.Values) kept {
	action := local(form.Get(keptPrefix + "action"))
	if action == "" {
		return kept{}
	}
	k := kept{action: action}
	for name, values := range form {
		if strings.HasPrefix(name, keptPrefix) {
			k.fields = append(k.fields, Field{name, values[0]})
		}
	}
	slices.SortFunc(k.fields, func(a, b Field) int { return strings.Compare(a.Name, b.Name) })
	k.fields = k.fields[:min(len(k.fields), maxKept)]
	return k
}
