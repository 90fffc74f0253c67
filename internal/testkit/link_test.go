package testkit_test

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"cmc/internal/testkit"
)

func TestALineIsSlowAndLosesNothing(t *testing.T) {
	body := bytes.Repeat([]byte("0123456789"), 1000)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if _, err := w.Write(body); err != nil {
			t.Error(err)
		}
	}))
	defer server.Close()
	link := testkit.Link{Bits: 200_000, Delay: 50 * time.Millisecond, Loss: 0.1}
	line, address := link.Through(t, strings.TrimPrefix(server.URL, "http://"))
	client := http.Client{Timeout: 20 * time.Second, Transport: &http.Transport{DisableKeepAlives: true}}
	began := time.Now()
	response, err := client.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	got, err := io.ReadAll(response.Body)
	if err != nil || !bytes.Equal(got, body) {
		t.Fatalf("%d bytes, %v, want the %d that were sent", len(got), err, len(body))
	}
	// 80,000 bits at 200,000 a second, after a handshake and a round trip.
	if took, least := time.Since(began), 600*time.Millisecond; took < least {
		t.Errorf("it took %v, want at least %v", took, least)
	}
	line.Cut()
	if response, err := client.Get(address); err == nil {
		response.Body.Close()
		t.Error("a line that is cut carries a request")
	}
	line.Mend()
	response, err = client.Get(address)
	if err != nil {
		t.Fatalf("a line that was mended: %v", err)
	}
	response.Body.Close()
}
