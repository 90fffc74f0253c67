package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"cmc/forum"
	"cmc/forum/attach"
	"cmc/internal/database"
	"cmc/internal/errs"
)

// waitingLife is how long a file waits for its text.
const waitingLife = 30 * 24 * time.Hour

// piece is how many bytes of a file stand in one row.
const piece = 256 << 10

const fileColumns = `a.id, coalesce(a.post, 0), a.name, a.type, a.size, a.width, a.height, a.created_at`

func scanFile(row scanner) (forum.Attachment, error) {
	var a forum.Attachment
	var at int64
	err := row.Scan(&a.ID, &a.Post, &a.Name, &a.Type, &a.Size, &a.Width, &a.Height, &at)
	a.CreatedAt = database.Time(at)
	return a, err
}

// Attach judges a file and keeps it for the text that the member's seat writes
// at a place. It comes back with every form there until that text is posted.
func (s *Store) Attach(ctx context.Context, m forum.Member, place forum.DraftPlace, name string, data []byte) error {
	room, err := s.roomAt(ctx, m, place)
	if err != nil {
		return err
	}
	f, err := attach.Accept(name, data, room.Policy != forum.Attributed)
	if err != nil {
		return err
	}
	return s.db.Tx(ctx, func(ctx context.Context, tx *database.Tx) error {
		if err := seated(ctx, tx, m); err != nil {
			return err
		}
		if err := dropWaiting(ctx, tx, waitingLongSQL, m.Seat, database.Millis(s.now().Add(-waitingLife))); err != nil {
			return err
		}
		return s.keepFile(ctx, tx, m, place, f)
	})
}

const (
	sameFileSQL   = `SELECT count(*) FROM attachments WHERE seat = $1 AND place = $2 AND post IS NULL AND sha256 = $3 AND name = $4`
	insertFileSQL = `
INSERT INTO attachments (seat, place, name, type, size, sha256, width, height, text, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`
	insertPieceSQL = `INSERT INTO uploads (sha256, piece, data) VALUES ($1, $2, $3) ON CONFLICT (sha256, piece) DO NOTHING`
)

func (s *Store) keepFile(ctx context.Context, tx *database.Tx, m forum.Member, place forum.DraftPlace, f attach.File) error {
	var same int
	if err := tx.QueryRowContext(ctx, sameFileSQL, m.Seat, string(place), f.SHA256, f.Name).Scan(&same); err != nil {
		return fmt.Errorf("look for the same file: %w", err)
	}
	if same > 0 {
		return nil // the form was sent twice
	}
	here, err := files(ctx, tx, placeFilesSQL, m.Seat, string(place), postAt(place))
	if err != nil {
		return err
	}
	if len(here) >= attach.MaxFiles {
		return errs.New(errs.Invalid, "forum_error_files_many", "Count", attach.MaxFiles).On("files")
	}
	if _, err := tx.ExecContext(ctx, insertFileSQL, m.Seat, string(place), f.Name, f.Type, len(f.Data), f.SHA256, f.Width, f.Height,
		f.Text, database.Millis(s.now())); err != nil {
		return fmt.Errorf("keep a file: %w", err)
	}
	return keepPieces(ctx, tx, f)
}

// keepPieces keeps the bytes of a file, unless they are there already.
func keepPieces(ctx context.Context, tx *database.Tx, f attach.File) error {
	for i := 0; i*piece < len(f.Data); i++ {
		if _, err := tx.ExecContext(ctx, insertPieceSQL, f.SHA256, i, f.Data[i*piece:min(len(f.Data), (i+1)*piece)]); err != nil {
			return fmt.Errorf("keep piece %d of a file: %w", i, err)
		}
	}
	return nil
}

// roomAt finds the room of the text at a place, where the member must have a
// voice. What does not have its room yet is treated as in the strictest.
func (s *Store) roomAt(ctx context.Context, m forum.Member, place forum.DraftPlace) (forum.Room, error) {
	q := s.db.Reader()
	var room forum.Room
	switch kind, what := place.Split(); kind {
	case "topic":
		p, err := readable(ctx, q, m, place.ID())
		if err != nil {
			return forum.Room{}, err
		}
		room = p.room
	case "post":
		v, err := s.Post(ctx, m, place.ID())
		if err != nil {
			return forum.Room{}, err
		}
		if !forum.CanEdit(m, v.Room, v.Topic, v.Post, s.now()) {
			return forum.Room{}, denied(m)
		}
		room = v.Room
	case "room":
		r, err := readableRoom(ctx, q, m, what)
		if err != nil {
			return forum.Room{}, err
		}
		room = r
	case "record":
		room = forum.Room{Visibility: forum.Members, Policy: forum.Chatham}
	default:
		return forum.Room{}, hidden(m)
	}
	if !forum.CanWrite(m, room) {
		return forum.Room{}, denied(m)
	}
	return room, nil
}

