package store

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"cmc/forum"
	"cmc/internal/database"
)

// Content reads the bytes of a file that File has found. It holds one piece in
// memory at a time.
func (s *Store) Content(ctx context.Context, f FileView) io.ReadSeeker {
	return &pieces{ctx: ctx, q: s.db.Reader(), sha256: f.SHA256, size: f.Size, have: -1}
}

// pieces is a file as a stream; its context is that of the one request that
// reads it.
type pieces struct {
	ctx    context.Context //nolint:containedctx // io.Reader takes none
	q      querier
	sha256 string
	size   int64
	at     int64
	have   int64 // which piece is in data
	data   []byte
}

// piecePatience bounds how long one piece is waited for.
const piecePatience = 10 * time.Second

const pieceSQL = `SELECT data FROM uploads WHERE sha256 = $1 AND piece = $2`

func (p *pieces) Read(b []byte) (int, error) {
	if p.at >= p.size {
		return 0, io.EOF
	}
	if which := p.at / piece; which != p.have {
		ctx, cancel := context.WithTimeout(p.ctx, piecePatience)
		defer cancel()
		if err := p.q.QueryRowContext(ctx, pieceSQL, p.sha256, which).Scan(&p.data); err != nil {
			return 0, fmt.Errorf("read piece %d of a file: %w", which, err)
		}
		p.have = which
	}
	offset := p.at % piece
	if offset >= int64(len(p.data)) {
		return 0, io.ErrUnexpectedEOF
	}
	n := copy(b, p.data[offset:])
	p.at += int64(n)
	return n, nil
}

func (p *pieces) Seek(offset int64, whence int) (int64, error) {
	switch whence {
	case io.SeekCurrent:
		offset += p.at
	case io.SeekEnd:
		offset += p.size
	}
	if offset < 0 {
		return 0, errors.New("seek before the beginning of a file")
	}
	p.at = offset
	return offset, nil
}

const (
	waitingFilesSQL = `SELECT id, sha256 FROM attachments WHERE post IS NULL AND seat = $1`
	waitingSQL      = waitingFilesSQL + ` AND id = $2`
	waitingHereSQL  = waitingFilesSQL + ` AND place = $2`
	waitingLongSQL  = waitingFilesSQL + ` AND created_at < $2`
	// What a form that is sent again brings once more.
	waitingAgainSQL = waitingFilesSQL + ` AND place = $2 AND EXISTS
(SELECT 1 FROM attachments o WHERE o.post = $3 AND o.sha256 = attachments.sha256 AND o.name = attachments.name)`
	dropFileSQL = `DELETE FROM attachments WHERE id = $1`
	// Bytes stay as long as any file has them.
	sweepPiecesSQL = `
DELETE FROM uploads WHERE sha256 = $1
AND NOT EXISTS (SELECT 1 FROM attachments a WHERE a.sha256 = uploads.sha256 AND a.removed_at IS NULL)`
	removeFileSQL = `UPDATE attachments SET removed_at = $2, text = '' WHERE id = $1 AND removed_at IS NULL`
	sumOfFileSQL  = `SELECT sha256 FROM attachments WHERE id = $1`
)

// Detach takes a file away: one that waits, or one of the member's own post.
// Doing it again does nothing.
func (s *Store) Detach(ctx context.Context, m forum.Member, id int64) error {
	f, err := s.File(ctx, m, id)
	if err != nil || f.Post == 0 {
		if err != nil {
			return err
		}
		return s.db.Tx(ctx, func(ctx context.Context, tx *database.Tx) error {
			if err := seated(ctx, tx, m); err != nil {
				return err
			}
			return dropWaiting(ctx, tx, waitingSQL, m.Seat, id)
		})
	}
	return s.change(ctx, m, f.Post, func(ctx context.Context, tx *database.Tx, p place, post forum.Post) error {
		if !forum.CanEdit(m, p.room, p.topic, post, s.now()) {
			return denied(m)
		}
		if err := s.removeFiles(ctx, tx, []forum.Attachment{f.Attachment}); err != nil {
			return err
		}
		return s.record(ctx, tx, forum.EventEdit, m, p.topic.ID, post.ID)
	})
}

// dropWaiting forgets the files that a query finds among those that wait.
func dropWaiting(ctx context.Context, tx *database.Tx, query string, args ...any) error {
	rows, err := tx.QueryContext(ctx, query, args...)
	all, err := collect(rows, err, func(row scanner) (v FileView, err error) { return v, row.Scan(&v.ID, &v.SHA256) })
	if err != nil {
		return fmt.Errorf("look for files that wait: %w", err)
	}
	for _, v := range all {
		if _, err := tx.ExecContext(ctx, dropFileSQL, v.ID); err != nil {
			return fmt.Errorf("take file %d away: %w", v.ID, err)
		}
		if err := sweepPieces(ctx, tx, v.SHA256); err != nil {
			return err
		}
	}
	return nil
}

func sweepPieces(ctx context.Context, tx *database.Tx, sum string) error {
	if _, err := tx.ExecContext(ctx, sweepPiecesSQL, sum); err != nil {
		return fmt.Errorf("forget the bytes of a file: %w", err)
	}
	return nil
}

// removeFiles takes files from posts. Their rows stay, as a post's trace does;
// their bytes and words go.
func (s *Store) removeFiles(ctx context.Context, tx *database.Tx, all []forum.Attachment) error {
	for _, f := range all {
		var sum string
		if err := tx.QueryRowContext(ctx, sumOfFileSQL, f.ID).Scan(&sum); err != nil {
			return fmt.Errorf("find file %d: %w", f.ID, err)
		}
		if _, err := tx.ExecContext(ctx, removeFileSQL, f.ID, database.Millis(s.now())); err != nil {
			return fmt.Errorf("remove file %d: %w", f.ID, err)
		}
		if err := sweepPieces(ctx, tx, sum); err != nil {
			return err
		}
	}
	return nil
}
