package mail

import (
	"os"
	"testing"

	"cmc/internal/testkit"
)

func TestMain(m *testing.M) { os.Exit(testkit.Main(m)) }
