package search

import (
	"fmt"
	"runtime/debug"
)

// guard turns a fault while a mapped file is read, as when somebody cut the
// file short, into an error of this one search. To be deferred when called:
// defer guard(&err)().
func guard(err *error) func() {
	before := debug.SetPanicOnFault(true)
	return func() {
		debug.SetPanicOnFault(before)
		fault := recover()
		if fault == nil {
			return
		}
		if _, ok := fault.(interface{ Addr() uintptr }); !ok {
			panic(fault)
		}
		*err = fmt.Errorf("%w: %v", ErrDamaged, fault)
	}
}
