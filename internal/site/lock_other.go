//go:build !unix

package site

import "os"

// lockFile does nothing where files cannot be locked in the way of unix: there,
// one process at a time may publish a site.
func lockFile(*os.File, lockMode) error { return nil }
