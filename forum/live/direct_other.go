//go:build !unix

package live

import "syscall"

const canWriteDirectly = false

// writeDirectly is never called here: the backlog does all the work.
func writeDirectly(syscall.RawConn, []byte) (int, error) { return 0, nil }
