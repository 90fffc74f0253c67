package main

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/net/html"

	"cmc/forum"
	"cmc/forum/store"
	"cmc/search"
)

// postIndex keeps the forum's posts findable, and the text of their files: it
// is filled from the database at start and then follows the event log. What it
// holds is derived, and attributed as the room's policy allows outside the room.
type postIndex struct {
	store  *store.Store
	search *search.Service
	pieces map[int64]int // of the files of posts that have any
}

func newPostIndex(store *store.Store, s *search.Service) *postIndex {
	return &postIndex{store, s, map[int64]int{}}
}

// fillBatch bounds how many posts wait in memory for one write of the index.
const fillBatch = 4096

// fill indexes every post there is.
func (p *postIndex) fill(ctx context.Context) error {
	var waiting []search.Document
	flush := func() error {
		if len(waiting) == 0 {
			return nil
		}
		err := p.search.Put(ctx, waiting...)
		waiting = waiting[:0]
		return err
	}
	err := p.store.EachPost(ctx, func(f store.Found) error {
		waiting = append(waiting, p.documents(f)...)
		if len(waiting) < fillBatch {
			return nil
		}
		return flush()
	})
	if err != nil {
		return fmt.Errorf("index the forum's posts: %w", err)
	}
	return flush()
}

// follow brings the index up to date with one event of the log.
func (p *postIndex) follow(ctx context.Context, e forum.Event) error {
	if e.Kind == forum.EventMove { // who may find them has changed
		posts, err := p.store.PostsOf(ctx, e.Topic)
		for _, post := range posts {
			err = errors.Join(err, p.followPost(ctx, post))
		}
		return err
	}
	if e.Post == 0 {
		return nil
	}
	return p.followPost(ctx, e.Post)
}

func (p *postIndex) followPost(ctx context.Context, post int64) error {
	found, ok, err := p.store.Find(ctx, post)
	if err != nil {
		return err
	}
	var docs []search.Document
	before := p.pieces[post]
	if ok {
		docs = p.documents(found)
	}
	var gone []string
	if len(docs) == 0 {
		gone = append(gone, postID(post))
	}
	for i := max(len(docs)-1, 0); i < before; i++ {
		gone = append(gone, pieceID(post, i))
	}
	if len(gone) > 0 {
		if err := p.search.Delete(ctx, gone...); err != nil {
			p.pieces[post] = before // to be taken out when this is tried again
			return err
		}
	}
	if len(docs) == 0 {
		return nil
	}
	return p.search.Put(ctx, docs...)
}

func postID(id int64) string { return "post-" + strconv.FormatInt(id, 10) }

func pieceID(post int64, n int) string { return postID(post) + "/" + strconv.Itoa(n) }

// pieceSize is about how many bytes of a file's text are found as one passage.
const pieceSize = 1500

// documents are a post and the passages of its files, which are found under
// their names by those who may read the post; of one that nobody may read there
// are none.
func (p *postIndex) documents(f store.Found) []search.Document {
	delete(p.pieces, f.Post.ID)
	if f.Post.Withheld() || f.Topic.Held {
		return nil
	}
	post := postDocument(f)
	all := []search.Document{post}
	for _, file := range f.Files {
		for _, text := range piecesOf(file.Text) {
			d := post
			d.ID = pieceID(f.Post.ID, len(all)-1)
			d.Heading, d.Body = file.Name, text
			all = append(all, d)
		}
	}
	if len(all) > 1 {
		p.pieces[f.Post.ID] = len(all) - 1
	}
	return all
}

// piecesOf cuts a text behind words; one without text is a piece too, which is
// found by the name above it.
func piecesOf(text string) []string {
	var pieces []string
	for len(text) > pieceSize {
		cut := strings.IndexByte(text[pieceSize:], ' ')
		if cut < 0 {
			break
		}
		pieces = append(pieces, text[:pieceSize+cut])
		text = text[pieceSize+cut+1:]
	}
	return append(pieces, text)
}

func postDocument(f store.Found) search.Document {
	d := search.Document{
		ID:       postID(f.Post.ID),
		Record:   "topic-" + strconv.FormatInt(f.Topic.ID, 10),
		Type:     "post",
		Lang:     f.Post.Lang,
		URL:      "/forum/posts/" + strconv.FormatInt(f.Post.ID, 10),
		Place:    int(f.Post.ID),
		Title:    f.Topic.Title,
		Body:     words(string(f.Post.HTML)),
		Year:     f.Post.CreatedAt.Year(),
		Date:     f.Post.CreatedAt,
		Audience: []string{f.Room.Visibility.Audience()},
	}
	if code := f.Post.Author.Delegation.Code; len(code) == 3 {
		d.Countries = []string{code}
	}
	return d
}

// words is the text of a post's HTML, its blocks and lines kept apart.
func words(post string) string {
	var text strings.Builder
	for z := html.NewTokenizer(strings.NewReader(post)); ; {
		switch z.Next() {
		case html.ErrorToken:
			return strings.Join(strings.Fields(text.String()), " ")
		case html.TextToken:
			text.Write(z.Text())
		case html.StartTagToken, html.EndTagToken, html.SelfClosingTagToken:
			if name, _ := z.TagName(); !inline(string(name)) {
				text.WriteByte(' ')
			}
		}
	}
}

// inline tells the elements that may stand within a word.
func inline(name string) bool {
	switch name {
	case "a", "em", "strong", "del", "code":
		return true
	}
	return false
}
