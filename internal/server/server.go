// Package server runs the HTTP server and serves the files of a published site.
//
// It promises that a slow or silent client cannot hold a connection for ever,
// that requests under way are answered when the program ends, and that a file is
// served either whole from one release or not at all: a release is swapped in
// one step, and only what was in its folder when it was opened can be asked for,
// so no path leads out of it.
//
// It refuses to serve dot files, links, folders without a page, and the frames
// that dynamic pages are made of.
package server

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"syscall"
	"time"
)

const (
	headerTimeout = 10 * time.Second // a client that dribbles its headers is dropped
	readTimeout   = 2 * time.Minute  // a whole request, an upload over a thin line included
	writeTimeout  = 5 * time.Minute  // a whole answer, a report as PDF over a thin line included
	idleTimeout   = 2 * time.Minute  // between two requests
	maxHeader     = 32 << 10
	shutdownGrace = 10 * time.Second // for requests under way when the program ends
)

// Listen opens addr, so that a port in use is noticed, and said, before any work.
func Listen(addr string) (net.Listener, error) {
	listener, err := new(net.ListenConfig).Listen(context.Background(), "tcp", addr)
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		return nil, fmt.Errorf("%s is in use by another program: stop it, or choose another address with --addr", addr)
	case errors.Is(err, syscall.EACCES):
		return nil, fmt.Errorf("%s needs more rights: choose a port above 1023 with --addr", addr)
	case err != nil:
		return nil, fmt.Errorf("listen on %q: %w", addr, err)
	}
	return listener, nil
}

// Run serves until ctx ends, and then until the requests under way are answered
// or the grace is over. Websockets are no longer the server's and are for their
// hub to close.
func Run(ctx context.Context, listener net.Listener, handler http.Handler, log *slog.Logger) error {
	server := &http.Server{
		Handler:           handler,
		ReadHeaderTimeout: headerTimeout,
		ReadTimeout:       readTimeout,
		WriteTimeout:      writeTimeout,
		IdleTimeout:       idleTimeout,
		MaxHeaderBytes:    maxHeader,
		ErrorLog:          slog.NewLogLogger(log.Handler(), slog.LevelWarn),
		// A request outlives the signal to stop, or it could not be answered.
		BaseContext: func(net.Listener) context.Context { return context.WithoutCancel(ctx) },
	}
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	select {
	case err := <-failed:
		return fmt.Errorf("serve %s: %w", listener.Addr(), err)
	case <-ctx.Done():
	}
	grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), shutdownGrace)
	defer cancel()
	if err := server.Shutdown(grace); err != nil {
		log.Warn("requests were cut off at the end", "error", err)
		return server.Close()
	}
	return nil
}
