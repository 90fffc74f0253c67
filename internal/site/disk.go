package site

import "os"

// syncDir makes a folder's entries, or a file's content, durable.
func syncDir(name string) error {
	file, err := os.Open(name)
	if err != nil {
		return err
	}
	defer file.Close()
	return file.Sync()
}
