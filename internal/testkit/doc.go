// Package testkit holds what the tests of several rooms share: assertions over
// HTML by CSS selector, a real browser, the accessibility rules of axe-core, and
// the tests of the house itself (layers, sizes, licences).
//
// It promises that a test never passes because something was missing: what a
// machine lacks is skipped with a printed reason, and fails when
// CMC_TEST_REQUIRE=all is set. It refuses to be imported by anything but tests.
package testkit
