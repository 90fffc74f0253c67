package main

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"github.com/pelletier/go-toml/v2"
	"github.com/spf13/cobra"

	"cmc"
	"cmc/internal/bulk"
)

// newBenchSite is hidden: it is for those who measure the program.
func newBenchSite() *cobra.Command {
	var s bulk.Site
	c := &cobra.Command{
		Use:    "bench-site DIR",
		Short:  "Write a large site to measure builds with",
		Long:   "Writes a site of made-up records into an empty folder, with layouts and all,\nso that `cmc build` and the plain hugo program can build the same.",
		Hidden: true,
		Args:   oneArg("the folder to write to"),
		RunE: func(_ *cobra.Command, args []string) error {
			if entries, err := os.ReadDir(args[0]); err == nil && len(entries) > 0 {
				return fmt.Errorf("%s is not empty: choose another folder", args[0])
			}
			if err := os.CopyFS(args[0], cmc.House); err != nil {
				return fmt.Errorf("lay out the house: %w", err)
			}
			if err := settingsFor(args[0], s.Languages); err != nil {
				return err
			}
			return s.Write(args[0])
		},
	}
	c.Flags().IntVar(&s.Records, "records", 10_000, "how many `records` of all kinds")
	c.Flags().StringSliceVar(&s.Languages, "languages", []string{"en"}, "the `languages` that each is written in")
	c.Flags().Uint64Var(&s.Seed, "seed", 1, "another `number` gives other records")
	return c
}

// settingsFor leaves only those languages in the house's settings.
func settingsFor(dir string, languages []string) error {
	name := filepath.Join(dir, "config.toml")
	text, err := os.ReadFile(name)
	if err != nil {
		return fmt.Errorf("read the house's settings: %w", err)
	}
	var settings map[string]any
	if err := toml.Unmarshal(text, &settings); err != nil {
		return fmt.Errorf("read the house's settings: %w", err)
	}
	all, _ := settings["languages"].(map[string]any)
	for _, code := range slices.Collect(maps.Keys(all)) {
		if !slices.Contains(languages, code) {
			delete(all, code)
		}
	}
	if text, err = toml.Marshal(settings); err != nil {
		return fmt.Errorf("write the settings: %w", err)
	}
	return os.WriteFile(name, text, 0o644)
}
