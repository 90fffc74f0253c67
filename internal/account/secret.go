package account

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"math/big"
	"strings"
)

// codeAlphabet has no two characters that are taken for each other on paper
// or on the telephone: no 0 and O, 1, I and L, 2 and Z, 5 and S, 8 and B.
const codeAlphabet = "ACDEFGHJKMNPQRTUVWXY34679"

const codeLength = 8 // 37 bits, guessed at most maxTries times

// newSecret is 256 random bits, for cookies and links.
func newSecret() string {
	b := make([]byte, 32)
	_, _ = rand.Read(b) // never fails: crypto/rand ends the program instead
	return base64.RawURLEncoding.EncodeToString(b)
}

func newCode() string {
	var b strings.Builder
	size := big.NewInt(int64(len(codeAlphabet)))
	for range codeLength {
		n, err := rand.Int(rand.Reader, size)
		if err != nil {
			panic(err) // crypto/rand ends the program rather than fail
		}
		b.WriteByte(codeAlphabet[n.Int64()])
	}
	return b.String()
}

// showCode writes a code as it stands in the mail.
func showCode(code string) string { return code[:codeLength/2] + "-" + code[codeLength/2:] }

// readCode takes a code as people type it.
func readCode(s string) string {
	if len(s) > 64 {
		return ""
	}
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune(codeAlphabet, r) {
			return r
		}
		return -1
	}, strings.ToUpper(s))
}

// hash is how a long random secret is kept.
func hash(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}

// hashCode is how a short code is kept: keyed with the device's secret, which
// is not in the database, so that a stolen database doesn't give it away.
func hashCode(device, code string) string {
	mac := hmac.New(sha256.New, []byte(device))
	mac.Write([]byte(code))
	return hex.EncodeToString(mac.Sum(nil))
}
