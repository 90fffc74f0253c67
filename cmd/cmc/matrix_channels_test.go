package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/gorilla/websocket"
)

// cellChannel is a way in which what stands in a room could reach a reader.
type cellChannel struct {
	name string
	// inRoom says that it is the room's own pages, where Chatham House lets
	// names be seen and few may see what is withheld.
	inRoom bool
	// byKey says that it is read with a key and not with a session.
	byKey bool
	// read gives all that a reader gets there of a room when they look for a
	// secret in it.
	read func(w *matrixWorld, r *cellReader, room *cellRoom, secret string) string
	// shows are the secrets that must be there for whoever may have them:
	// without it a channel that shows nothing to anybody would pass.
	shows []string
}

// at is a channel of one page, which is read once for all secrets.
func at(address func(room *cellRoom) string) func(*matrixWorld, *cellReader, *cellRoom, string) string {
	return func(w *matrixWorld, r *cellReader, room *cellRoom, _ string) string {
		return w.get(r, address(room))
	}
}

// cellChannels are all ways out of a room.
func cellChannels() []cellChannel {
	inRoom, byKey := roomPages(), feeds()
	for i := range inRoom {
		inRoom[i].inRoom = true
	}
	for i := range byKey {
		byKey[i].byKey = true
	}
	return slices.Concat(inRoom, byKey, elsewhere())
}

func roomPages() []cellChannel {
	return []cellChannel{
		{name: "list of rooms", read: at(func(*cellRoom) string { return "/forum/" })},
		{name: "room", read: at(func(room *cellRoom) string { return "/forum/rooms/" + room.Slug + "/" }), shows: []string{secretTitle}},
		{name: "topic", read: at(func(room *cellRoom) string { return fmt.Sprintf("/forum/topics/%d/", room.topic) }), shows: []string{secretTitle, secretBody, secretName, secretDelegation, secretFile, secretHidden, secretHeld}},
		{name: "topic in Spanish", read: at(func(room *cellRoom) string { return fmt.Sprintf("/es/forum/topics/%d/", room.topic) }), shows: []string{secretBody}},
		{name: "held topic", read: at(func(room *cellRoom) string { return fmt.Sprintf("/forum/topics/%d/", room.held) }), shows: []string{secretHeldTitle}},
		{name: "fragment", read: at(func(room *cellRoom) string { return fmt.Sprintf("/forum/topics/%d/fragment?after=0", room.topic) }), shows: []string{secretBody}},
		{name: "permanent addresses", read: eachPost("")},
		{name: "histories", read: eachPost("/history"), shows: []string{secretBody, secretHidden}},
		{name: "forms to edit", read: eachPost("/edit")},
		{name: "forms to report", read: eachPost("/report")},
		{name: "forms to hide", read: eachPost("/hide")},
		{name: "what waits for moderation", read: at(func(*cellRoom) string { return "/forum/moderation/" })},
		{name: "attachment", read: at(func(room *cellRoom) string { return fmt.Sprintf("/forum/files/%d", room.file) }), shows: []string{secretFileText}},
		{name: "what is new", read: at(func(*cellRoom) string { return "/forum/new/" })},
		{name: "own data", read: at(func(*cellRoom) string { return "/forum/own/data.json" })},
		{name: "closing dates", read: at(func(*cellRoom) string { return "/forum/calendar/" })},
	}
}

func feeds() []cellChannel {
	return []cellChannel{
		{name: "feed of all rooms", read: feed(func(*cellRoom) string { return "all.atom" }), shows: []string{secretTitle, secretBody}},
		{name: "feed of a room", read: feed(func(room *cellRoom) string { return "rooms/" + room.Slug + ".json" }), shows: []string{secretTitle, secretBody}},
		{name: "feed of a topic", read: feed(func(room *cellRoom) string { return fmt.Sprintf("topics/%d.atom", room.topic) }), shows: []string{secretTitle, secretBody}},
		{name: "feed of a held topic", read: feed(func(room *cellRoom) string { return fmt.Sprintf("topics/%d.atom", room.held) })},
		{name: "calendar", read: feed(func(*cellRoom) string { return "calendar.ics" })},
	}
}

