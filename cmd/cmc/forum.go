package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"time"

	"golang.org/x/sync/errgroup"

	"cmc/forum"
	"cmc/forum/live"
	"cmc/forum/store"
	"cmc/forum/web"
	"cmc/internal/account"
	accountweb "cmc/internal/account/web"
	"cmc/internal/database"
	"cmc/internal/mail"
	"cmc/internal/middleware"
	"cmc/internal/page"
	"cmc/search"
)

// forumParts are the forum with its database, its members and its live echo.
type forumParts struct {
	site     *opened
	db       *database.DB
	store    *store.Store
	accounts *account.Accounts
	outbox   *mail.Outbox
	door     *accountweb.Web
	rooms    *web.Web
	letters  *letters
	hub      *live.Hub
	base     string     // absolute address of the site, without the slash at the end
	head     int64      // seq up to which the index was filled
	index    *postIndex // of the posts, nil without search
}

// openForum opens the database, brings delegations and rooms up to date with
// the site's folder, and registers the pages.
func openForum(ctx context.Context, o *opened, f serveFlags, base string, pages *page.Set, records *catalogue, stdout io.Writer) (*forumParts, error) {
	db, err := o.database(ctx, f.db, o.log)
	if err != nil {
		return nil, err
	}
	p := &forumParts{site: o, db: db, base: base}
	if err := p.seed(ctx, stdout); err != nil {
		db.Close()
		return nil, err
	}
	p.door = accountweb.New(p.accounts, pages, isHTTPS(base))
	p.hub = o.newHub(p.store, f.proxies)
	p.rooms = web.New(web.Options{
		Store:    p.store,
		Pages:    pages,
		Member:   accountweb.Member,
		Record:   records.find,
		Stamp:    records.stamp,
		Log:      o.log,
		Groups:   o.config.Forum.Groups,
		Site:     o.config.TitleIn,
		Absolute: func(path string) string { return base + path },
		CameBack: mail.NewRecords(p.db, nil).Bouncing,
		Live: func(w http.ResponseWriter, r *http.Request) error {
			return p.hub.Serve(w, r, live.Lookup(p.door.Lookup(r)))
		},
	})
	if p.letters, err = openLetters(o, p, pages, stdout); err != nil {
		db.Close()
		return nil, err
	}
	return p, nil
}

func (p *forumParts) seed(ctx context.Context, stdout io.Writer) error {
	if err := p.db.Prepare(ctx); err != nil {
		return err
	}
	p.store = store.New(p.db, nil)
	p.outbox = p.site.outbox(stdout)
	var err error
	if p.accounts, err = p.site.accounts(p.db, p.outbox, p.base); err != nil {
		return err
	}
	list, err := p.site.delegations()
	if err != nil {
		return err
	}
	if err := p.accounts.SeedDelegations(ctx, list); err != nil {
		return err
	}
	return p.store.SeedRooms(ctx, p.site.rooms())
}

// run starts what works in the background: mail, and the event log's two
// readers. Each has a tail of its own, so that indexing never delays a socket.
func (p *forumParts) run(ctx context.Context, tasks *errgroup.Group, s *search.Service) {
	tasks.Go(func() error { p.outbox.Run(ctx); return nil })
	tasks.Go(func() error { p.letters.Run(ctx); return nil })
	tasks.Go(func() error { p.recoveries(ctx); return nil })
	tail := live.NewTail(p.db, p.store, p.site.log)
	tasks.Go(func() error { return tail.Run(ctx, p.head, p.hub.Publish) })
	tasks.Go(func() error { p.db.ListenRights(ctx, p.hub.Recheck); return nil })
	if s == nil {
		return
	}
	index := p.index
	tasks.Go(func() error {
		return tail.Run(ctx, p.head, func(ctx context.Context, events []forum.Event) error {
			for _, e := range events {
				// A removal that was passed over would leave the text findable.
				err := retry(ctx, func(ctx context.Context) error { return index.follow(ctx, e) })
				if err != nil && ctx.Err() == nil {
					p.site.log.Error("post not indexed", "post", e.Post, "error", err)
				}
			}
			return nil
		})
	})
}

// routes registers the rooms. After every change at the door the open sockets
// are asked anew who they are: a session that was ended closes its socket.
// letters bounds how often one reader makes a mail be sent.
func (p *forumParts) routes(mux *http.ServeMux, missing http.HandlerFunc, letters middleware.Middleware) {
	rooms := http.NewServeMux()
	p.door.Routes(rooms)
	rooms.HandleFunc("/", missing)
	door := middleware.FormsTo(letters, "/account/sign-in", "/account/invitation", "/account/passkeys/ask")(rooms)
	enter := func(w http.ResponseWriter, r *http.Request) {
		door.ServeHTTP(w, r)
		if r.Method == http.MethodPost {
			p.rightsChanged(r.Context())
		}
	}
	mux.HandleFunc("/account", enter) // or the mux would lead away from the reader's language
	mux.HandleFunc("/account/", enter)
	p.rooms.Routes(mux)
	p.letters.pages.Routes(mux)
}

// fill indexes the posts there are and notes from where the log is followed.
func (p *forumParts) fill(ctx context.Context, s *search.Service) error {
	head, err := p.store.Head(ctx)
	if err != nil {
		return err
	}
	p.head = head
	if s == nil {
		return nil
	}
	p.index = newPostIndex(p.store, s)
	return p.index.fill(ctx)
}

// greet prints the secretariat's enrolment link while nobody has enrolled.
func (p *forumParts) greet(ctx context.Context, stdout io.Writer) error {
	token, err := p.accounts.Enrolment(ctx)
	if err != nil || token == "" {
		return err
	}
	fmt.Fprintf(stdout, "The secretariat enrols here, once:\n  %s%s\n", p.base, account.InvitationPath(token))
	return nil
}

// accounts is the register of persons over a database.
func (o *opened) accounts(db *database.DB, outbox *mail.Outbox, base string) (*account.Accounts, error) {
	key, err := o.key()
	if err != nil {
		return nil, err
	}
	houses, err := o.houses()
	if err != nil {
		return nil, err
	}
	return account.New(account.Options{
		Key:    key,
		OpenID: houses,

		RecoveryWait: time.Duration(o.config.Accounts.RecoveryHours) * time.Hour,
		DB:           db,
		Outbox:       outbox,
		Texts:        o.texts,
		Site:         o.config.Title,
		Groups:       o.config.Forum.Groups,
		Link:         o.links(base),
	}), nil
}

// key is the program's secret: CMC_SECRET where several nodes share one,
// otherwise a file that the first start makes.
func (o *opened) key() (account.Key, error) {
	if secret := os.Getenv("CMC_SECRET"); secret != "" {
		key, err := account.NewKey(secret)
		if err != nil {
			return key, fmt.Errorf("CMC_SECRET: %w", err)
		}
		return key, nil
	}
	if err := o.makeState(); err != nil {
		return account.Key{}, err
	}
	return account.KeyIn(o.state)
}
