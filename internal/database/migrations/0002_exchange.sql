-- What a seat keeps outlives the person in it: what was read, what is followed,
-- what was begun.
CREATE TABLE reading (
	seat bigint NOT NULL REFERENCES seats (id),
	topic bigint NOT NULL REFERENCES topics (id),
	number integer NOT NULL, -- the highest one read
	at bigint NOT NULL,
	PRIMARY KEY (seat, topic)
);

CREATE TABLE subscriptions (
	seat bigint NOT NULL REFERENCES seats (id),
	room bigint NOT NULL REFERENCES rooms (id),
	cadence text NOT NULL, -- instant, daily, weekly or none
	PRIMARY KEY (seat, room)
);

CREATE TABLE drafts (
	seat bigint NOT NULL REFERENCES seats (id),
	place text NOT NULL, -- such as topic:9, room:delegations, post:77
	fields text NOT NULL, -- JSON, the form's fields as typed
	client text NOT NULL, -- of the post that it would become
	person bigint NOT NULL REFERENCES persons (id), -- who typed last
	updated_at bigint NOT NULL, -- grows with every change: the draft's version
	PRIMARY KEY (seat, place)
);

CREATE TABLE feed_tokens (
	id @identity,
	token_hash text NOT NULL UNIQUE,
	seat bigint NOT NULL REFERENCES seats (id),
	person bigint NOT NULL REFERENCES persons (id), -- reads only while this person sits there
	name text NOT NULL, -- what its maker uses it for
	created_at bigint NOT NULL,
	used_at bigint, -- to the hour
	revoked_at bigint
);
CREATE INDEX feed_tokens_seat ON feed_tokens (seat);

-- What a topic asks: guiding questions and the reply that closes a query, who
-- has acknowledged a circular, and what became of the topic.
ALTER TABLE topics ADD COLUMN questions text NOT NULL DEFAULT ''; -- Markdown
ALTER TABLE topics ADD COLUMN consolidated bigint; -- the post that closes the query
ALTER TABLE topics ADD COLUMN closed_at bigint;
ALTER TABLE topics ADD COLUMN merged_into bigint; -- the topic that its posts went to
ALTER TABLE topics ADD COLUMN merged_number integer NOT NULL DEFAULT 0; -- that the first of them has there
ALTER TABLE topics ADD COLUMN record_stamp text NOT NULL DEFAULT ''; -- of the record when the topic was started

CREATE TABLE acknowledgements (
	topic bigint NOT NULL REFERENCES topics (id),
	delegation text NOT NULL REFERENCES delegations (code),
	person bigint NOT NULL REFERENCES persons (id),
	seat bigint NOT NULL REFERENCES seats (id),
	at bigint NOT NULL,
	PRIMARY KEY (topic, delegation)
);

-- Of a mention, one of the two is set.
CREATE TABLE mentions (
	post bigint NOT NULL REFERENCES posts (id),
	delegation text REFERENCES delegations (code),
	person bigint REFERENCES persons (id)
);
CREATE INDEX mentions_post ON mentions (post);
CREATE INDEX mentions_delegation ON mentions (delegation);
CREATE INDEX mentions_person ON mentions (person);

-- A file waits with a draft (post NULL) or belongs to a post. Its bytes stand
-- in uploads, in pieces, so that every node has them and a backup is of one
-- moment.
CREATE TABLE attachments (
	id @identity,
	post bigint REFERENCES posts (id),
	seat bigint NOT NULL REFERENCES seats (id),
	place text NOT NULL, -- of the draft it waits with
	name text NOT NULL,
	type text NOT NULL, -- as sniffed
	size bigint NOT NULL,
	sha256 text NOT NULL,
	width integer NOT NULL, -- of a picture, else 0
	height integer NOT NULL,
	text text NOT NULL, -- what search may read of it
	created_at bigint NOT NULL,
	removed_at bigint
);
CREATE INDEX attachments_post ON attachments (post);
CREATE INDEX attachments_draft ON attachments (seat, place);
CREATE INDEX attachments_sha256 ON attachments (sha256);

