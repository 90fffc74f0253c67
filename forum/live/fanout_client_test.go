package live_test

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"os"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// delivered says when the last subscriber had an event.
type delivered struct{ Seq, At int64 }

// TestFanOutClient is the client process of the benchmark: it opens so many
// sockets, and tells on file 3 first that they are open, then of each event
// when the last of them had it. It leaves when its standard input ends.
func TestFanOutClient(t *testing.T) {
	var address string
	var subscribers int
	if _, err := fmt.Sscan(os.Getenv("CMC_FAN_OUT"), &address, &subscribers); err != nil {
		t.Skip("only as a child of BenchmarkFanOut")
	}
	result := os.NewFile(3, "result")
	c := &crowd{size: int32(subscribers), had: make([]atomic.Int32, 1<<20), told: make(chan delivered, 1<<16)}
	var conns []net.Conn
	for range subscribers {
		conn, err := handshake(address)
		if err != nil {
			t.Fatal(err)
		}
		conns = append(conns, conn)
	}
	var readers, teller sync.WaitGroup
	teller.Go(func() {
		encoder := json.NewEncoder(result)
		_ = encoder.Encode(delivered{}) // the server's side notices when nothing comes
		for d := range c.told {
			_ = encoder.Encode(d)
		}
	})
	for _, conn := range conns {
		readers.Go(func() {
			if err := c.read(conn); err != nil && !c.leaving.Load() {
				t.Error(err)
			}
		})
	}
	_, _ = io.Copy(io.Discard, os.Stdin)
	c.leaving.Store(true)
	for _, conn := range conns {
		_ = conn.Close()
	}
	readers.Wait()
	close(c.told)
	teller.Wait()
}

func handshake(address string) (net.Conn, error) {
	conn, err := net.Dial("tcp", address)
	if err != nil {
		return nil, err
	}
	_, err = fmt.Fprintf(conn, "GET / HTTP/1.1\r\nHost: %s\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"+
		"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n", address)
	if err != nil {
		return nil, err
	}
	for end, b := 0, make([]byte, 1); end < 4; {
		if _, err := conn.Read(b); err != nil {
			return nil, err
		}
		if b[0] == "\r\n\r\n"[end] {
			end++
		} else {
			end = 0
		}
	}
	return conn, nil
}

// crowd counts who has had which event.
type crowd struct {
	size    int32
	had     []atomic.Int32
	told    chan delivered
	leaving atomic.Bool
}

// read takes messages in until the connection ends. Every seq must be one
// above the one before.
func (c *crowd) read(conn net.Conn) error {
	in := bufio.NewReaderSize(conn, 4096)
	var last int64
	var message []byte
	for {
		final, err := readFrame(in, &message)
		if err != nil {
			return err
		}
		if !final {
			continue
		}
		for text := range bytes.SplitSeq(message, []byte("\n")) { // the chat example joins messages
			seq := seqOf(text)
			if last != 0 && seq != last+1 {
				return fmt.Errorf("seq %d came after %d", seq, last)
			}
			if last = seq; c.had[seq].Add(1) == c.size {
				c.told <- delivered{seq, time.Now().UnixNano()}
			}
		}
		message = message[:0]
	}
}

// readFrame appends what a frame carries and tells whether it ends a message.
func readFrame(in *bufio.Reader, message *[]byte) (final bool, err error) {
	head, err := in.Peek(2)
	if err != nil {
		return false, err
	}
	size, skip := int(head[1]), 2
	final = head[0]&0x80 != 0
	if size == 126 {
		if head, err = in.Peek(4); err != nil {
			return false, err
		}
		size, skip = int(binary.BigEndian.Uint16(head[2:])), 4
	}
	if _, err := in.Discard(skip); err != nil {
		return false, err
	}
	begin := len(*message)
	*message = append(*message, make([]byte, size)...)
	_, err = io.ReadFull(in, (*message)[begin:])
	return final, err
}

// seqOf reads {"seq":N,…
func seqOf(text []byte) (n int64) {
	for _, digit := range text[len(`{"seq":`):] {
		if digit < '0' || digit > '9' {
			break
		}
		n = n*10 + int64(digit-'0')
	}
	return n
}
