package main

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"cmc/internal/importer"
)

func newImport(where *place) *cobra.Command {
	var publish bool
	c := &cobra.Command{
		Use:   "import FILE",
		Short: "Turn a report's text into draft records",
		Long: `Reads a report as plain text (as it comes out of a PDF or a word processor)
and writes its full text, paragraph by paragraph with anchors and pages, and a
record for each recommendation. Where a record exists already the text joins
it; nothing written by hand is changed, and importing twice changes nothing.
The report that is printed says what was recognised, what was guessed, and
what needs a person.`,
		Args: oneArg("the file to import"),
		RunE: func(cmd *cobra.Command, args []string) error {
			o, err := where.open(newLog(cmd.ErrOrStderr(), true))
			if err != nil {
				return err
			}
			codes, err := importer.LoadCodes(o.root)
			if err != nil {
				return err
			}
			f, err := os.Open(args[0])
			if err != nil {
				return fmt.Errorf("open the report: %w", err)
			}
			defer f.Close()
			doc, read, err := importer.Read(filepath.Base(args[0]), f, importer.Options{
				Acronym: o.config.Body.Acronym, Codes: codes,
			})
			if err != nil {
				return err
			}
			if err := read.Print(cmd.OutOrStdout()); err != nil {
				return err
			}
			written, err := importer.Write(o.root, doc, importer.WriteOptions{Publish: publish})
			if err != nil {
				return err
			}
			return written.Print(cmd.OutOrStdout())
		},
	}
	c.Flags().BoolVar(&publish, "publish", false, "make the next build show what was imported")
	return c
}