// postAt is the post that a place names, or 0.
func postAt(place forum.DraftPlace) int64 {
	if kind, _ := place.Split(); kind == "post" {
		return place.ID()
	}
	return 0
}

// A post's own files and those that wait to join it count together.
const placeFilesSQL = `
SELECT ` + fileColumns + ` FROM attachments a
WHERE a.removed_at IS NULL AND (a.seat = $1 AND a.place = $2 AND a.post IS NULL OR a.post = $3) ORDER BY a.id`

func files(ctx context.Context, q querier, query string, args ...any) ([]forum.Attachment, error) {
	rows, err := q.QueryContext(ctx, query, args...)
	all, err := collect(rows, err, scanFile)
	if err != nil {
		return nil, fmt.Errorf("list files: %w", err)
	}
	return all, nil
}

// FilesAt lists the files of the text that a seat writes at a place: those that
// wait, and of a post that is changed those it has.
func (s *Store) FilesAt(ctx context.Context, m forum.Member, place forum.DraftPlace) ([]forum.Attachment, error) {
	if !m.SignedIn() {
		return nil, nil
	}
	return files(ctx, s.db.Reader(), placeFilesSQL, m.Seat, string(place), postAt(place))
}

const takeSQL = `UPDATE attachments SET post = $3 WHERE seat = $1 AND place = $2 AND post IS NULL AND removed_at IS NULL`

// take gives a post the files that waited for it.
func take(ctx context.Context, tx *database.Tx, m forum.Member, place forum.DraftPlace, post int64) (int64, error) {
	done, err := tx.ExecContext(ctx, takeSQL, m.Seat, string(place), post)
	if err != nil {
		return 0, fmt.Errorf("give post %d its files: %w", post, err)
	}
	return done.RowsAffected()
}

const postFilesSQL = `SELECT ` + fileColumns + ` FROM attachments a WHERE a.post = $1 AND a.removed_at IS NULL ORDER BY a.id`

const threadFilesSQL = `SELECT ` + fileColumns + ` FROM attachments a JOIN posts p ON p.id = a.post
WHERE p.topic = $1 AND p.number > $2 AND p.number <= $3 AND a.removed_at IS NULL ORDER BY a.id`

// withFiles adds the files of posts that the member may read.
func withFiles(ctx context.Context, q querier, m forum.Member, room forum.Room, posts []forum.Post, query string, args ...any) error {
	all, err := files(ctx, q, query, args...)
	if err != nil || len(all) == 0 {
		return err
	}
	for i, p := range posts {
		for _, f := range all {
			if f.Post == p.ID && forum.CanReadPost(m, room, p) {
				posts[i].Files = append(posts[i].Files, f)
			}
		}
	}
	return nil
}

// foundFiles is what search may read of a post's files.
func foundFiles(ctx context.Context, q querier, post int64) ([]FoundFile, error) {
	rows, err := q.QueryContext(ctx, wordsSQL, post)
	all, err := collect(rows, err, func(row scanner) (f FoundFile, err error) {
		return f, row.Scan(&f.ID, &f.Name, &f.Text)
	})
	if err != nil {
		return nil, fmt.Errorf("read the files of post %d: %w", post, err)
	}
	return all, nil
}

const wordsSQL = `SELECT id, name, text FROM attachments WHERE post = $1 AND removed_at IS NULL ORDER BY id`

// FileView is a file with the name of its bytes.
type FileView struct {
	forum.Attachment
	Room   forum.Room // empty while it waits
	SHA256 string
}

const fileSQL = `SELECT a.id, coalesce(a.post, 0), a.name, a.type, a.size, a.width, a.height, a.created_at, a.sha256, a.seat
FROM attachments a WHERE a.id = $1 AND a.removed_at IS NULL`

// File finds a file that the member may read: by the rule of its post, or,
// while it waits, only from the seat that attached it.
func (s *Store) File(ctx context.Context, m forum.Member, id int64) (FileView, error) {
	var v FileView
	var at, seat int64
	err := s.db.Reader().QueryRowContext(ctx, fileSQL, id).
		Scan(&v.ID, &v.Post, &v.Name, &v.Type, &v.Size, &v.Width, &v.Height, &at, &v.SHA256, &seat)
	if errors.Is(err, sql.ErrNoRows) {
		return FileView{}, hidden(m)
	}
	if err != nil {
		return FileView{}, fmt.Errorf("find file %d: %w", id, err)
	}
	v.CreatedAt = database.Time(at)
	if v.Post == 0 {
		if !m.SignedIn() || m.Seat != seat {
			return FileView{}, hidden(m)
		}
		return v, nil
	}
	post, err := s.Post(ctx, m, v.Post)
	if err != nil {
		return FileView{}, err
	}
	if !forum.CanReadPost(m, post.Room, post.Post) {
		return FileView{}, hidden(m)
	}
	v.Room = post.Room
	return v, nil
}