func elsewhere() []cellChannel {
	return []cellChannel{
		{name: "moderation log", read: at(func(*cellRoom) string { return "/forum/log/" }), shows: []string{secretTitle}},
		{name: delegationPage, read: at(func(room *cellRoom) string { return "/forum/delegations/" + room.author.Delegation.Code + "/" }), shows: []string{secretDelegation}},
		{name: "members", read: at(func(*cellRoom) string { return "/account/members/" })},
		{name: "events", read: (*matrixWorld).events, shows: []string{secretTitle}},
		{name: "socket", read: (*matrixWorld).socket, shows: []string{secretTitle}},
		{name: "search hits, totals and facets", read: (*matrixWorld).search, shows: []string{secretTitle, secretBody}},
		{name: "records like a topic", read: at(func(room *cellRoom) string { return fmt.Sprintf("/api/search?like=topic-%d", room.topic) }), shows: []string{secretTitle}},
		{name: "did you mean", read: (*matrixWorld).misspelt},
		{name: "suggestions", read: (*matrixWorld).suggest},
		{name: "search page", read: (*matrixWorld).searchPage},
		{name: "search feed", read: (*matrixWorld).searchFeed},
		{name: "sitemap", read: at(func(*cellRoom) string { return "/sitemap.xml" })},
		{name: "feed of the site", read: at(func(*cellRoom) string { return "/index.xml" })},
		{name: "link previews", read: (*matrixWorld).preview},
	}
}

// delegationPage names persons and their delegation on purpose; what it must
// not do is to say which of them spoke in a room where that is kept.
const delegationPage = "page of a delegation"

// feed is read by a program: with a key where there is one, never with a cookie.
func feed(file func(room *cellRoom) string) func(*matrixWorld, *cellReader, *cellRoom, string) string {
	return func(w *matrixWorld, r *cellReader, room *cellRoom, _ string) string {
		address := "/forum/feed/" + file(room)
		if r.key != "" {
			address += "?key=" + url.QueryEscape(r.key)
		}
		return w.get(&cellReader{name: "the feeds of " + r.name}, address)
	}
}

// eachPost reads a page of every post of a room.
func eachPost(under string) func(*matrixWorld, *cellReader, *cellRoom, string) string {
	return func(w *matrixWorld, r *cellReader, room *cellRoom, _ string) string {
		var all strings.Builder
		for _, post := range append([]int64{room.post}, room.withheldPosts...) {
			all.WriteString(w.get(r, fmt.Sprintf("/forum/posts/%d%s", post, under)))
		}
		return all.String()
	}
}

// get reads an address once for each reader: headers, and where it led.
func (w *matrixWorld) get(r *cellReader, path string) string {
	w.t.Helper()
	key := r.name + " " + path
	if text, ok := w.read[key]; ok {
		return text
	}
	request, err := http.NewRequestWithContext(w.t.Context(), http.MethodGet, w.server.URL+path, nil)
	if err != nil {
		w.t.Fatal(err)
	}
	if r.cookie != "" {
		request.AddCookie(&http.Cookie{Name: "session", Value: r.cookie})
	}
	response, err := w.client.Do(request)
	if err != nil {
		w.t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		w.t.Fatal(err)
	}
	if response.StatusCode >= http.StatusInternalServerError || response.StatusCode == http.StatusTooManyRequests {
		w.t.Fatalf("%s reads %s: %s\n%.300s", r.name, path, response.Status, body)
	}
	text := fmt.Sprint(response.Status, response.Header, response.Request.URL, string(body))
	w.read[key] = text
	return text
}

// told says which secrets the number of a topic or post gives away.
func (w *matrixWorld) told(room *cellRoom, events []byte) string {
	var all []struct{ Topic, Post int64 }
	if err := json.Unmarshal(events, &all); err != nil {
		w.t.Fatalf("events %.200s: %v", events, err)
	}
	var text strings.Builder
	for _, e := range all {
		switch {
		case e.Topic == room.held:
			text.WriteString(room.secret[secretHeldTitle])
		case e.Topic == room.topic:
			text.WriteString(room.secret[secretTitle])
		}
		if e.Post != 0 && e.Post == room.withheldPosts[2] {
			text.WriteString(room.secret[secretHeld])
		}
	}
	return text.String()
}

