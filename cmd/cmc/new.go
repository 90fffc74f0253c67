package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"text/template"
	"time"

	"github.com/spf13/cobra"

	"cmc/internal/record"
)

var slugForm = regexp.MustCompile(`^[a-z0-9]+([.-][a-z0-9]+)*$`)

func newNew(where *place) *cobra.Command {
	return &cobra.Command{
		Use:   "new KIND SLUG",
		Short: "Start a new record from its archetype",
		Long:  "Writes content/SECTION/SLUG/index.LANG.md from the archetype of the kind,\nwith every field named and explained. An existing record is never touched.",
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) != 2 {
				return usageError{fmt.Errorf("%s needs a kind and a slug, e.g. cmc new practice birth-registration-boat", cmd.CommandPath())}
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			o, err := where.open(newLog(cmd.ErrOrStderr(), true))
			if err != nil {
				return err
			}
			name, err := writeArchetype(o, args[0], args[1], time.Now())
			if err != nil {
				return err
			}
			fmt.Fprintf(cmd.OutOrStdout(), "%s is ready to be written. It is a draft until the line \"draft: true\" is removed.\n", name)
			return nil
		},
	}
}

// writeArchetype makes the record's file and returns its name below the root.
func writeArchetype(o *opened, kind, slug string, now time.Time) (string, error) {
	folder, err := folderOf(kind)
	if err != nil {
		return "", err
	}
	if !slugForm.MatchString(slug) {
		return "", usageError{fmt.Errorf("the slug %q may hold lower-case letters, digits, hyphens and dots", slug)}
	}
	text, err := fs.ReadFile(house(o.root), path.Join("archetypes", kind+".md"))
	if err != nil {
		return "", fmt.Errorf("read the archetype of %s: %w", kind, err)
	}
	t, err := template.New(kind).Parse(string(text))
	if err != nil {
		return "", fmt.Errorf("archetypes/%s.md: %w", kind, err)
	}
	name := filepath.Join("content", folder, slug, "index."+o.config.DefaultLanguage+".md")
	if err := os.MkdirAll(filepath.Dir(filepath.Join(o.root, name)), 0o755); err != nil {
		return "", fmt.Errorf("make the record's folder: %w", err)
	}
	f, err := os.OpenFile(filepath.Join(o.root, name), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if errors.Is(err, os.ErrExist) {
		return "", fmt.Errorf("%s exists already; edit it, or choose another slug", name)
	}
	if err != nil {
		return "", fmt.Errorf("start the record: %w", err)
	}
	data := struct{ Slug, Date string }{slug, now.Format(time.DateOnly)}
	return name, errors.Join(t.Execute(f, data), f.Close())
}

// folderOf is where the records of a kind stand, below content.
func folderOf(kind string) (string, error) {
	var names []string
	for _, k := range record.Kinds() {
		if k.Name == kind {
			return k.Folder, nil
		}
		names = append(names, k.Name)
	}
	return "", usageError{fmt.Errorf("there is no kind of record %q; the kinds are %s", kind, strings.Join(names, ", "))}
}
