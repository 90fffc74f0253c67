package forum

import (
	"bufio"
	"fmt"
	"io"
	"mime"
	"net/mail"
	"strings"
	"time"
)

// WriteMbox writes a person's posts as a mailbox of the kind "mboxrd" (RFC
// 4155, with every line that begins like "From " quoted once more), which mail
// programs open. host names the messages: post-7@host. A removed post is there
// as long as its words are.
func WriteMbox(w io.Writer, o Own, host string) error {
	out := bufio.NewWriter(w)
	numbers := map[[2]int64]int64{} // topic and number → post
	for _, p := range o.Posts {
		numbers[[2]int64{p.Topic, int64(p.Number)}] = p.ID
	}
	for _, p := range o.Posts {
		fmt.Fprintf(out, "From post-%d@%s %s\n", p.ID, host, p.At.UTC().Format(time.ANSIC))
		fmt.Fprintf(out, "From: %s\n", &mail.Address{Name: o.Name, Address: o.Address})
		fmt.Fprintf(out, "Date: %s\n", p.At.UTC().Format(time.RFC1123Z))
		fmt.Fprintf(out, "Subject: %s\n", mime.QEncoding.Encode("utf-8", p.Title))
		fmt.Fprintf(out, "Message-ID: <post-%d@%s>\n", p.ID, host)
		if answered, ok := numbers[[2]int64{p.Topic, int64(p.ReplyTo)}]; ok {
			fmt.Fprintf(out, "In-Reply-To: <post-%d@%s>\n", answered, host)
		}
		fmt.Fprintf(out, "Content-Language: %s\nX-Room: %s\nX-Topic: %d\nX-Number: %d\n", p.Lang, p.Room, p.Topic, p.Number)
		fmt.Fprint(out, "MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n")
		for line := range strings.Lines(p.Body) {
			if strings.HasPrefix(strings.TrimLeft(line, ">"), "From ") {
				fmt.Fprint(out, ">")
			}
			fmt.Fprint(out, line)
		}
		fmt.Fprint(out, "\n\n")
	}
	if err := out.Flush(); err != nil {
		return fmt.Errorf("write a mailbox: %w", err)
	}
	return nil
}