func (w *matrixWorld) events(r *cellReader, room *cellRoom, _ string) string {
	text := w.get(r, "/forum/events?after=0")
	var answer struct{ Events json.RawMessage }
	if err := json.Unmarshal([]byte(text[strings.Index(text, `{"events"`):]), &answer); err != nil {
		w.t.Fatal(err)
	}
	return w.told(room, answer.Events)
}

// socket listens until the log has been replayed.
func (w *matrixWorld) socket(r *cellReader, room *cellRoom, _ string) string {
	key := r.name + " socket"
	text, ok := w.read[key]
	if !ok {
		header := http.Header{}
		if r.cookie != "" {
			header.Set("Cookie", "session="+r.cookie)
		}
		all := w.hear(header)
		text = "[" + strings.Join(all, ",") + "]"
		w.read[key] = text
	}
	return w.told(room, []byte(text))
}

// hear gives what a socket says until it says no more; whoever is refused one
// hears nothing.
func (w *matrixWorld) hear(header http.Header) (all []string) {
	w.t.Helper()
	address := "ws" + strings.TrimPrefix(w.server.URL, "http") + "/forum/ws?after=0"
	conn, response, err := websocket.DefaultDialer.DialContext(w.t.Context(), address, header)
	if err != nil && response != nil && response.StatusCode == http.StatusUnauthorized {
		return nil
	}
	if err != nil {
		w.t.Fatal(err)
	}
	defer conn.Close()
	for {
		if err := conn.SetReadDeadline(time.Now().Add(quiet)); err != nil {
			w.t.Fatal(err)
		}
		_, message, err := conn.ReadMessage()
		if err != nil {
			return all
		}
		all = append(all, string(message))
	}
}

// quiet is how long a socket is listened to after its last word.
const quiet = 300 * time.Millisecond

// search asks for the secret itself: that anything is counted tells that it is
// there.
func (w *matrixWorld) search(r *cellReader, room *cellRoom, secret string) string {
	text := w.get(r, "/api/search?q="+url.QueryEscape(room.secret[secret]))
	var answer struct {
		Total  int
		Hits   json.RawMessage
		Facets map[string][]struct{ Count int }
	}
	if err := json.Unmarshal([]byte(text[strings.Index(text, "{"):]), &answer); err != nil {
		w.t.Fatalf("%.300s: %v", text, err)
	}
	for _, values := range answer.Facets {
		for _, v := range values {
			answer.Total += v.Count
		}
	}
	if answer.Total > 0 {
		return string(answer.Hits) + room.secret[secret]
	}
	return string(answer.Hits)
}

// misspelt asks with a slip; what is offered instead must not be the secret.
func (w *matrixWorld) misspelt(r *cellReader, room *cellRoom, secret string) string {
	word := room.secret[secret]
	return w.get(r, "/api/search?q="+word[:4]+"w"+word[5:])
}

func (w *matrixWorld) suggest(r *cellReader, room *cellRoom, secret string) string {
	return w.get(r, "/api/suggest?q="+room.secret[secret][:6])
}

func (w *matrixWorld) searchPage(r *cellReader, room *cellRoom, secret string) string {
	return w.get(r, "/search/?q="+room.secret[secret][:7])
}

// searchFeed is followed by machines that are nobody: it holds what everybody
// may read, whoever asks.
func (w *matrixWorld) searchFeed(r *cellReader, room *cellRoom, secret string) string {
	return w.get(r, "/search/feed.atom?q="+room.secret[secret][:7])
}

// preview is what a chat program shows of a link: the head of the page.
func (w *matrixWorld) preview(r *cellReader, room *cellRoom, _ string) string {
	if r.cookie != "" {
		return "" // it comes without anybody's cookie
	}
	head, _, _ := strings.Cut(w.get(r, fmt.Sprintf("/forum/topics/%d/", room.topic)), "</head>")
	return head
}
