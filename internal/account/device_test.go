package account_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"testing"
)

// device is a security key in software (ES256, attestation "none"), whose
// answers a test may falsify.
type device struct {
	t       *testing.T
	key     *ecdsa.PrivateKey
	id      []byte
	owner   string // the user handle
	counter uint32

	origin string
	flags  byte
}

const (
	present   = 0x01
	verified  = 0x04
	newKey    = 0x40
	siteAt    = "https://example.org"
	siteNamed = "example.org"
)

func newDevice(t *testing.T, owner string) *device {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	id := make([]byte, 16)
	_, _ = rand.Read(id)
	return &device{t: t, key: key, id: id, owner: owner, origin: siteAt, flags: present | verified}
}

func b64(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }

// clientData is what a browser says was asked, and where.
func (d *device) clientData(kind string, options []byte) []byte {
	d.t.Helper()
	var asked struct{ Challenge string }
	if err := json.Unmarshal(options, &asked); err != nil || asked.Challenge == "" {
		d.t.Fatalf("options %s: %v", options, err)
	}
	return d.json(map[string]any{"type": kind, "challenge": asked.Challenge, "origin": d.origin, "crossOrigin": false})
}

func (d *device) json(v any) []byte {
	d.t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		d.t.Fatal(err)
	}
	return text
}

func (d *device) authData(flags byte) []byte {
	site := sha256.Sum256([]byte(siteNamed))
	d.counter++
	return binary.BigEndian.AppendUint32(append(site[:], flags), d.counter)
}

// create makes the passkey that a page offered.
func (d *device) create(options []byte) string {
	d.t.Helper()
	point, err := d.key.PublicKey.Bytes() // 4, x, y
	if err != nil {
		d.t.Fatal(err)
	}
	auth := d.authData(d.flags | newKey)
	auth = append(auth, make([]byte, 16)...) // no maker
	auth = append(binary.BigEndian.AppendUint16(auth, uint16(len(d.id))), d.id...)
	auth = append(auth, 0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 0x20) // EC2, ES256, P-256, x
	auth = append(append(auth, point[1:33]...), 0x22, 0x58, 0x20)
	auth = append(auth, point[33:]...)
	attested := append([]byte("\xa3\x63fmt\x64none\x67attStmt\xa0\x68authData\x58"), byte(len(auth)))
	return d.answer(map[string]any{
		"clientDataJSON": b64(d.clientData("webauthn.create", options)), "attestationObject": b64(append(attested, auth...)),
	})
}

// get shows the passkey that a page asked for.
func (d *device) get(options []byte) string {
	d.t.Helper()
	client, auth := d.clientData("webauthn.get", options), d.authData(d.flags)
	asked := sha256.Sum256(client)
	sum := sha256.Sum256(append(append([]byte{}, auth...), asked[:]...))
	signature, err := ecdsa.SignASN1(rand.Reader, d.key, sum[:])
	if err != nil {
		d.t.Fatal(err)
	}
	return d.answer(map[string]any{
		"clientDataJSON": b64(client), "authenticatorData": b64(auth), "signature": b64(signature), "userHandle": b64([]byte(d.owner)),
	})
}

func (d *device) answer(response map[string]any) string {
	return string(d.json(map[string]any{"id": b64(d.id), "rawId": b64(d.id), "type": "public-key", "response": response}))
}
