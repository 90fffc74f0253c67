package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/sync/errgroup"

	"cmc/internal/server"
	"cmc/internal/site"
)

// parts of the program that --only can choose among.
const (
	partSite   = "site"
	partSearch = "search"
	partForum  = "forum"
)

// adoptEvery is how late a release published by another process may be served.
const adoptEvery = 5 * time.Second

// serveFlags are what `cmc serve` takes.
type serveFlags struct {
	addr, db, baseURL, metrics string
	watch                      bool
	only                       []string
	trusted                    []string
	proxies                    []netip.Prefix // trusted, read
}

func (f serveFlags) has(part string) bool { return slices.Contains(f.only, part) }

func newServe(where *place) *cobra.Command {
	var f serveFlags
	c := &cobra.Command{
		Use:   "serve",
		Short: "Build, index and serve the site, its search and its forum",
		Long: `Builds the site and its index, makes the database when there is none, and
serves. The first start prints a one-time link with which the secretariat
enrols. While it runs, what is served changes only when a new site is whole.`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if len(f.only) == 0 {
				return usageError{errors.New("--only: choose among site, search, forum")}
			}
			for _, part := range f.only {
				if part != partSite && part != partSearch && part != partForum {
					return usageError{fmt.Errorf("--only %s: choose among site, search, forum", part)}
				}
			}
			for _, network := range f.trusted {
				p, err := netip.ParsePrefix(network)
				if err != nil {
					return usageError{fmt.Errorf("--trust-proxy %s: write a network such as 10.0.0.0/8 or 127.0.0.1/32", network)}
				}
				f.proxies = append(f.proxies, p)
			}
			if err := checkBase(f.baseURL); err != nil {
				return err
			}
			log := newLog(cmd.ErrOrStderr(), false)
			o, err := where.open(log)
			if err != nil {
				return err
			}
			if err := o.makeState(); err != nil {
				return err
			}
			return serve(cmd.Context(), o, f, cmd.OutOrStdout(), cmd.ErrOrStderr())
		},
	}
	dbFlag(c, &f.db)
	c.Flags().StringVar(&f.addr, "addr", "127.0.0.1:8080", "the `address` to listen on")
	c.Flags().StringVar(&f.baseURL, "base-url", "", "the site's public `address`, https://… (default: baseURL in config.toml, or the address it listens on)")
	c.Flags().StringVar(&f.metrics, "metrics-addr", "", "a second, private `address` for /metrics (default: none)")
	c.Flags().StringSliceVar(&f.trusted, "trust-proxy", nil, "`networks` of our own proxies, whose X-Forwarded-For is believed")
	c.Flags().BoolVar(&f.watch, "watch", false, "rebuild when a file of the site changes, and reload open pages")
	c.Flags().StringSliceVar(&f.only, "only", []string{partSite, partSearch, partForum}, "the `parts` to serve: site, search, forum")
	return c
}

// serve runs until ctx ends or something it cannot do without fails.
func serve(ctx context.Context, o *opened, f serveFlags, stdout, stderr io.Writer) error {
	listener, err := server.Listen(f.addr)
	if err != nil {
		return err
	}
	defer listener.Close()
	var private net.Listener // for /metrics
	if f.metrics != "" {
		if private, err = server.Listen(f.metrics); err != nil {
			return err
		}
		defer private.Close()
	}
	base := strings.TrimSuffix(cmp.Or(f.baseURL, absolute(o.config.BaseURL), "http://"+listener.Addr().String()), "/")

	h, err := newHouse(ctx, o, f, base, stdout, stderr)
	if err != nil {
		return err
	}
	defer h.close()
	if err := h.published.first(ctx, f); err != nil {
		return err
	}

	tasks, ctx := errgroup.WithContext(ctx)
	tasks.Go(func() error { return server.Run(ctx, listener, h.handler, o.log) })
	tasks.Go(func() error { h.published.follow(ctx, adoptEvery, f.has(partSite) || f.has(partSearch)); return nil })
	if h.forum != nil {
		h.forum.run(ctx, tasks, h.search)
		if err := h.forum.greet(ctx, stdout); err != nil {
			return err
		}
	}
	if f.watch {
		tasks.Go(func() error { return h.published.watch(ctx) })
	}
	if private != nil {
		tasks.Go(func() error { return serveMetrics(ctx, private, h) })
	}
	fmt.Fprintf(stdout, "%s is ready at %s/\n", o.config.Title, base)
	return tasks.Wait()
}

// absolute returns a base URL that names a host, or "".
func absolute(base string) string {
	if strings.HasPrefix(base, "http://") || strings.HasPrefix(base, "https://") {
		return base
	}
	return ""
}

// checkBase refuses a --base-url that would make links lead nowhere.
func checkBase(base string) error {
	u, err := url.Parse(base)
	if base == "" || err == nil && absolute(base) != "" && u.Host != "" && u.User == nil && u.RawQuery == "" && u.Fragment == "" {
		return nil
	}
	return usageError{fmt.Errorf("--base-url %s: write the site's address, such as https://forum.example.org/", base)}
}

// first makes something to serve before the doors open: the release of an
// earlier run at once, while a new one is built; otherwise a first build, which
// must succeed.
func (l *library) first(ctx context.Context, f serveFlags) error {
	err := l.adopt(ctx)
	if !f.has(partSite) {
		if err == nil || !f.has(partSearch) {
			return l.bareFrames(err)
		}
		return l.refresh(ctx)
	}
	if err != nil {
		if !errors.Is(err, fs.ErrNotExist) {
			l.log.Warn("the last release cannot be used and is built again", "error", err)
		}
		return l.refresh(ctx)
	}
	l.tryRefresh(ctx)
	return nil
}

// bareFrames lets the forum show its pages without a published site around it.
func (l *library) bareFrames(adopted error) error {
	if adopted == nil {
		return nil
	}
	return l.pages.SetFrames(nil)
}

// watch rebuilds after every change of the site's files.
func (l *library) watch(ctx context.Context) error {
	return site.Watch(ctx, l.site.root, l.log, nil, l.tryRefresh)
}
