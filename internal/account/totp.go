package account

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha1" //nolint:gosec // what RFC 6238 and every app use; HMAC does not need its collision resistance
	"crypto/subtle"
	"encoding/base32"
	"encoding/binary"
	"fmt"
	"strings"
	"time"
)

// A one-time code as in RFC 6238 with the parameters that every app knows: six
// digits, 30 seconds, SHA-1, 160 bits.
const (
	totpStep   = 30 // seconds
	totpSecret = 20 // bytes
	totpSkew   = 1  // steps that a clock may be wrong by, either way
)

// NewAppSecret is a fresh secret to share with an authenticator app, as people
// can type it.
func NewAppSecret() string {
	b := make([]byte, totpSecret)
	_, _ = rand.Read(b) // never fails: crypto/rand ends the program instead
	return appAlphabet().EncodeToString(b)
}

func appAlphabet() *base32.Encoding { return base32.StdEncoding.WithPadding(base32.NoPadding) }

func readAppSecret(s string) ([]byte, bool) {
	b, err := appAlphabet().DecodeString(strings.ToUpper(strings.ReplaceAll(s, " ", "")))
	return b, err == nil && len(b) == totpSecret
}

// totp is the code of a time step.
func totp(secret []byte, step int64) string {
	mac := hmac.New(sha1.New, secret)
	var counter [8]byte
	binary.BigEndian.PutUint64(counter[:], uint64(step)) //nolint:gosec // steps since 1970 are positive
	mac.Write(counter[:])
	sum := mac.Sum(nil)
	at := sum[len(sum)-1] & 0xf
	return fmt.Sprintf("%06d", binary.BigEndian.Uint32(sum[at:at+4])&0x7fffffff%1_000_000)
}

// matchTOTP returns the time step that a typed code belongs to, among those
// near now and after the last one that was used.
func matchTOTP(secret []byte, typed string, now time.Time, last int64) (step int64, ok bool) {
	typed = digits(typed)
	present := now.Unix() / totpStep
	for s := present - totpSkew; s <= present+totpSkew; s++ {
		if subtle.ConstantTimeCompare([]byte(totp(secret, s)), []byte(typed)) == 1 && s > last {
			step, ok = s, true
		}
	}
	return step, ok
}

// digits takes a code as apps show it, in groups.
func digits(s string) string {
	return strings.Map(func(r rune) rune {
		if '0' <= r && r <= '9' {
			return r
		}
		return -1
	}, s[:min(len(s), 64)])
}
