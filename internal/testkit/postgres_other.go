//go:build !linux

package testkit

import (
	"errors"
	"syscall"
)

// unprivileged says that nobody has tried this here.
func unprivileged(string) (*syscall.SysProcAttr, error) {
	return nil, errors.New("a throwaway PostgreSQL is started on Linux only; name a server in CMC_TEST_POSTGRES")
}
