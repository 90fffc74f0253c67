package site

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/bep/logg"
	"github.com/gohugoio/hugo/common/herrors"
	"github.com/gohugoio/hugo/common/hmaps"
	"github.com/gohugoio/hugo/common/loggers"
	"github.com/gohugoio/hugo/config"
	"github.com/gohugoio/hugo/config/allconfig"
	"github.com/gohugoio/hugo/deps"
	"github.com/gohugoio/hugo/hugofs"
	"github.com/gohugoio/hugo/hugolib"
	"github.com/pelletier/go-toml/v2"
)

// configFile is named to Hugo explicitly, since a hugo.toml beside it would
// silently win.
const configFile = "config.toml"

// open loads the configuration and makes Hugo's object for one build. The moment
// is that of Result.Next.
func open(opts Options, sink *messages) (*hugolib.HugoSites, time.Time, error) {
	settings, err := readSettings(opts.Dir)
	if err != nil {
		return nil, time.Time{}, err
	}
	flags, next, err := flagsFor(opts, settings)
	if err != nil {
		return nil, next, err
	}
	logging := loggers.Options{
		Level: logg.LevelWarn, DistinctLevel: logg.LevelWarn,
		StdOut: progressWriter(opts.Progress), StdErr: discard{}, HandlerPost: sink.take,
	}
	conf, err := allconfig.LoadConfig(allconfig.ConfigSourceDescriptor{
		Flags: flags, Fs: hugofs.Os, Filename: configFile, Environment: "production",
		// Anything but empty, or Hugo would read the process's environment.
		Environ: []string{"LC_ALL=C"},
		Logger:  loggers.New(logging),
	})
	if err != nil {
		return nil, next, inConfig(err)
	}
	if err := verifyPolicy(conf); err != nil {
		return nil, next, err
	}
	logging.SuppressStatements = conf.Base.C.IgnoredLogs
	files := hugofs.NewFromSourceAndDestination(hugofs.Os, hugofs.Os, flags)
	files.PublishDir = hugofs.NewCreateCountingFs(files.PublishDir) // finds two pages with one address
	sites, err := hugolib.NewHugoSites(deps.DepsCfg{
		Configs: conf, Fs: files, LogLevel: logg.LevelWarn, TestLogger: loggers.New(logging),
	})
	return sites, next, err
}

// inConfig says that an error without a place of its own is in config.toml.
func inConfig(err error) error {
	if len(herrors.UnwrapFileErrors(err)) > 0 || herrors.UnwrapFileError(err) != nil {
		return err
	}
	what := err.Error()
	for _, wrapper := range []string{"failed to load config: ", "failed to create config from result: ", "failed to create config: "} {
		what = strings.TrimPrefix(what, wrapper)
	}
	return problem(configFile, 0, what)
}

// readSettings decodes config.toml once by itself, to refuse what must not even
// reach Hugo's loader: a module import would make it run go and git.
func readSettings(dir string) (map[string]any, error) {
	text, err := os.ReadFile(filepath.Join(dir, configFile))
	if errors.Is(err, os.ErrNotExist) {
		return nil, problem(configFile, 0, "is missing: a site's root holds config.toml, content and data")
	}
	if err != nil {
		return nil, fmt.Errorf("read the site's settings: %w", err)
	}
	var settings map[string]any
	if err := toml.Unmarshal(text, &settings); err != nil {
		if at, ok := errors.AsType[*toml.DecodeError](err); ok {
			line, _ := at.Position()
			return nil, problem(configFile, line, strings.TrimPrefix(at.Error(), "toml: "))
		}
		return nil, problem(configFile, 0, err.Error())
	}
	if setting(settings, "theme") != nil {
		return nil, problem(configFile, lineOf(text, "theme"), "theme is not supported: put layouts into the site's own layouts folder")
	}
	if setting(settings, "module", "imports") != nil {
		return nil, problem(configFile, lineOf(text, "imports"), "module imports are refused: a build uses no network and runs no programs")
	}
	return settings, nil
}

// flagsFor returns the settings that override the site's own, and the moment of
// Result.Next.
func flagsFor(opts Options, settings map[string]any) (config.Provider, time.Time, error) {
	flags := config.New()
	for key, value := range map[string]any{
		"workingDir":        opts.Dir,
		"publishDir":        opts.Out,
		"environment":       "production",
		"cacheDir":          filepath.Join(opts.Cache, "hugo"),
		"resourceDir":       filepath.Join(opts.Cache, "resources"),
		"noBuildLock":       true,
		"enableGitInfo":     false,
		"buildDrafts":       opts.Drafts,
		"buildFuture":       opts.Drafts,
		"buildExpired":      false,
		"printI18nWarnings": true,
		"printPathWarnings": true,
		"internal":          hmaps.Params{"running": false, "watch": false},
		"security": hmaps.Params{
			"enableInlineShortcodes": false,
			"exec":                   hmaps.Params{"allow": "none", "osEnv": "none"},
			"funcs":                  hmaps.Params{"getenv": "none"},
			"http":                   hmaps.Params{"urls": "none", "methods": "none"},
		},
		// An embargo is a publication date under another name.
		"frontmatter": hmaps.Params{"publishDate": []string{embargoKey, ":default"}},
	} {
		flags.Set(key, value)
	}
	if opts.BaseURL != "" {
		flags.Set("baseURL", opts.BaseURL)
	}
	if opts.Offline {
		flags.Set("params", hmaps.Params{"offline": true})
	}
	ignored, next, err := withheld(opts, settings)
	if err != nil {
		return nil, next, err
	}
	flags.Set("ignoreFiles", ignored)
	if err := checkData(opts.Dir); err != nil {
		return nil, next, err
	}
	folders, err := mounts(opts, settings)
	if err != nil {
		return nil, next, err
	}
	missing, err := missingSettings(opts, settings)
	if err != nil {
		return nil, next, err
	}
	for key, value := range missing {
		flags.Set(key, value)
	}
	flags.Set("module", hmaps.Params{"mounts": folders})
	return flags, next, nil
}

// verifyPolicy proves that the security settings took hold, in case a later
// version of Hugo reads them differently.
func verifyPolicy(conf *allconfig.Configs) error {
	policy := conf.Base.Security
	for _, program := range []string{"go", "git", "node", "postcss", "sass"} {
		if policy.Exec.Allow.Accept(program) {
			return fmt.Errorf("the build policy would let Hugo run %s", program)
		}
	}
	if policy.HTTP.URLs.Accept("https://example.org/") || policy.Funcs.Getenv.Accept("HUGO_X") {
		return errors.New("the build policy would let Hugo use the network or the environment")
	}
	return nil
}
