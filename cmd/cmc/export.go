package main

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"cmc/internal/site"
)

// export is what the command line asks for.
type export struct {
	base    string
	day     string
	offline bool
}

func newExport(where *place) *cobra.Command {
	var x export
	c := &cobra.Command{
		Use:   "export FILE.zip",
		Short: "Write the public site as one archive that opens from a folder",
		Long: `Builds the public site and writes it as one ZIP. Unpacked anywhere, its
index.html opens in a browser without a server or a network. With --offline the
copy can also be searched. What needs the site itself, such as the forum, is
left out, or linked where --base-url names the site's address. An existing file
is never overwritten. The same content and the same --date give the same bytes.`,
		Args: oneArg("the file to write"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if _, err := x.date(); err != nil {
				return err
			}
			if base, err := url.Parse(x.base); err != nil || x.base != "" && base.Host == "" {
				return usageError{fmt.Errorf("--base-url %s: write the whole address, e.g. https://forum.example.org/", x.base)}
			}
			o, err := where.open(newLog(cmd.ErrOrStderr(), true))
			if err != nil {
				return err
			}
			made, err := x.write(cmd.Context(), o, args[0], progress(cmd.ErrOrStderr()))
			if err != nil {
				return err
			}
			fmt.Fprintf(cmd.OutOrStdout(), "%s: %d files, %d pages, %.1f MB\n", args[0], made.files, made.pages, float64(made.bytes)/1e6)
			return nil
		},
	}
	c.Flags().BoolVar(&x.offline, "offline", false, "put a search into the copy")
	c.Flags().StringVar(&x.day, "date", "", "the `day` that the copy is said to be of, e.g. 2026-05-31 (default today)")
	c.Flags().StringVar(&x.base, "base-url", "", "the site's public `address`, for what the copy does not hold (default as in config.toml)")
	return c
}

// date is the day that the copy is said to be of, on its pages and in the ZIP.
func (x export) date() (time.Time, error) {
	if x.day == "" {
		return time.Now().UTC().Truncate(24 * time.Hour), nil
	}
	day, err := time.Parse(time.DateOnly, x.day)
	if err != nil || day.Year() < 1980 { // a ZIP knows no earlier year
		return day, usageError{fmt.Errorf("--date %s: write a day as 2026-05-31", x.day)}
	}
	return day, nil
}

// exported counts what an archive holds.
type exported struct {
	files, pages int
	bytes        int64 // of the whole archive
}

// write builds the site in a folder of its own and writes the archive beside
// its name, so that a file of that name is always whole.
func (x export) write(ctx context.Context, o *opened, name string, progress func(site.Progress)) (made exported, err error) {
	if _, err := os.Lstat(name); err == nil {
		return made, fmt.Errorf("%s exists already; choose another name, or move it away", name)
	}
	f, err := os.CreateTemp(filepath.Dir(name), ".export-*")
	if err != nil {
		return made, fmt.Errorf("write the archive: %w", err)
	}
	defer os.Remove(f.Name())
	defer f.Close()
	if err := o.makeState(); err != nil {
		return made, err
	}
	work, err := site.NewScratch(ctx, o.path("exports"))
	if err != nil {
		return made, err
	}
	defer func() { err = errors.Join(err, work.Close()) }()
	tree, err := x.build(ctx, o, work.Dir, progress)
	if err != nil {
		return made, err
	}
	if err := tree.zip(ctx, f); err != nil {
		return made, fmt.Errorf("write the archive: %w", err)
	}
	info, err := f.Stat()
	if err := errors.Join(err, f.Chmod(0o644), f.Sync(), f.Close()); err != nil {
		return made, fmt.Errorf("write the archive: %w", err)
	}
	if err := os.Link(f.Name(), name); err != nil { // fails where Rename would overwrite
		return made, fmt.Errorf("name the archive: %w", err)
	}
	return exported{files: len(tree.files), pages: tree.pages, bytes: info.Size()}, nil
}

// build renders the site and its index into a folder.
func (x export) build(ctx context.Context, o *opened, dir string, progress func(site.Progress)) (*copyTree, error) {
	result, err := site.Build(ctx, site.Options{
		Dir: o.root, Out: dir, Cache: o.path("cache"), Theme: house(o.root), BaseURL: x.base,
		Offline: x.offline, Log: o.log, Progress: progress,
	})
	if progress != nil {
		progress(site.Progress{Stage: "publish"}) // clears the line
	}
	if err != nil {
		return nil, err
	}
	if x.offline {
		if err := o.writeOfflineIndex(filepath.Join(dir, filepath.FromSlash(offlineIndexName)), result.Records); err != nil {
			return nil, err
		}
	}
	day, err := x.date()
	if err != nil {
		return nil, err
	}
	if x.base == "" {
		x.base = o.config.BaseURL
	}
	return newCopyTree(dir, x.base, day, o.texts)
}
