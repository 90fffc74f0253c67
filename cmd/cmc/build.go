package main

import (
	"fmt"
	"io"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"cmc/internal/site"
)

func newBuild(where *place) *cobra.Command {
	var out string
	c := &cobra.Command{
		Use:   "build",
		Short: "Render the site and its search index",
		Long: `Renders the whole site beside the one that is published, verifies it, and
swaps the two in one step. When anything is wrong, or the build is interrupted,
the published site stays as it was.`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			o, err := where.open(newLog(cmd.ErrOrStderr(), true))
			if err != nil {
				return err
			}
			if err := o.makeState(); err != nil {
				return err
			}
			if !filepath.IsAbs(out) {
				out = filepath.Join(o.root, out)
			}
			if absolute(o.config.BaseURL) == "" {
				fmt.Fprintln(cmd.ErrOrStderr(), `warning: baseURL in config.toml names no host: feeds, citations, the sitemap and link previews of this copy hold addresses that no other program can follow; write baseURL = "https://…/" before you publish it`)
			}
			l, err := newLibrary(o, "", progress(cmd.ErrOrStderr()))
			if err != nil {
				return err
			}
			release, err := l.publish(cmd.Context())
			if err != nil {
				return err
			}
			defer release.Close()
			defer l.publisher.Wait()
			for _, warning := range release.Result.Warnings {
				fmt.Fprintf(cmd.ErrOrStderr(), "warning: %s\n", warning)
			}
			if err := site.Mirror(cmd.Context(), release.Site(), out, o.root, o.path("cache")); err != nil {
				return err
			}
			fmt.Fprintf(cmd.OutOrStdout(), "%d pages, %d records, in %s: %s\n", release.Result.Pages,
				len(release.Result.Records), release.Result.Took.Round(10*time.Millisecond), out)
			return nil
		},
	}
	c.Flags().StringVar(&out, "out", "public", "the `folder` that the site is put into")
	return c
}

// progress shows a build's stages on a terminal, on one line that is cleared
// at the end; elsewhere it is nil, and nothing is shown.
func progress(w io.Writer) func(site.Progress) {
	if !isTerminal(w) {
		return nil
	}
	return func(p site.Progress) {
		switch {
		case p.Stage == "publish":
			fmt.Fprint(w, "\r\x1b[K")
		case p.Done > 0:
			fmt.Fprintf(w, "\r\x1b[Kbuilding: %s %d %%", p.Stage, p.Done)
		default:
			fmt.Fprintf(w, "\r\x1b[Kbuilding: %s", p.Stage)
		}
	}
}
