package server

import (
	"bytes"
	"io"
	"os"
	"strconv"
	"strings"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/gzip"
)

// encoding is a way to compress an answer, the best first.
type encoding int

const (
	brotliEncoding encoding = iota
	gzipEncoding
	encodings int = iota
	identity      = encoding(encodings)
)

var encodingNames = [...]string{"br", "gzip"}

const (
	minPacked = 512       // bytes; below, the header of the format eats the gain
	maxPacked = 4 << 20   // larger texts are left to whoever compresses as they go
	slowLimit = 256 << 10 // up to here the best quality costs well under a second
	// memoryLimit bounds the variants of one release; a thousand pages need some
	// ten megabytes.
	memoryLimit = 32 << 20
)

// variant is a compressed copy of a file, made when it is first asked for and
// kept as long as the release is served: making all of them at publication
// would hold a large site back for half a minute for pages nobody may open.
type variant struct {
	tried bool
	bytes []byte
}

// pack returns the file in an encoding, or nil when it is better sent as it is.
func (f *Files) pack(one *file, as encoding) []byte {
	if as == identity || !one.kind.text || one.size < minPacked || one.size > maxPacked {
		return nil
	}
	one.mu.Lock()
	defer one.mu.Unlock()
	v := &one.variants[as]
	if v.tried {
		return v.bytes
	}
	content, err := os.ReadFile(one.disk)
	if err != nil {
		return nil // the release may be gone: the caller finds out when it opens the file
	}
	v.tried = true
	packed := compress(content, as)
	if len(packed) >= len(content) {
		return nil
	}
	if f.packed.Add(int64(len(packed))) > memoryLimit {
		f.packed.Add(-int64(len(packed)))
		return nil
	}
	v.bytes = packed
	return packed
}

func compress(content []byte, as encoding) []byte {
	var out bytes.Buffer
	var w io.WriteCloser
	switch as {
	case brotliEncoding:
		quality := brotli.BestCompression
		if len(content) > slowLimit {
			quality = brotli.DefaultCompression
		}
		w = brotli.NewWriterLevel(&out, quality)
	default:
		w, _ = gzip.NewWriterLevel(&out, gzip.BestCompression) // the level is a valid constant
	}
	if _, err := w.Write(content); err != nil {
		return content // a buffer takes everything; were it otherwise, send it plain
	}
	if err := w.Close(); err != nil {
		return content
	}
	return bytes.Clone(out.Bytes())
}

// accepted returns the best encoding that an Accept-Encoding header allows.
func accepted(header string) encoding {
	weight := [encodings]float64{}
	named := [encodings]bool{}
	rest := 0.0
	for part := range strings.SplitSeq(header, ",") {
		name, parameters, _ := strings.Cut(part, ";")
		q := quality(parameters)
		switch strings.ToLower(strings.TrimSpace(name)) {
		case "br":
			weight[brotliEncoding], named[brotliEncoding] = q, true
		case "gzip", "x-gzip":
			weight[gzipEncoding], named[gzipEncoding] = q, true
		case "*":
			rest = q
		}
	}
	best, most := identity, 0.0
	for as := range weight {
		q := weight[as]
		if !named[as] {
			q = rest
		}
		if q > most {
			best, most = encoding(as), q
		}
	}
	return best
}

// quality reads "q=0.5"; a weight that cannot be read counts as none.
func quality(parameters string) float64 {
	key, value, found := strings.Cut(parameters, "=")
	if !found || !strings.EqualFold(strings.TrimSpace(key), "q") {
		return 1
	}
	q, err := strconv.ParseFloat(strings.TrimSpace(value), 64)
	if err != nil || !(q >= 0 && q <= 1) {
		return 0
	}
	return q
}
