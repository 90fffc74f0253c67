package forum

import "time"

// Attachment is a file of a post, or one that waits for its text to be posted.
type Attachment struct {
	ID        int64
	Post      int64 // 0: it waits
	Name      string
	Type      string // as sniffed
	Size      int64  // bytes
	Width     int    // of a picture, else 0
	Height    int
	CreatedAt time.Time
}

// Picture reports whether the file can be shown in a page.
func (a Attachment) Picture() bool { return a.Width > 0 && a.Height > 0 }