CREATE TABLE uploads (
	sha256 text NOT NULL,
	piece integer NOT NULL,
	data bytea NOT NULL,
	PRIMARY KEY (sha256, piece)
);

-- Moderation. A held post waits to be let through, a hidden one was taken out
-- of sight and can come back; a removed one is gone but for its trace.
ALTER TABLE rooms ADD COLUMN hold text NOT NULL DEFAULT 'none'; -- none, or first: a person's first posts wait
ALTER TABLE rooms ADD COLUMN mail text NOT NULL DEFAULT 'excerpt'; -- full, excerpt or title
ALTER TABLE topics ADD COLUMN held_at bigint; -- its first post is held
ALTER TABLE posts ADD COLUMN held_at bigint;
ALTER TABLE posts ADD COLUMN hidden_at bigint;
ALTER TABLE posts ADD COLUMN hidden_by bigint REFERENCES persons (id);
ALTER TABLE posts ADD COLUMN hidden_why text NOT NULL DEFAULT '';

CREATE TABLE reports (
	id @identity,
	post bigint NOT NULL REFERENCES posts (id),
	person bigint NOT NULL REFERENCES persons (id),
	seat bigint NOT NULL REFERENCES seats (id),
	why text NOT NULL,
	at bigint NOT NULL,
	settled_at bigint,
	settled_by bigint REFERENCES persons (id),
	outcome text NOT NULL DEFAULT ''
);
CREATE INDEX reports_open ON reports (settled_at, at);

-- Each entry's hash covers the one before it (internal/audit). Nothing here is
-- ever changed.
CREATE TABLE audit (
	seq bigint PRIMARY KEY, -- without gaps
	at bigint NOT NULL,
	actor bigint NOT NULL, -- a person, 0: the program, -1: its operator
	action text NOT NULL, -- such as topic.lock
	subject text NOT NULL, -- such as topic:9
	detail text NOT NULL,
	hash text NOT NULL
);

-- Mail that waits, and how it went: what it tells of, never the words, which are
-- read when it leaves. What carries a code or a link that opens a door is never
-- kept here.
CREATE TABLE letters (
	id @identity,
	message text NOT NULL, -- its Message-ID, the same however often it is sent
	seat bigint NOT NULL REFERENCES seats (id),
	person bigint NOT NULL REFERENCES persons (id), -- who sat there, and at last whom it reached
	kind text NOT NULL, -- instant, digest or test
	about text NOT NULL, -- JSON: what it tells of
	room bigint REFERENCES rooms (id), -- when it tells of one room
	subject text NOT NULL, -- as it was sent
	token text NOT NULL UNIQUE, -- in its return path
	created_at bigint NOT NULL,
	expires_at bigint NOT NULL,
	due_at bigint NOT NULL, -- of one being sent: when another may try
	claim text NOT NULL DEFAULT '', -- who is sending it
	tries integer NOT NULL DEFAULT 0,
	sent_at bigint,
	dropped_at bigint, -- nothing was left to tell, or nobody to tell it
	failed_at bigint, -- refused or given up
	error text NOT NULL DEFAULT '',
	UNIQUE (seat, message)
);
CREATE INDEX letters_due ON letters (due_at) WHERE sent_at IS NULL AND dropped_at IS NULL AND failed_at IS NULL;
CREATE INDEX letters_person ON letters (person, created_at);
CREATE INDEX letters_seat ON letters (seat, created_at);

-- How far the log has been turned into letters: by name for what is told at
-- once, by seat and room for what is told in digests.
CREATE TABLE mail_positions (
	name text PRIMARY KEY,
	seq bigint NOT NULL
);

CREATE TABLE mail_cursors (
	seat bigint NOT NULL REFERENCES seats (id),
	room bigint NOT NULL REFERENCES rooms (id),
	seq bigint NOT NULL,
	PRIMARY KEY (seat, room)
);

-- What was told at once, ahead of the seat's cursor.
CREATE TABLE mail_told (
	seat bigint NOT NULL REFERENCES seats (id),
	post bigint NOT NULL REFERENCES posts (id),
	room bigint NOT NULL REFERENCES rooms (id),
	seq bigint NOT NULL,
	PRIMARY KEY (seat, post)
);

