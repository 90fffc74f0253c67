package account

import (
	"testing"
	"time"
)

// The vectors of RFC 6238, appendix B, with the last six of their eight digits.
func TestTOTPIsThatOfTheRFC(t *testing.T) {
	secret := []byte("12345678901234567890")
	for at, want := range map[int64]string{
		59: "287082", 1111111109: "081804", 1111111111: "050471", 1234567890: "005924",
		2000000000: "279037", 20000000000: "353130",
	} {
		if got := totp(secret, at/totpStep); got != want {
			t.Errorf("totp at %d = %s, want %s", at, got, want)
		}
	}
}

func TestACodeOfAnAppWorksOnceAndNearItsTime(t *testing.T) {
	secret := []byte("12345678901234567890")
	now := time.Unix(1111111111, 0)
	step := now.Unix() / totpStep
	for _, test := range []struct {
		name  string
		typed string
		last  int64
		want  bool
	}{
		{"the present code", totp(secret, step), 0, true},
		{"the present code with a blank", "050 471", 0, true},
		{"the code before", totp(secret, step-1), 0, true},
		{"the code after", totp(secret, step+1), 0, true},
		{"an older code", totp(secret, step-2), 0, false},
		{"a later code", totp(secret, step+2), 0, false},
		{"the present code again", totp(secret, step), step, false},
		{"the code before, after the present one", totp(secret, step-1), step, false},
		{"nothing", "", 0, false},
		{"five digits", "50471", 0, false},
	} {
		if _, ok := matchTOTP(secret, test.typed, now, test.last); ok != test.want {
			t.Errorf("%s: matchTOTP = %t, want %t", test.name, ok, test.want)
		}
	}
}

func TestASecretForAnAppIsReadAsTyped(t *testing.T) {
	s := NewAppSecret()
	if b, ok := readAppSecret(" " + s[:4] + " " + s[4:]); !ok || len(b) != totpSecret {
		t.Errorf("readAppSecret of a new secret = %d bytes, %t", len(b), ok)
	}
	for _, wrong := range []string{"", "ABCD", s + s, s[1:] + "1"} {
		if _, ok := readAppSecret(wrong); ok {
			t.Errorf("readAppSecret(%q) is taken", wrong)
		}
	}
}
