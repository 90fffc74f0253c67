package importer

import (
	"path"
	"slices"
	"strings"

	"cmc/internal/record"
)

// planIndex writes a record's own page where there is none. On an existing one
// it only ever takes out the draft line, and only of a page that an import made.
func (w *writer) planIndex(folder string, known []*record.Page, slug, content string) error {
	rel := path.Join(folder, "index."+w.doc.Lang+".md")
	if i := slices.IndexFunc(known, func(p *record.Page) bool { return p.Slug == slug }); i >= 0 {
		rel = known[i].File
	}
	old, err := w.look(rel)
	if err != nil {
		return err
	}
	shown := strings.Replace(content, draft, "", 1)
	public := w.publish || old.exists && !waits(old.content)
	want := content
	if public {
		want = shown
	}
	switch {
	case !old.exists:
		w.put(rel, want, Written)
	case !old.ours:
		if w.publish && isDraft(known, rel) {
			w.report.add(Person, 0, "%s was written by hand and is a draft: set draft: false there", rel)
		}
	case old.content == want:
		w.done(rel, Unchanged)
	case old.edited && w.publish && waits(old.content):
		w.put(rel, strings.Replace(old.content, draft, "", 1), Published)
	case old.edited:
		w.done(rel, Kept)
	case w.publish && unsealed(old.content) == unsealed(want):
		w.put(rel, want, Published)
	default:
		w.put(rel, want, Replaced)
	}
	return nil
}

// waits tells whether a page's front matter says that it is a draft.
func waits(content string) bool {
	front, _ := cutFront(content)
	return strings.Contains(front, "\n"+draft)
}

func isDraft(known []*record.Page, file string) bool {
	return slices.ContainsFunc(known, func(p *record.Page) bool { return p.File == file && p.Draft })
}

// planText decides on a record's verbatim text and on the draft of it.
func (w *writer) planText(folder, content string) error {
	name := "text." + w.doc.Lang + ".md"
	public, waiting := path.Join(folder, name), path.Join(folder, draftPrefix+name)
	shown, err := w.look(public)
	if err != nil {
		return err
	}
	held, err := w.look(waiting)
	if err != nil {
		return err
	}
	switch {
	case shown.exists && (!shown.ours || shown.edited):
		w.done(public, Kept)
		w.report.add(Person, 0, "%s was %s and is kept; remove it and import again if the source is to replace it", public, byHand(shown))
	case shown.exists && shown.content == content:
		w.done(public, Unchanged)
		if held.ours && !held.edited {
			w.changes = append(w.changes, change{path: waiting, remove: true})
		}
	case held.exists && (!held.ours || held.edited):
		w.planEdited(public, waiting, shown, held)
	case w.publish:
		w.planPublish(public, waiting, content, shown, held)
	default:
		w.planDraft(waiting, content, shown, held)
	}
	return nil
}

func byHand(s state) string {
	if s.ours {
		return "changed by hand"
	}
	return "written by hand"
}

// planEdited keeps a draft that a person has worked on. Publishing shows it as
// it stands.
func (w *writer) planEdited(public, waiting string, shown, held state) {
	if w.publish && held.ours && !shown.exists {
		w.changes = append(w.changes, change{path: waiting, remove: true})
		w.put(public, held.content, Published)
		w.report.add(Guessed, 0, "%s is published with the changes made by hand", public)
		return
	}
	w.done(waiting, Kept)
	w.report.add(Person, 0, "%s was %s and is kept; remove it and import again if the source is to replace it", waiting, byHand(held))
}

func (w *writer) planPublish(public, waiting, content string, shown, held state) {
	action := Written
	if held.exists {
		action = Published
		w.changes = append(w.changes, change{path: waiting, remove: true})
	}
	if shown.exists {
		action = Replaced
	}
	w.put(public, content, action)
}

func (w *writer) planDraft(waiting, content string, shown, held state) {
	switch {
	case held.exists && held.content == content:
		w.done(waiting, Unchanged)
	case held.exists:
		w.put(waiting, content, Replaced)
	default:
		w.put(waiting, content, Written)
	}
	if shown.exists {
		w.report.add(Person, 0, "%s differs from the text that is published; it waits until you import with --publish", waiting)
	}
}
