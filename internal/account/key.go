package account

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// Key is the program's own secret. It seals what must be read again, such as
// the secret that an authenticator app shares with us, so that a stolen
// database or backup is of no use without it. The zero Key seals nothing.
type Key struct{ seal, mac []byte }

const minSecret = 32 // characters of CMC_SECRET

// NewKey makes the key of a long secret.
func NewKey(secret string) (Key, error) {
	if len(secret) < minSecret {
		return Key{}, fmt.Errorf("the secret has %d characters; use at least %d, such as `openssl rand -base64 48` prints", len(secret), minSecret)
	}
	derive := func(purpose string) []byte {
		k, err := hkdf.Key(sha256.New, []byte(secret), nil, purpose, 32)
		if err != nil {
			panic(err) // only for lengths that we do not ask for
		}
		return k
	}
	return Key{seal: derive("seal"), mac: derive("mac")}, nil
}

// KeyIn reads the key from the file in dir, and makes one for the program's
// owner alone when there is none.
func KeyIn(dir string) (Key, error) {
	name := filepath.Join(dir, "secret.key")
	text, err := os.ReadFile(name)
	if errors.Is(err, fs.ErrNotExist) {
		if text, err = makeKey(name); errors.Is(err, fs.ErrExist) { // another start was quicker
			text, err = os.ReadFile(name)
		}
	}
	if err != nil {
		return Key{}, fmt.Errorf("read the program's secret: %w", err)
	}
	k, err := NewKey(strings.TrimSpace(string(text)))
	if err != nil {
		return Key{}, fmt.Errorf("%s: %w", name, err)
	}
	return k, nil
}

// makeKey writes a new key beside its place and links it there whole, so that
// nobody ever reads half of it.
func makeKey(name string) ([]byte, error) {
	text := []byte(newSecret() + "\n")
	f, err := os.CreateTemp(filepath.Dir(name), ".secret-*") // 0600
	if err != nil {
		return nil, err
	}
	defer os.Remove(f.Name())
	_, err = f.Write(text)
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return nil, err
	}
	return text, os.Link(f.Name(), name)
}

var errNoKey = errors.New("the program has no secret to seal with")

func (k Key) aead() (cipher.AEAD, error) {
	if k.seal == nil {
		return nil, errNoKey
	}
	block, err := aes.NewCipher(k.seal)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCM(block)
}

// lock seals text; it opens only for the same owner.
func (k Key) lock(text []byte, owner string) (string, error) {
	gcm, err := k.aead()
	if err != nil {
		return "", err
	}
	nonce := make([]byte, gcm.NonceSize())
	_, _ = rand.Read(nonce) // never fails: crypto/rand ends the program instead
	return base64.RawStdEncoding.EncodeToString(gcm.Seal(nonce, nonce, text, []byte(owner))), nil
}

func (k Key) unlock(sealed, owner string) ([]byte, error) {
	gcm, err := k.aead()
	if err != nil {
		return nil, err
	}
	raw, err := base64.RawStdEncoding.DecodeString(sealed)
	if err != nil || len(raw) < gcm.NonceSize() {
		return nil, errors.New("a sealed secret is damaged")
	}
	text, err := gcm.Open(nil, raw[:gcm.NonceSize()], raw[gcm.NonceSize():], []byte(owner))
	if err != nil {
		return nil, errors.New("a sealed secret does not open; was it sealed with the same CMC_SECRET or secret.key?")
	}
	return text, nil
}

// sign is how a short secret is kept that no device's cookie keys.
func (k Key) sign(owner, secret string) string {
	mac := hmac.New(sha256.New, k.mac)
	mac.Write([]byte(owner + "\x00" + secret))
	return hex.EncodeToString(mac.Sum(nil))
}
