package testkit

import (
	"crypto/hmac"
	"crypto/sha1"
	"encoding/base32"
	"encoding/binary"
	"fmt"
	"testing"
	"time"

	"cmc/internal/account"
)

// TOTP is the code that an authenticator app with this secret shows at a time,
// as RFC 6238 has it.
func TOTP(t testing.TB, secret string, at time.Time) string {
	t.Helper()
	key, err := base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(secret)
	if err != nil {
		t.Fatalf("read the secret of an app: %v", err)
	}
	mac := hmac.New(sha1.New, key)
	_ = binary.Write(mac, binary.BigEndian, at.Unix()/30)
	sum := mac.Sum(nil)
	from := sum[len(sum)-1] & 15
	return fmt.Sprintf("%06d", (binary.BigEndian.Uint32(sum[from:])&(1<<31-1))%1_000_000)
}

// Key is a secret of the program for tests.
func Key(t testing.TB) account.Key {
	t.Helper()
	key, err := account.NewKey("a secret that only tests ever know, and long enough")
	if err != nil {
		t.Fatal(err)
	}
	return key
}
