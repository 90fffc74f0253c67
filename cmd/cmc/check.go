package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"cmc/internal/record"
)

func newCheck(where *place) *cobra.Command {
	return &cobra.Command{
		Use:   "check",
		Short: "Prove the content, its links, translations and configuration",
		Long:  "Reads config.toml, content/, data/ and i18n/ and prints every mistake as\nfile:line: what is wrong, and what to do. Changes nothing.",
		Args:  noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			o, err := where.open(newLog(cmd.ErrOrStderr(), true))
			if err != nil {
				return err
			}
			findings, err := record.Check(o.root)
			if err != nil {
				return err
			}
			for _, f := range findings {
				fmt.Fprintln(cmd.OutOrStdout(), f)
			}
			if len(findings) > 0 {
				return fmt.Errorf("%d mistakes were found", len(findings))
			}
			fmt.Fprintln(cmd.OutOrStdout(), "No mistakes were found.")
			return nil
		},
	}
}
