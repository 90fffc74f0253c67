package live_test

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"cmc/forum/live"
	"cmc/internal/testkit"
)

// masked is one frame as a client must send it; first is FIN, RSV and opcode.
func masked(first byte, body string) []byte {
	frame := []byte{first, 0x80 | byte(min(len(body), 126))}
	switch {
	case len(body) > 0xffff:
		frame[1] = 0x80 | 127
		frame = binary.BigEndian.AppendUint64(frame, uint64(len(body)))
	case len(body) > 125:
		frame = binary.BigEndian.AppendUint16(frame, uint16(len(body)))
	}
	mask := []byte{0x37, 0xfa, 0x21, 0x3d}
	frame = append(frame, mask...)
	for i := range len(body) {
		frame = append(frame, body[i]^mask[i%4])
	}
	return frame
}

func closing(code int, reason string) []byte {
	return masked(0x88, string(binary.BigEndian.AppendUint16(nil, uint16(code)))+reason)
}

func frames(list ...[]byte) []byte { return bytes.Join(list, nil) }

// frameCases are what the Autobahn suite asks of a server that answers nothing
// but controls: what a client sends, and how it is answered. After a case with
// code 0 the socket must still live.
var frameCases = []struct {
	name string
	sent []byte
	code int
	pong string // that comes before
}{
	{"a text", masked(0x81, "hello"), 0, ""},
	{"an empty text", masked(0x81, ""), 0, ""},
	{"a text of 125 bytes", masked(0x81, strings.Repeat("*", 125)), 0, ""},
	{"a text with a length in two bytes", masked(0x81, strings.Repeat("*", 126)), 0, ""},
	{"the longest text", masked(0x81, strings.Repeat("*", 512)), 0, ""},
	{"a text in fragments", frames(masked(0x01, "he"), masked(0x00, "l"), masked(0x80, "lo")), 0, ""},
	{"a letter cut in two by fragments", frames(masked(0x01, "\xc3"), masked(0x80, "\xa9")), 0, ""},
	{"a ping between fragments", frames(masked(0x01, "a"), masked(0x89, "x"), masked(0x80, "b")), 0, "x"},
	{"a ping", masked(0x89, "hello"), 0, "hello"},
	{"a ping of 125 bytes", masked(0x89, strings.Repeat("\xfe", 125)), 0, strings.Repeat("\xfe", 125)},
	{"a pong that nobody asked for", masked(0x8a, "x"), 0, ""},
	{"valid text of four-byte letters", masked(0x81, "\U0001f30a\U0010ffff"), 0, ""},

	{"a goodbye", closing(1000, "bye"), 1000, ""},
	{"a goodbye without a code", masked(0x88, ""), 1000, ""},
	{"a goodbye with the longest reason", closing(1001, strings.Repeat("*", 123)), 1001, ""},
	{"a goodbye of one's own making", closing(3000, ""), 3000, ""},
	{"the last code there is", closing(4999, ""), 4999, ""},
	{"a goodbye of one byte", masked(0x88, "x"), 1002, ""},
	{"a code below all", closing(999, ""), 1002, ""},
	{"the reserved code 1004", closing(1004, ""), 1002, ""},
	{"the code that says there was none", closing(1005, ""), 1002, ""},
	{"the code of a broken line", closing(1006, ""), 1002, ""},
	{"the code of a failed TLS", closing(1015, ""), 1002, ""},
	{"a code that nobody owns", closing(2999, ""), 1002, ""},
	{"a code above all", closing(5000, ""), 1002, ""},
	{"a reason that is no text", closing(1000, "\xff"), 1007, ""},
	{"a goodbye that is too long", masked(0x88, strings.Repeat("*", 126)), 1002, ""},
	{"a goodbye in fragments", masked(0x08, ""), 1002, ""},

	{"a ping that is too long", masked(0x89, strings.Repeat("*", 126)), 1002, ""},
	{"a ping in fragments", frames(masked(0x09, "a"), masked(0x80, "b")), 1002, ""},
	{"the first reserved bit", masked(0xc1, "a"), 1002, ""},
	{"the second reserved bit", masked(0xa1, "a"), 1002, ""},
	{"the third reserved bit", masked(0x91, "a"), 1002, ""},
	{"a reserved opcode for data", masked(0x83, "a"), 1002, ""},
	{"a reserved opcode for control", masked(0x8b, ""), 1002, ""},
	{"a frame that is not masked", []byte{0x81, 1, 'a'}, 1002, ""},
	{"a continuation of nothing", masked(0x80, "a"), 1002, ""},
	{"a second text within the first", frames(masked(0x01, "a"), masked(0x81, "b")), 1002, ""},

	{"bytes that are no text", masked(0x81, "a\xff"), 1007, ""},
	{"half a letter", masked(0x81, "\xe2\x82"), 1007, ""},
	{"a surrogate", masked(0x81, "\xed\xa0\x80"), 1007, ""},
	{"a letter written too long", masked(0x81, "\xc0\xaf"), 1007, ""},
	{"no text over two fragments", frames(masked(0x01, "\xc3"), masked(0x80, "a")), 1007, ""},
	{"a binary message", masked(0x82, "a"), 1003, ""},
	{"a text that is too long", masked(0x81, strings.Repeat("*", 513)), 1009, ""},
	{"fragments that are too long together", frames(masked(0x01, strings.Repeat("*", 300)), masked(0x80, strings.Repeat("*", 300))), 1009, ""},
	{"a length of 63 bits", []byte{0x81, 0xff, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff}, 1009, ""},
	{"a length of 64 bits", []byte{0x81, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff}, 1009, ""},
	{"a megabyte", masked(0x81, strings.Repeat("*", 1<<20)), 1009, ""},
	{"text after text", bytes.Repeat(masked(0x81, "a"), 100), 1008, ""},
	{"pong after pong", bytes.Repeat(masked(0x8a, ""), 100), 1008, ""},
	{"empty fragments without end", append(masked(0x01, ""), bytes.Repeat(masked(0x00, ""), 100)...), 1008, ""},
}

