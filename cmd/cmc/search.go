package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"io"
	"io/fs"
	"strings"

	"github.com/spf13/cobra"

	"cmc/search"
)

func newSearch(where *place) *cobra.Command {
	var lang string
	var asJSON, explain bool
	c := &cobra.Command{
		Use:   "search QUERY",
		Short: "Search the published site from the terminal",
		Long:  "Prints the records that answer a query, best first, each with its best\nparagraph. Builds the site first when that was never done.",
		Args: func(cmd *cobra.Command, args []string) error {
			if strings.TrimSpace(strings.Join(args, " ")) == "" {
				return usageError{fmt.Errorf("%s needs a query, e.g. cmc search residence permits", cmd.CommandPath())}
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			log := newLog(cmd.ErrOrStderr(), true)
			o, err := where.open(log)
			if err != nil {
				return err
			}
			if lang != "" && !o.texts.Has(lang) {
				return usageError{fmt.Errorf("--lang %s: the site has %s", lang, strings.Join(o.config.Codes(), ", "))}
			}
			s := search.NewService(o.path("live-search-unused"), log)
			defer s.Close()
			if err := o.openIndex(cmd.Context(), s, cmd.ErrOrStderr()); err != nil {
				return err
			}
			r := search.Request{Query: strings.Join(args, " "), Language: cmp.Or(lang, o.texts.Default().Code()), Size: o.config.Search.PageSize}
			if lang != "" {
				r = r.In(lang)
			}
			found, err := s.Search(cmd.Context(), r)
			if err != nil {
				return err
			}
			if asJSON {
				e := json.NewEncoder(cmd.OutOrStdout())
				e.SetIndent("", "  ")
				return e.Encode(found)
			}
			var reasons [][]string
			if explain {
				if reasons, err = s.Explain(cmd.Context(), r); err != nil {
					return err
				}
			}
			printHits(cmd.OutOrStdout(), found, reasons)
			return nil
		},
	}
	c.Flags().StringVar(&lang, "lang", "", "only records in this `language`, e.g. en")
	c.Flags().BoolVar(&asJSON, "json", false, "print the answer of /api/search")
	c.Flags().BoolVar(&explain, "explain", false, "print why each hit stands where it does")
	return c
}

// openIndex gives the service the published site's index.
func (o *opened) openIndex(ctx context.Context, s *search.Service, stderr io.Writer) error {
	if err := o.makeState(); err != nil {
		return err
	}
	l, err := newLibrary(o, "", progress(stderr))
	if err != nil {
		return err
	}
	defer l.publisher.Wait()
	release, err := l.publisher.Current()
	if errors.Is(err, fs.ErrNotExist) {
		release, err = l.publish(ctx)
	}
	if err != nil {
		return err
	}
	defer release.Close()
	index, err := search.Open(ctx, release.Index())
	if err != nil {
		return err
	}
	return s.Swap(index)
}

// printHits prints hits, each with its reasons where there are any.
func printHits(w io.Writer, found *search.Response, reasons [][]string) {
	if found.Suggestion != "" {
		fmt.Fprintf(w, "Did you mean: %s\n\n", found.Suggestion)
	}
	for i, h := range found.Hits {
		fmt.Fprintf(w, "%s\n  %s\n", h.Title, h.URL)
		detail := []string{h.Type, strings.Join(h.Countries, " ")}
		if h.Page > 0 {
			detail = append(detail, fmt.Sprintf("p. %d", h.Page))
		}
		if h.Year > 0 {
			detail = append(detail, fmt.Sprint(h.Year))
		}
		fmt.Fprintf(w, "  %s\n", strings.Join(compactStrings(detail), " · "))
		if h.Snippet != "" {
			fmt.Fprintf(w, "  %s\n", plainSnippet(h.Snippet))
		}
		if i < len(reasons) {
			fmt.Fprintf(w, "  %s\n", strings.Join(reasons[i], "\n  "))
		}
		fmt.Fprintln(w)
	}
	fmt.Fprintf(w, "%d found in %.1f ms\n", found.Total, found.TookMS)
}

func compactStrings(list []string) []string {
	kept := list[:0]
	for _, s := range list {
		if s != "" {
			kept = append(kept, s)
		}
	}
	return kept
}

// plainSnippet undoes what a page needs: marks and entities.
func plainSnippet(s string) string {
	return html.UnescapeString(strings.NewReplacer("<mark>", "", "</mark>", "").Replace(s))
}
