package live

import (
	"encoding/binary"
	"unicode/utf8"

	"github.com/gorilla/websocket"
)

// readLimit is the most bytes of one message from a client. Clients have
// nothing to say but pongs; compression is off, so the limit cannot be
// inflated past.
const readLimit = 512

const (
	opContinuation = 0x0
	opText         = 0x1
	opBinary       = 0x2
	opClose        = 0x8
	opPing         = 0x9
	opPong         = 0xa
	finalBit       = 0x80
	reservedBits   = 0x70
	controlBit     = 0x08
	maskBit        = 0x80
	maxControl     = 125
)

// frame is one frame of a client, unmasked (RFC 6455, 5.2).
type frame struct {
	op    byte
	final bool
	body  []byte
}

// parse reads the first frame of what a client sent and tells its size: 0 when
// more is to come. code is why the client has to go, or 0. It allocates
// nothing: the body is unmasked in place.
func parse(b []byte) (f frame, size int, code int) {
	if len(b) < 2 {
		return f, 0, 0
	}
	f.op, f.final = b[0]&0xf, b[0]&finalBit != 0
	n, at := uint64(b[1]&^maskBit), 2
	switch {
	case b[0]&reservedBits != 0, b[1]&maskBit == 0, f.op > opBinary && f.op < opClose, f.op > opPong,
		f.op&controlBit != 0 && (!f.final || n > maxControl):
		return f, 0, websocket.CloseProtocolError
	case n == 126:
		if at += 2; len(b) < at {
			return f, 0, 0
		}
		n = uint64(binary.BigEndian.Uint16(b[2:]))
	case n == 127:
		if at += 8; len(b) < at {
			return f, 0, 0
		}
		n = binary.BigEndian.Uint64(b[2:])
	}
	if n > readLimit {
		return f, 0, websocket.CloseMessageTooBig
	}
	body := at + 4
	if size = body + int(n); len(b) < size {
		return f, 0, 0
	}
	f.body = b[body:size]
	for i := range f.body {
		f.body[i] ^= b[at+i%4]
	}
	return f, size, 0
}

// intake takes apart what a client sends. It holds memory only while a frame
// or message is under way.
type intake struct {
	pending []byte // of a frame that has not come whole
	message []byte // fragments so far
	open    bool   // a message has begun
}

// take handles what was read: it calls control for each control frame, and
// spend for each frame of any kind, which says no to a client that talks too
// much. The code it returns is why the client has to go, or 0.
func (in *intake) take(b []byte, spend func() bool, control func(frame) int) int {
	if in.pending != nil {
		in.pending = append(in.pending, b...)
		b = in.pending
	}
	for {
		f, size, code := parse(b)
		if code != 0 {
			return code
		}
		if size == 0 {
			break
		}
		if !spend() {
			return websocket.ClosePolicyViolation
		}
		if f.op&controlBit != 0 {
			code = control(f)
		} else {
			code = in.data(f)
		}
		if code != 0 {
			return code
		}
		b = b[size:]
	}
	if len(b) == 0 {
		in.pending = nil
	} else {
		in.pending = append([]byte(nil), b...)
	}
	return 0
}

// data puts a message together, to find out that it is a text of Unicode and
// not too long. Nobody reads it.
func (in *intake) data(f frame) int {
	if in.open != (f.op == opContinuation) {
		return websocket.CloseProtocolError
	}
	if f.op == opBinary {
		return websocket.CloseUnsupportedData
	}
	if len(in.message)+len(f.body) > readLimit {
		return websocket.CloseMessageTooBig
	}
	in.open = !f.final
	in.message = append(in.message, f.body...)
	if !f.final {
		return 0
	}
	if !utf8.Valid(in.message) {
		return websocket.CloseInvalidFramePayloadData
	}
	in.message = nil
	return 0
}

// farewell returns the code with which a client's close frame is answered.
func farewell(body []byte) int {
	if len(body) == 0 {
		return websocket.CloseNormalClosure
	}
	if len(body) == 1 {
		return websocket.CloseProtocolError
	}
	code := int(binary.BigEndian.Uint16(body))
	reserved := code == 1004 || code == websocket.CloseNoStatusReceived || code == websocket.CloseAbnormalClosure
	if code < 1000 || reserved || code > 1014 && code < 3000 || code > 4999 {
		return websocket.CloseProtocolError
	}
	if !utf8.Valid(body[2:]) {
		return websocket.CloseInvalidFramePayloadData
	}
	return code
}

// frameOf is a whole, unmasked frame of less than 64 KiB.
func frameOf(op byte, body []byte) []byte {
	head := []byte{finalBit | op, byte(len(body))}
	if len(body) > maxControl {
		head[1] = 126
		head = binary.BigEndian.AppendUint16(head, uint16(len(body)))
	}
	return append(head, body...)
}

// closeFrame says goodbye.
func closeFrame(code int, reason string) []byte {
	body := binary.BigEndian.AppendUint16(nil, uint16(code))
	return frameOf(opClose, append(body, reason...))
}