-- What is still to be told though the cursor is past it: its topic came from a
-- room that the seat is told of less often.
CREATE TABLE mail_owed (
	seat bigint NOT NULL REFERENCES seats (id),
	post bigint NOT NULL REFERENCES posts (id),
	PRIMARY KEY (seat, post)
);

CREATE TABLE mail_seats (
	seat bigint PRIMARY KEY REFERENCES seats (id),
	paused_at bigint,
	daily_at bigint NOT NULL DEFAULT 0, -- the last digest's hour
	weekly_at bigint NOT NULL DEFAULT 0
);

CREATE TABLE unsubscribes (
	token_hash text PRIMARY KEY,
	seat bigint NOT NULL REFERENCES seats (id),
	room bigint REFERENCES rooms (id), -- NULL: all rooms
	created_at bigint NOT NULL,
	used_at bigint,
	cadence text NOT NULL DEFAULT '' -- what was chosen before, for who wants it back
);
CREATE INDEX unsubscribes_created ON unsubscribes (created_at);

CREATE TABLE bounces (
	id @identity,
	person bigint NOT NULL REFERENCES persons (id),
	letter bigint NOT NULL,
	at bigint NOT NULL,
	code text NOT NULL, -- such as 550 or 5.1.1
	text text NOT NULL, -- what the server said, without addresses
	reported boolean NOT NULL, -- by a later report, not in the conversation
	cleared_at bigint
);
CREATE INDEX bounces_person ON bounces (person, cleared_at);

-- Second factors, other doors, and the way back in.
ALTER TABLE sessions ADD COLUMN strong_at bigint; -- when a second factor was shown

CREATE TABLE passkeys (
	id @identity,
	credential text NOT NULL UNIQUE, -- base64url
	person bigint NOT NULL REFERENCES persons (id),
	name text NOT NULL,
	data text NOT NULL, -- JSON, the public key and its counters
	created_at bigint NOT NULL,
	used_at bigint
);
CREATE INDEX passkeys_person ON passkeys (person);

CREATE TABLE authenticators (
	person bigint PRIMARY KEY REFERENCES persons (id),
	secret text NOT NULL, -- sealed with the program's key
	counter bigint NOT NULL, -- the last time step that was used
	created_at bigint NOT NULL,
	confirmed_at bigint
);

-- What opens the door when a device is lost; each works once.
CREATE TABLE recovery_codes (
	person bigint NOT NULL REFERENCES persons (id),
	code_hash text NOT NULL,
	used_at bigint,
	PRIMARY KEY (person, code_hash)
);

-- What one of our pages asked a browser's passkey or another house's door, until
-- the answer comes.
CREATE TABLE ceremonies (
	device_hash text PRIMARY KEY,
	kind text NOT NULL,
	person bigint REFERENCES persons (id),
	data text NOT NULL, -- JSON
	expires_at bigint NOT NULL
);

CREATE TABLE identities (
	issuer text NOT NULL,
	subject text NOT NULL,
	person bigint NOT NULL REFERENCES persons (id),
	created_at bigint NOT NULL,
	PRIMARY KEY (issuer, subject)
);

-- A recovery gives a person a new address when two others vouch for them.
CREATE TABLE recoveries (
	id @identity,
	person bigint NOT NULL REFERENCES persons (id),
	address text NOT NULL,
	asked_by bigint NOT NULL REFERENCES persons (id),
	asked_at bigint NOT NULL,
	granted_by bigint REFERENCES persons (id),
	granted_at bigint,
	expires_at bigint NOT NULL, -- for want of a grant
	ready_at bigint, -- when the new address begins to work
	cancel_hash text NOT NULL, -- of the token in the letter to the old address
	cancelled_at bigint,
	done_at bigint
);
CREATE INDEX recoveries_person ON recoveries (person);
ALTER TABLE persons ADD COLUMN suspended_why text NOT NULL DEFAULT '';
