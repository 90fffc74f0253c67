package main

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/net/html"

	"cmc/forum"
	"cmc/forum/store"
	"cmc/search"
)

// postIndex keeps the forum's posts findable: it is filled from the database
// at start and then follows the event log. What it holds is derived, and
// attributed as the room's policy allows outside the room.
type postIndex struct {
	store  *store.Store
	search *search.Service
}

// fillBatch bounds how many posts wait in memory for one write of the index.
const fillBatch = 4096

// fill indexes every post there is.
func (p postIndex) fill(ctx context.Context) error {
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
		if !f.Post.Withheld() && !f.Topic.Held {
			waiting = append(waiting, postDocument(f))
		}
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
func (p postIndex) follow(ctx context.Context, e forum.Event) error {
	if e.Post == 0 {
		return nil
	}
	found, ok, err := p.store.Find(ctx, e.Post)
	if err != nil {
		return err
	}
	if !ok || found.Post.Withheld() || found.Topic.Held {
		return p.search.Delete(ctx, postID(e.Post))
	}
	return p.search.Put(ctx, postDocument(found))
}

func postID(id int64) string { return "post-" + strconv.FormatInt(id, 10) }

func postDocument(f store.Found) search.Document {
	d := search.Document{
		ID:       postID(f.Post.ID),
		Record:   "topic-" + strconv.FormatInt(f.Topic.ID, 10),
		Type:     "post",
		Lang:     f.Post.Lang,
		URL:      "/forum/posts/" + strconv.FormatInt(f.Post.ID, 10),
		Title:    f.Topic.Title,
		Body:     strings.TrimSpace(words(string(f.Post.HTML)) + "\n" + f.Files),
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
