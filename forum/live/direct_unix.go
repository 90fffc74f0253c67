//go:build unix

package live

import (
	"errors"
	"sync"
	"syscall"
)

const canWriteDirectly = true

// pen is one direct write; pens are used again, for a closure would be made
// anew for every message and client.
type pen struct {
	bytes []byte
	n     int
	err   error
	write func(fd uintptr) bool
}

var pens = sync.Pool{New: func() any {
	p := &pen{}
	p.write = func(fd uintptr) bool {
		for {
			p.n, p.err = syscall.Write(int(fd), p.bytes)
			if !errors.Is(p.err, syscall.EINTR) {
				return true // also when the kernel's buffer is full: nobody waits here
			}
		}
	}
	return p
}}

// writeDirectly writes what the kernel takes at once.
func writeDirectly(raw syscall.RawConn, b []byte) (int, error) {
	p, _ := pens.Get().(*pen)
	defer pens.Put(p)
	p.bytes = b
	err := raw.Write(p.write)
	p.bytes = nil
	if err != nil {
		return 0, err
	}
	if errors.Is(p.err, syscall.EAGAIN) {
		return 0, nil
	}
	return max(p.n, 0), p.err
}
