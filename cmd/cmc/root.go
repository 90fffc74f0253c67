package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// usageError marks a fault in the command line itself: exit status 2.
type usageError struct{ error }

func newRoot(stdout, stderr io.Writer) *cobra.Command {
	var where place
	root := &cobra.Command{
		Use:   "cmc",
		Short: "A knowledge base, its search and a forum for a consultative process",
		Long: `cmc builds a static knowledge base from a folder of text, answers searches
over it, and hosts the forum of the member delegations.

Start with:   cmc serve
Every flag has an environment form: --addr is CMC_ADDR, --state is CMC_STATE.
Secrets (CMC_MAIL_PASSWORD, the password in CMC_DB) come from there only.`,
		SilenceErrors: true,
		SilenceUsage:  true,
		Args:          noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return cmd.Help()
		},
		PersistentPreRunE: func(cmd *cobra.Command, _ []string) error {
			return fromEnvironment(cmd.Flags())
		},
	}
	root.SetOut(stdout)
	root.SetErr(stderr)
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return usageError{err} })
	root.CompletionOptions.DisableDefaultCmd = true
	root.SuggestionsMinimumDistance = 2 // letters between "srve" and "serve"
	root.SetHelpCommand(newHelp())
	root.PersistentFlags().StringVarP(&where.root, "root", "C", ".", "the site's root `folder`")
	root.PersistentFlags().StringVar(&where.state, "state", "", "the `folder` for databases, indexes and outgoing mail (default var/ in the root)")
	root.AddCommand(
		newServe(&where), newBuild(&where), newSearch(&where), newEvaluate(), newImport(&where),
		newNew(&where), newCheck(&where), newInvite(&where), newBounce(&where), newMigrate(&where),
		newBackup(&where), newRestore(&where), newVerify(&where),
		newExport(&where), newBenchSite(),
	)
	return root
}

// fromEnvironment fills every flag that the command line left alone from its
// environment form, CMC_ and the flag's name.
func fromEnvironment(flags *pflag.FlagSet) error {
	var faults []error
	flags.VisitAll(func(f *pflag.Flag) {
		name := "CMC_" + strings.ToUpper(strings.ReplaceAll(f.Name, "-", "_"))
		value, ok := os.LookupEnv(name)
		if !ok || f.Changed || f.Name == "help" {
			return
		}
		if err := flags.Set(f.Name, value); err != nil {
			faults = append(faults, usageError{fmt.Errorf("%s: %w", name, err)})
		}
	})
	return errors.Join(faults...)
}

// noArgs refuses arguments, naming the command that has none; at the root it
// is what tells a misspelt command.
func noArgs(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	if !cmd.HasParent() {
		return unknownCommand(cmd, args[0])
	}
	return usageError{fmt.Errorf("%s takes no arguments, but was given %q", cmd.CommandPath(), args[0])}
}

// unknownCommand refuses a name that is no command's, and offers the nearest.
func unknownCommand(root *cobra.Command, name string) error {
	text := fmt.Sprintf("unknown command %q", name)
	if near := root.SuggestionsFor(name); len(near) > 0 {
		text += fmt.Sprintf("; did you mean %q?", near[0])
	}
	return usageError{errors.New(text)}
}

// newHelp explains a command; unlike cobra's own it ends with 2 where there is
// no such command.
func newHelp() *cobra.Command {
	return &cobra.Command{
		Use:   "help [COMMAND]",
		Short: "Explain a command",
		RunE: func(cmd *cobra.Command, args []string) error {
			about, rest, err := cmd.Root().Find(args)
			if err != nil {
				return err
			}
			if len(rest) > 0 {
				return unknownCommand(cmd.Root(), rest[0])
			}
			about.InitDefaultHelpFlag()
			return about.Help()
		},
	}
}

// oneArg asks for exactly one argument and says what it is.
func oneArg(what string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		switch len(args) {
		case 0:
			return usageError{fmt.Errorf("%s needs %s", cmd.CommandPath(), what)}
		case 1:
			return nil
		default:
			return usageError{fmt.Errorf("%s takes one argument, %s, but was given %d", cmd.CommandPath(), what, len(args))}
		}
	}
}

// explain prints why a command failed and returns the exit status.
func explain(cmd *cobra.Command, stderr io.Writer, err error) int {
	fmt.Fprintf(stderr, "cmc: %v\n", err)
	if _, wrong := errors.AsType[usageError](err); wrong {
		fmt.Fprintf(stderr, "Run '%s --help' for what it takes.\n", cmd.CommandPath())
		return 2
	}
	return 1
}
