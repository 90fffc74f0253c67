package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"cmc/search"
)

func newEvaluate() *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use:   "evaluate DIR...",
		Short: "Measure the search on test collections",
		Long: `Indexes test collections as if they were the site, asks their queries as a
visitor would, and prints nDCG@10, MAP and Recall@100 as trec_eval calculates
them, over rankings of up to 1,000 records. Each DIR holds

  docs.jsonl    one {"id", "title", "text", "lang"} a line; lang may be missing
  queries.tsv   id, tab, text
  qrels.tsv     query, document, grade; or the four columns of TREC

Queries without a relevant document are left out; one that finds nothing
counts as 0. Nothing is tuned to a collection.`,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return usageError{fmt.Errorf("%s needs the folder of a test collection", cmd.CommandPath())}
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			var all []*search.Assessment
			for _, dir := range args {
				a, err := evaluate(cmd.Context(), dir)
				if err != nil {
					return err
				}
				all = append(all, a)
			}
			if len(all) > 1 {
				all = append(all, search.MeanAssessment(all))
			}
			if asJSON {
				e := json.NewEncoder(cmd.OutOrStdout())
				e.SetIndent("", "  ")
				return e.Encode(all)
			}
			return printAssessments(cmd.OutOrStdout(), all)
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print the figures as JSON")
	return c
}

// evaluate measures one collection, in a folder of its own that goes away.
func evaluate(ctx context.Context, dir string) (a *search.Assessment, err error) {
	c, err := search.ReadCollection(dir)
	if err != nil {
		return nil, err
	}
	folder, err := os.MkdirTemp("", "cmc-evaluate-*")
	if err != nil {
		return nil, fmt.Errorf("make folder for the index: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()
	return search.Assess(ctx, c, filepath.Join(folder, "collection"))
}

func printAssessments(w io.Writer, all []*search.Assessment) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(t, "collection\tdocuments\tqueries\tnDCG@10\tMAP\tRecall@100\t")
	for _, a := range all {
		fmt.Fprintf(t, "%s\t%d\t%d\t%.4f\t%.4f\t%.4f\t\n", a.Name, a.Documents, a.Queries, a.NDCG, a.MAP, a.Recall)
	}
	return t.Flush()
}
