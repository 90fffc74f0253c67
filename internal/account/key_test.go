package account

import (
	"io/fs"
	"os"
	"path/filepath"
	"testing"
)

func TestTheKeyIsMadeOnceForItsOwnerAlone(t *testing.T) {
	dir := t.TempDir()
	first, err := KeyIn(dir)
	if err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(filepath.Join(dir, "secret.key"))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("secret.key has mode %v, %v, want 0600", info.Mode(), err)
	}
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) != 1 {
		t.Errorf("the folder holds %v, %v, want the key alone", entries, err)
	}
	sealed, err := first.lock([]byte("text"), "person:7")
	if err != nil {
		t.Fatal(err)
	}
	again, err := KeyIn(dir)
	if err != nil {
		t.Fatal(err)
	}
	if text, err := again.unlock(sealed, "person:7"); err != nil || string(text) != "text" {
		t.Errorf("unlock after a restart = %q, %v", text, err)
	}
	if text, err := again.unlock(sealed, "person:8"); err == nil {
		t.Errorf("another person's seal opens: %q", text)
	}
}

func TestAKeyThatIsNoneOpensNothing(t *testing.T) {
	if _, err := (Key{}).lock([]byte("text"), "x"); err == nil {
		t.Error("the zero key seals")
	}
	if _, err := NewKey("short"); err == nil {
		t.Error("NewKey takes a short secret")
	}
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "secret.key"), []byte("\n"), fs.FileMode(0o600)); err != nil {
		t.Fatal(err)
	}
	if _, err := KeyIn(dir); err == nil {
		t.Error("KeyIn takes an empty file")
	}
}
