package search

import (
	"errors"
	"fmt"
	"os"
	"sync"

	"github.com/klauspost/compress/zstd"
)

const (
	// blockBytes is how much text is packed together: larger blocks are
	// smaller on the disk and take longer to unpack for one passage.
	blockBytes = 12 << 10
	// keptBlocks bounds the memory that unpacked blocks take.
	keptBlocks = 256
)

// extent is where the text of a passage stands in the text of its block.
type extent struct{ Block, Start, Length int32 }

// packed are the texts of some documents, packed in blocks.
type packed struct {
	bytes   []byte
	ends    []int64  // of the blocks
	extents []extent // by document
}

// pack packs the texts of documents.
func pack(z *zstd.Encoder, docs []*Document) packed {
	p := packed{extents: make([]extent, len(docs))}
	var block []byte
	for i, d := range docs {
		if d.Body != "" {
			p.extents[i] = extent{int32(len(p.ends)), int32(len(block)), int32(len(d.Body))}
			block = append(block, d.Body...)
		}
		if len(block) >= blockBytes || i == len(docs)-1 && len(block) > 0 {
			p.bytes = z.EncodeAll(block, p.bytes)
			p.ends = append(p.ends, int64(len(p.bytes)))
			block = block[:0]
		}
	}
	return p
}

// writeTexts writes packed texts one after the other. It returns where each
// block ends, and where each text is.
func writeTexts(path string, all []packed) (ends []int64, extents []extent, err error) {
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o640)
	if err != nil {
		return nil, nil, fmt.Errorf("create file of texts: %w", err)
	}
	from := int64(0)
	for _, p := range all {
		first := int32(len(ends))
		for _, end := range p.ends {
			ends = append(ends, from+end)
		}
		for _, at := range p.extents {
			if at.Length > 0 {
				at.Block += first
			}
			extents = append(extents, at)
		}
		n, failed := file.Write(p.bytes)
		err = errors.Join(err, failed)
		from += int64(n)
	}
	if err := errors.Join(err, file.Close()); err != nil {
		return nil, nil, fmt.Errorf("write texts: %w", err)
	}
	return ends, extents, nil
}

// blocks reads packed texts. It reads the file and does not map it, and each
// block carries its own sum: damage is an error, never a wrong text.
type blocks struct {
	file *os.File
	z    *zstd.Decoder
	ends []int64

	mu   sync.Mutex
	kept map[int32][]byte
}

func openBlocks(path string, ends []int64) (*blocks, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("open texts: %w", err)
	}
	z, err := zstd.NewReader(nil, zstd.WithDecoderMaxMemory(64<<20))
	if err != nil {
		return nil, errors.Join(fmt.Errorf("unpack texts: %w", err), file.Close())
	}
	return &blocks{file: file, z: z, ends: ends, kept: map[int32][]byte{}}, nil
}

func (b *blocks) close() error {
	b.z.Close()
	return b.file.Close()
}

func (b *blocks) read(at extent) (string, error) {
	if at.Length == 0 {
		return "", nil
	}
	block, err := b.block(at.Block)
	if err != nil {
		return "", err
	}
	if at.Start < 0 || at.Length < 0 || int(at.Start)+int(at.Length) > len(block) {
		return "", fmt.Errorf("%w: text outside its block", ErrDamaged)
	}
	return string(block[at.Start : at.Start+at.Length]), nil
}

func (b *blocks) block(n int32) ([]byte, error) {
	b.mu.Lock()
	block, ok := b.kept[n]
	b.mu.Unlock()
	if ok {
		return block, nil
	}
	if n < 0 || int(n) >= len(b.ends) {
		return nil, fmt.Errorf("%w: no block %d of texts", ErrDamaged, n)
	}
	from := int64(0)
	if n > 0 {
		from = b.ends[n-1]
	}
	packed := make([]byte, b.ends[n]-from)
	if _, err := b.file.ReadAt(packed, from); err != nil {
		return nil, fmt.Errorf("%w: read texts: %w", ErrDamaged, err)
	}
	block, err := b.z.DecodeAll(packed, nil)
	if err != nil {
		return nil, fmt.Errorf("%w: unpack texts: %w", ErrDamaged, err)
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	for old := range b.kept {
		if len(b.kept) < keptBlocks {
			break
		}
		delete(b.kept, old)
	}
	b.kept[n] = block
	return block, nil
}

// journal keeps the texts of documents that come while the service runs, one
// after the other, for as long as it runs.
type journal struct {
	file *os.File
	end  int64
}

// add keeps one more text. Of its place in the file, Block is the upper part.
func (j *journal) add(text string) (extent, error) {
	at := extent{int32(j.end >> 31), int32(j.end & (1<<31 - 1)), int32(len(text))}
	if _, err := j.file.WriteAt([]byte(text), j.end); err != nil {
		return extent{}, fmt.Errorf("keep text: %w", err)
	}
	j.end += int64(len(text))
	return at, nil
}

func (j *journal) read(at extent) (string, error) {
	text := make([]byte, at.Length)
	if _, err := j.file.ReadAt(text, int64(at.Block)<<31|int64(at.Start)); err != nil {
		return "", fmt.Errorf("read text: %w", err)
	}
	return string(text), nil
}
