package main

import (
	"slices"
	"strings"
	"testing"
	"time"

	"cmc/forum"
)

// TestNobodyLearnsWhatTheyMayNot walks every reader through every channel to
// every kind of secret in every kind of room. What is expected is said here in
// its own words, not by the rules of package forum.
func TestNobodyLearnsWhatTheyMayNot(t *testing.T) {
	w := newMatrixWorld(t)
	w.awaitIndex()
	cells, leaks, missing := 0, 0, 0
	for _, channel := range cellChannels() {
		for _, r := range w.readers {
			for _, room := range w.rooms {
				for _, secret := range secretKinds() {
					cells++
					got := strings.Contains(channel.read(w, r, room, secret), room.secret[secret])
					may := r.may(room, secret, channel)
					switch {
					case got && !may:
						if leaks++; leaks <= 20 {
							t.Errorf("%s: %s learns the %s in a room that is %s, %s", channel.name, r.name, secret, room.Visibility, room.Policy)
						}
					case !got && may && slices.Contains(channel.shows, secret):
						if missing++; missing <= 20 {
							t.Errorf("%s: %s does not get the %s in a room that is %s, %s", channel.name, r.name, secret, room.Visibility, room.Policy)
						}
					}
				}
			}
		}
	}
	t.Logf("%d cells: %d readers, %d rooms, %d channels, %d kinds of secret; %d leaks, %d missing",
		cells, len(w.readers), len(w.rooms), len(cellChannels()), len(secretKinds()), leaks, missing)
}

// may says whether a reader may learn a secret of a room in a channel.
func (r *cellReader) may(room *cellRoom, secret string, channel cellChannel) bool {
	inside := r.inside || channel.byKey && r.keyed
	reads := room.Visibility == forum.Public ||
		inside && (r.secretariat || room.Visibility == forum.Members || r.grouped)
	if channel.byKey && !inside && r.key != "" {
		return false // a key without rights opens nothing, not even what is public
	}
	own := r.author == room.Slug
	switch channel.name {
	case "moderation log":
		reads = reads && r.inside
	case delegationPage:
		return r.mayOfDelegation(room, secret, reads)
	case "members":
		return (r.secretariat || own) && (secret == secretName || secret == secretDelegation)
	case "socket": // is refused to whose session has ended
		reads = reads && (r.inside || r.cookie == "")
	}
	switch secret {
	case secretRemoved:
		return own && channel.name == "own data" || r.secretariat && channel.name == "histories"
	case secretHidden:
		return channel.inRoom && r.secretariat || own && channel.name == "own data"
	case secretHeld, secretHeldTitle:
		return channel.inRoom && (r.secretariat || own)
	case secretName:
		return own || reads && (room.Policy == forum.Attributed || channel.inRoom && room.Policy == forum.Chatham)
	case secretDelegation:
		return own || reads && (room.Policy != forum.Chatham || channel.inRoom)
	}
	return reads
}

// mayOfDelegation is what the page of a delegation may tell: members who sits
// there, and everybody what was said in its name, where that is told.
func (r *cellReader) mayOfDelegation(room *cellRoom, secret string, reads bool) bool {
	switch secret {
	case secretDelegation:
		return true
	case secretName:
		return r.inside || reads && room.Policy == forum.Attributed
	case secretTitle, secretBody, secretFile:
		return reads && room.Policy != forum.Chatham
	}
	return false
}

// awaitIndex waits until the post that was written last can be found.
func (w *matrixWorld) awaitIndex() {
	w.t.Helper()
	last, deadline := w.rooms[len(w.rooms)-1], time.NewTimer(patience)
	defer deadline.Stop()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		clear(w.read)
		if strings.Contains(w.search(w.reader("the secretariat"), last, secretBody), last.secret[secretBody]) {
			clear(w.read)
			return
		}
		select {
		case <-deadline.C:
			w.t.Fatal("the last post was never found")
		case <-tick.C:
		}
	}
}