func TestFramesOfEveryKindAreAnswered(t *testing.T) {
	n := newNode(t, testkit.SQLite(t), live.Options{})
	for _, test := range frameCases {
		for name, chunk := range map[string]int{"at once": len(test.sent), "byte by byte": 1} {
			if chunk == 1 && len(test.sent) > 2000 {
				continue
			}
			t.Run(test.name+" "+name, func(t *testing.T) {
				t.Parallel()
				conn := openSocket(t, n)
				for rest := test.sent; len(rest) > 0; rest = rest[chunk:] {
					chunk = min(chunk, len(rest))
					if _, err := conn.Write(rest[:chunk]); err != nil {
						break // the server may close before all was said
					}
				}
				in := bufio.NewReader(conn)
				if test.pong != "" {
					if op, body := answer(t, in); op != 0xa || body != test.pong {
						t.Errorf("answer = %#x %q, want a pong with %q", op, body, test.pong)
					}
				}
				want := test.code
				if want == 0 {
					want = 1001
					if _, err := conn.Write(closing(1001, "")); err != nil {
						t.Fatal(err)
					}
				}
				op, body := answer(t, in)
				if op != 8 || len(body) < 2 || int(binary.BigEndian.Uint16([]byte(body))) != want {
					t.Errorf("answer = %#x %q, want a goodbye with %d", op, body, want)
				}
			})
		}
	}
}

// openSocket upgrades a bare connection.
func openSocket(t *testing.T, n *node) net.Conn {
	t.Helper()
	conn, err := handshake(strings.TrimPrefix(n.server.URL, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	if err := conn.SetDeadline(time.Now().Add(20 * time.Second)); err != nil {
		t.Fatal(err)
	}
	return conn
}

// answer reads the server's next frame but pings; opcode 0 when there is none.
func answer(t *testing.T, in *bufio.Reader) (byte, string) {
	t.Helper()
	var body []byte
	first, err := in.Peek(1)
	if err == nil {
		op := first[0] & 0xf
		if _, err = readFrame(in, &body); err == nil {
			return op, string(body)
		}
	}
	if !errors.Is(err, io.EOF) {
		t.Errorf("read an answer: %v", err)
	}
	return 0, ""
}

// TestAGoodbyeEndsTheConnection waits for the end itself: a client that does
// not hang up is hung up on.
func TestAGoodbyeEndsTheConnection(t *testing.T) {
	n := newNode(t, testkit.SQLite(t), live.Options{})
	conn := openSocket(t, n)
	awaitLen(t, n.hub, 1)
	if _, err := conn.Write(masked(0x82, "a")); err != nil {
		t.Fatal(err)
	}
	rest, err := io.ReadAll(conn)
	if err != nil || len(rest) < 4 || rest[0] != 0x88 {
		t.Errorf("the server says %q, %v; want a goodbye and the end", rest, err)
	}
	awaitLen(t, n.hub, 0)
}
