package database

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

// Group commit. A commit waits for the disk, whatever it holds, so whoever
// comes while one is under way waits and is then committed with all others
// who came. Nobody waits longer for it: a lone caller is a group of one.
//
// There is no goroutine of its own: of those who wait, one holds the turn and
// does the work of all. Parts seldom fail. When one does, the group is begun
// anew with each part in a savepoint, so that it takes nothing of the others
// with it; savepoints always would cost a sixth of the posts on SQLite and two
// journeys a post to PostgreSQL.

const (
	groupSize    = 64 // parts of one transaction at most
	queueLength  = 4096
	groupTimeout = 20 * time.Second // for the whole group, whoever leaves meanwhile
)

// part is one caller's share of a group.
type part struct {
	ctx   context.Context //nolint:containedctx // of a caller who waits for done
	do    func(context.Context, *Tx) error
	ran   bool // do was called
	err   error
	panic any
	done  chan struct{} // closed when err is final
}

// join puts do into a group and returns when that group is durable.
func (d *DB) join(ctx context.Context, do func(context.Context, *Tx) error) error {
	p := &part{ctx: ctx, do: do, done: make(chan struct{})}
	select {
	case d.waiting <- p:
	case <-ctx.Done():
		return fmt.Errorf("wait for the writer: %w", ctx.Err())
	}
	for {
		select {
		case <-p.done:
			if p.panic != nil {
				panic(p.panic)
			}
			return p.err
		case d.turn <- struct{}{}:
			d.commit(d.take())
			<-d.turn
		}
	}
}

// alone runs do in a transaction of its own, for as long as ctx lasts.
func (d *DB) alone(ctx context.Context, do func(context.Context, *Tx) error) error {
	select {
	case d.turn <- struct{}{}:
	case <-ctx.Done():
		return fmt.Errorf("wait for the writer: %w", ctx.Err())
	}
	defer func() { <-d.turn }()
	p := &part{ctx: ctx, do: do}
	announced, err := d.together(ctx, []*part{p})
	switch {
	case p.panic != nil:
		panic(p.panic)
	case p.err != nil:
		return p.err
	case err == nil && announced > 0:
		d.wake(channel)
	}
	return err
}

// take collects those who wait now.
func (d *DB) take() []*part {
	var group []*part
	for len(group) < groupSize {
		select {
		case p := <-d.waiting:
			group = append(group, p)
		default:
			return group
		}
	}
	return group
}

// commit runs a group and tells each part how it went.
func (d *DB) commit(group []*part) {
	if len(group) == 0 {
		return
	}
	// The work of many must not stop because one of them left.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(group[0].ctx), groupTimeout)
	defer cancel()
	announced, err := d.together(ctx, group)
	for _, p := range group {
		if err != nil && p.err == nil && p.panic == nil {
			p.err = err
		}
		close(p.done)
	}
	if err == nil && announced > 0 {
		d.wake(channel)
	}
}

// together runs the parts in one transaction. An error is of the transaction;
// what is wrong with a part alone stands in its err.
func (d *DB) together(ctx context.Context, group []*part) (announced int64, err error) {
	announced, err = d.attempt(ctx, group, d.runBare)
	if errors.Is(err, errPart) && len(group) > 1 {
		announced, err = d.attempt(ctx, group, d.runPart)
	}
	if errors.Is(err, errPart) {
		return 0, nil // of the only part, which has it
	}
	return announced, err
}

// attempt is one transaction of a group.
func (d *DB) attempt(ctx context.Context, group []*part, run func(context.Context, *Tx, *part) error) (announced int64, err error) {
	inner, err := d.write.BeginTx(ctx, nil)
	if err != nil {
		return 0, fmt.Errorf("begin a transaction: %w", err)
	}
	committed := false
	defer func() {
		if committed {
			return
		}
		if rollback := inner.Rollback(); rollback != nil && !errors.Is(rollback, sql.ErrTxDone) {
			err = errors.Join(err, fmt.Errorf("roll back: %w", rollback))
		}
	}()
	all := &Tx{Tx: inner, db: d}
	if err := all.lockEvents(ctx); err != nil {
		return 0, err
	}
	for _, p := range group {
		if err := run(ctx, all, p); err != nil {
			return 0, err
		}
	}
	if err := all.notify(ctx); err != nil {
		return 0, err
	}
	committed = true
	if err := inner.Commit(); err != nil {
		return 0, fmt.Errorf("commit: %w", err)
	}
	return all.announced, nil
}

// errPart says that a part failed, and with it a transaction that has none
// of its savepoints.
var errPart = errors.New("a part failed")

// runBare runs a part in the transaction itself.
func (d *DB) runBare(ctx context.Context, all *Tx, p *part) error {
	if all.runDo(ctx, p); p.ran && (p.err != nil || p.panic != nil) {
		return errPart
	}
	return nil
}

// runPart runs one of several parts in a savepoint of its own.
func (d *DB) runPart(ctx context.Context, all *Tx, p *part) error {
	if _, err := all.Tx.ExecContext(ctx, `SAVEPOINT part`); err != nil {
		return fmt.Errorf("begin a part: %w", err)
	}
	end := `RELEASE SAVEPOINT part`
	if all.runDo(ctx, p); p.err != nil || p.panic != nil {
		end = `ROLLBACK TO SAVEPOINT part`
	}
	if _, err := all.Tx.ExecContext(ctx, end); err != nil {
		return fmt.Errorf("end a part: %w", errors.Join(err, p.err))
	}
	return nil
}

// runDo calls what the part's caller gave, unless they have left, and keeps
// how it went. What it announces counts only when it succeeded.
func (t *Tx) runDo(ctx context.Context, p *part) {
	p.ran, p.panic = false, nil
	if p.err = p.ctx.Err(); p.err != nil {
		return
	}
	p.ran = true
	defer func() { p.panic = recover() }()
	own := &Tx{Tx: t.Tx, db: t.db}
	if p.err = p.do(withValues(ctx, p.ctx), own); p.err == nil {
		t.announced = max(t.announced, own.announced)
	}
}

// valued is a group's context with the values of one caller's.
type valued struct {
	context.Context //nolint:containedctx // deadline of the group
	caller          context.Context
}

func withValues(group, caller context.Context) context.Context { return valued{group, caller} }

// Value looks into the caller's context, where the request's values are.
func (v valued) Value(key any) any { return v.caller.Value(key) }
