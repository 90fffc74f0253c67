package site

import (
	"context"
	"errors"
	"fmt"
	"os"
)

// Mirror puts a copy of a built site in out's place, in the one step that
// Replace describes. root is the site's own folder, which out must not hold;
// cache keeps the lock that makes two copies take turns.
func Mirror(ctx context.Context, from, out, root, cache string) error {
	out, err := outFolder(out, root)
	if err != nil {
		return err
	}
	guard, err := lockOut(ctx, cache, out)
	if err != nil {
		return fmt.Errorf("prepare %s: %w", out, err)
	}
	defer guard.release()
	beside, err := makeBeside(out)
	if err != nil {
		return fmt.Errorf("prepare %s: %w", out, err)
	}
	if err = os.CopyFS(beside, os.DirFS(from)); err == nil {
		err = ctx.Err()
	}
	if err == nil {
		err = errors.Join(syncTree(beside), putInPlace(beside, out))
	}
	return errors.Join(err, os.RemoveAll(beside))
}
