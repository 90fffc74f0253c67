package importer

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/goccy/go-yaml"
)

// LoadCodes reads the codes of groups from DIR/data/recommendation_groups.yaml.
// A site without that file has none.
func LoadCodes(dir string) ([]GroupCode, error) {
	name := filepath.Join(dir, "data", "recommendation_groups.yaml")
	data, err := os.ReadFile(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read the codes of groups: %w", err)
	}
	var codes []GroupCode
	if err := yaml.Unmarshal(data, &codes); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return codes, nil
}
