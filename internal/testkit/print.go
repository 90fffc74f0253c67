package testkit

import (
	"bytes"
	"context"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// OnPaper shows the open page as it will be printed, until the next page.
func (b *Browser) OnPaper() {
	b.t.Helper()
	b.run("show the page on paper", emulation.SetEmulatedMedia().WithMedia("print"))
}

// Sheets prints the open page on A4 and returns the number of sheets.
func (b *Browser) Sheets() int {
	b.t.Helper()
	var file []byte
	b.run("print the page", chromedp.ActionFunc(func(ctx context.Context) (err error) {
		file, _, err = page.PrintToPDF().WithPaperWidth(8.27).WithPaperHeight(11.69).WithPreferCSSPageSize(true).Do(ctx)
		return err
	}))
	return bytes.Count(file, []byte("/Type /Page\n"))
}
