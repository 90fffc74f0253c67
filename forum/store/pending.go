package store

import (
	"context"

	"cmc/forum"
	"cmc/internal/errs"
)

var errPending = errs.New(errs.Unavailable, "error_unavailable")

// SeedRooms makes the rooms of the configuration, or brings their titles,
// descriptions, order and visibility up to date. A policy is only tightened; a
// room that is no longer configured is archived. It may be repeated.
func (s *Store) SeedRooms(ctx context.Context, rooms []forum.Room) error { return errPending }

// Rooms lists the rooms a member may read, in their order.
func (s *Store) Rooms(ctx context.Context, m forum.Member) ([]RoomView, error) {
	return nil, errPending
}

// Room finds a room that the member may read.
func (s *Store) Room(ctx context.Context, m forum.Member, slug string) (forum.Room, error) {
	return forum.Room{}, errPending
}

// Topics returns a page of a room's topics; page counts from 1 and is clamped
// to what there is.
func (s *Store) Topics(ctx context.Context, m forum.Member, slug string, page int) (RoomPage, error) {
	return RoomPage{}, errPending
}

// Thread returns a page of a topic; page counts from 1 and is clamped.
func (s *Store) Thread(ctx context.Context, m forum.Member, topic int64, page int) (Thread, error) {
	return Thread{}, errPending
}

// PostsAfter returns up to PostsPerPage posts of a topic with a number above
// after: what a page that shows the posts up to there lacks.
func (s *Store) PostsAfter(ctx context.Context, m forum.Member, topic int64, after int) (Thread, error) {
	return Thread{}, errPending
}

// TopicForRecord finds the topic that discusses a record and that the member
// may read; NotFound (or Unauthenticated) when there is none.
func (s *Store) TopicForRecord(ctx context.Context, m forum.Member, record string) (forum.Topic, error) {
	return forum.Topic{}, errPending
}

// Start starts a topic with its first post. Sent twice with one client id it
// makes one topic. With Record set there is at most one such topic in the
// room: whoever comes second adds a post to it, and gets that topic; an empty
// body then adds nothing.
func (s *Store) Start(ctx context.Context, m forum.Member, n forum.NewTopic) (forum.Topic, error) {
	return forum.Topic{}, errPending
}

// Reply adds a post to a topic. Sent twice with one client id it makes one
// post and returns the first.
func (s *Store) Reply(ctx context.Context, m forum.Member, topic int64, n forum.NewPost) (forum.Post, error) {
	return forum.Post{}, errPending
}

// Post finds a post and where it stands.
func (s *Store) Post(ctx context.Context, m forum.Member, id int64) (PostView, error) {
	return PostView{}, errPending
}

// Edit changes a post's text and keeps the earlier one. A Revision that is
// not the present one is a Conflict.
func (s *Store) Edit(ctx context.Context, m forum.Member, id int64, n forum.NewText) (forum.Post, error) {
	return forum.Post{}, errPending
}

// Remove takes a post away and leaves its trace. Removing it again does
// nothing.
func (s *Store) Remove(ctx context.Context, m forum.Member, id int64, reason string) error {
	return errPending
}

// History returns a post's texts.
func (s *Store) History(ctx context.Context, m forum.Member, id int64) (HistoryView, error) {
	return HistoryView{}, errPending
}

// SetLocked locks or unlocks a topic.
func (s *Store) SetLocked(ctx context.Context, m forum.Member, topic int64, locked bool) error {
	return errPending
}

// SetPinned pins a topic to the head of its room, or the reverse.
func (s *Store) SetPinned(ctx context.Context, m forum.Member, topic int64, pinned bool) error {
	return errPending
}

// EventsAfter returns up to limit events with a seq above after that the
// member may read, in order, and the seq from which to ask next: the last
// event's, or the log's head when nothing more is there.
func (s *Store) EventsAfter(ctx context.Context, m forum.Member, after int64, limit int) ([]forum.Event, int64, error) {
	return nil, 0, errPending
}

// Head returns the seq of the newest event, 0 when there is none.
func (s *Store) Head(ctx context.Context) (int64, error) { return 0, errPending }
