package testkit

import (
	"bufio"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"fmt"
	"math/big"
	"net"
	"strings"
	"sync"
	"testing"
	"time"
)

// Mailed is a letter as a PostOffice took it.
type Mailed struct {
	From, To, Data string
	Encrypted      bool
}

// PostOffice is an SMTP server on a port of this machine.
type PostOffice struct {
	Host string
	Port int
	// Roots trusts the office's certificate; nil where it speaks in clear.
	Roots *tls.Config

	opt      PostOfficeOptions
	listener net.Listener
	cert     tls.Certificate
	got      chan Mailed
}

// PostOfficeOptions say how an office behaves.
type PostOfficeOptions struct {
	TLS      bool   // offers STARTTLS and takes no letter without it
	User     string // with Password asked for before a letter is taken
	Password string
	// Answer may answer a command its own way: verb is such as RCPT, or "."
	// for the end of a letter. "" leaves it to the office, Hang never answers,
	// Die ends the connection.
	Answer func(verb, line string) string
}

// What Answer may say besides a reply.
const (
	Hang = "hang"
	Die  = "die"
)

// NewPostOffice opens an office until the test ends.
func NewPostOffice(t testing.TB, opt PostOfficeOptions) *PostOffice {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	o := &PostOffice{
		Host: "127.0.0.1", Port: listener.Addr().(*net.TCPAddr).Port,
		opt: opt, listener: listener, got: make(chan Mailed, 10_000),
	}
	if opt.TLS {
		o.certify(t)
	}
	var talks sync.WaitGroup
	closing := make(chan struct{})
	talks.Go(func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			talks.Go(func() { (&talk{PostOffice: o, conn: conn, closing: closing}).run() })
		}
	})
	t.Cleanup(func() { close(closing); _ = listener.Close(); talks.Wait() })
	return o
}

// Next waits for a letter.
func (o *PostOffice) Next(t testing.TB) Mailed {
	t.Helper()
	select {
	case m := <-o.got:
		return m
	case <-time.After(10 * time.Second):
		t.Fatal("no letter came")
		return Mailed{}
	}
}

// Taken returns the letters that have come and nobody has asked for yet.
func (o *PostOffice) Taken() []Mailed {
	var all []Mailed
	for {
		select {
		case m := <-o.got:
			all = append(all, m)
		default:
			return all
		}
	}
}

func (o *PostOffice) certify(t testing.TB) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	form := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		IsCA: true, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, form, form, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AddCert(leaf)
	o.cert = tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
	o.Roots = &tls.Config{RootCAs: roots, ServerName: o.Host, MinVersion: tls.VersionTLS12}
}

// talk is one connection.
type talk struct {
	*PostOffice
	conn      net.Conn
	lines     *bufio.Scanner
	closing   chan struct{}
	encrypted bool
	known     bool
	letter    Mailed
}

func (k *talk) say(line string) { _, _ = fmt.Fprint(k.conn, line+"\r\n") }

func (k *talk) run() {
	raw := k.conn
	defer func() { _ = raw.Close() }()
	hangup := make(chan struct{})
	defer close(hangup)
	go func() { // the test may end while a client is silent
		select {
		case <-k.closing:
			_ = raw.SetDeadline(time.Now())
		case <-hangup:
		}
	}()
	k.lines = bufio.NewScanner(k.conn)
	k.lines.Buffer(nil, 1<<20)
	k.say("220 office.test")
	for k.lines.Scan() {
		line := k.lines.Text()
		verb, rest, _ := strings.Cut(line, " ")
		if !k.answer(strings.ToUpper(verb), rest, line) {
			return
		}
	}
}

// own lets the test answer; done says that it did, on that the talk goes on.
func (k *talk) own(verb, line string) (done, on bool) {
	if k.opt.Answer == nil {
		return false, true
	}
	switch reply := k.opt.Answer(verb, line); reply {
	case "":
		return false, true
	case Hang:
		<-k.closing
		return true, false
	case Die:
		return true, false
	default:
		k.say(reply)
		return true, true
	}
}

func (k *talk) answer(verb, rest, line string) (on bool) {
	if done, on := k.own(verb, line); done {
		return on
	}
	switch {
	case verb == "EHLO":
		k.hello()
	case verb == "STARTTLS":
		return k.startTLS()
	case verb == "AUTH":
		want := base64.StdEncoding.EncodeToString([]byte("\x00" + k.opt.User + "\x00" + k.opt.Password))
		if k.known = rest == "PLAIN "+want; k.known {
			k.say("235 welcome")
		} else {
			k.say("535 5.7.8 who are you?")
		}
	case verb == "MAIL" && (k.opt.TLS && !k.encrypted || k.opt.User != "" && !k.known):
		k.say("530 5.7.0 not like this")
	case verb == "MAIL":
		k.letter = Mailed{From: between(line), Encrypted: k.encrypted}
		k.say("250 ok")
	case verb == "RCPT":
		k.letter.To = between(line)
		k.say("250 ok")
	case verb == "DATA":
		return k.data()
	case verb == "QUIT":
		k.say("221 bye")
		return false
	default:
		k.say("250 ok")
	}
	return true
}

func (k *talk) hello() {
	k.say("250-office.test")
	if k.opt.TLS && !k.encrypted {
		k.say("250-STARTTLS")
	}
	if k.opt.User != "" && (k.encrypted || !k.opt.TLS) {
		k.say("250-AUTH PLAIN")
	}
	k.say("250-ENHANCEDSTATUSCODES")
	k.say("250 8BITMIME")
}

func (k *talk) startTLS() bool {
	k.say("220 go on")
	k.conn = tls.Server(k.conn, &tls.Config{Certificates: []tls.Certificate{k.cert}, MinVersion: tls.VersionTLS12})
	k.lines = bufio.NewScanner(k.conn)
	k.lines.Buffer(nil, 1<<20)
	k.encrypted = true
	return true
}

// data takes the text. A letter counts as taken before the office answers: that
// is what a client that dies now cannot know.
func (k *talk) data() bool {
	k.say("354 go on")
	var text strings.Builder
	for k.lines.Scan() && k.lines.Text() != "." {
		text.WriteString(strings.TrimPrefix(k.lines.Text(), ".") + "\r\n")
	}
	if k.lines.Err() != nil {
		return false
	}
	k.letter.Data = text.String()
	reply := ""
	if k.opt.Answer != nil {
		reply = k.opt.Answer(".", "")
	}
	switch {
	case reply == "":
		k.got <- k.letter
		k.say("250 taken")
	case reply == Die:
		k.got <- k.letter
		return false
	case reply == Hang:
		k.got <- k.letter
		<-k.closing
		return false
	default:
		k.say(reply)
	}
	return true
}

// between is the address of a command such as MAIL FROM:<a@b>.
func between(line string) string {
	_, after, _ := strings.Cut(line, "<")
	address, _, _ := strings.Cut(after, ">")
	return address
}
