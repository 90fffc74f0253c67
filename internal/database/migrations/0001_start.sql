-- "@identity" is the engine's self-numbering primary key. Times are
-- milliseconds since 1970 in UTC. NULL stands for "not yet".
CREATE TABLE schema_migrations (
	version integer PRIMARY KEY,
	name text NOT NULL,
	applied_at bigint NOT NULL
);

CREATE TABLE delegations (
	code text PRIMARY KEY,
	kind text NOT NULL,
	names text NOT NULL -- JSON, by language
);

CREATE TABLE persons (
	id @identity,
	address text NOT NULL UNIQUE, -- lower case
	name text NOT NULL,
	lang text NOT NULL,
	created_at bigint NOT NULL,
	suspended_at bigint
);

-- A seat outlives the persons who occupy it in turn.
CREATE TABLE seats (
	id @identity,
	delegation text NOT NULL REFERENCES delegations (code),
	role text NOT NULL,
	created_at bigint NOT NULL
);
CREATE INDEX seats_delegation ON seats (delegation, role);

CREATE TABLE occupancies (
	id @identity,
	seat bigint NOT NULL REFERENCES seats (id),
	person bigint NOT NULL REFERENCES persons (id),
	since bigint NOT NULL,
	until bigint
);
CREATE UNIQUE INDEX occupancies_person ON occupancies (person) WHERE until IS NULL;
CREATE UNIQUE INDEX occupancies_seat ON occupancies (seat) WHERE until IS NULL;

CREATE TABLE invitations (
	id @identity,
	token_hash text NOT NULL UNIQUE,
	address text NOT NULL, -- empty: whoever holds the link gives their own
	delegation text NOT NULL REFERENCES delegations (code),
	role text NOT NULL,
	lang text NOT NULL,
	invited_by bigint REFERENCES persons (id),
	created_at bigint NOT NULL,
	expires_at bigint NOT NULL,
	used_at bigint
);

-- A sign-in under way. One is kept for unknown addresses too (person and
-- invitation NULL), so that both behave alike.
CREATE TABLE challenges (
	id @identity,
	device_hash text NOT NULL UNIQUE,
	link_hash text NOT NULL UNIQUE,
	code_hash text NOT NULL,
	person bigint REFERENCES persons (id),
	invitation bigint REFERENCES invitations (id),
	address text NOT NULL,
	name text NOT NULL,
	lang text NOT NULL,
	tries integer NOT NULL,
	created_at bigint NOT NULL,
	expires_at bigint NOT NULL,
	used_at bigint
);
CREATE INDEX challenges_expires ON challenges (expires_at);

-- What was asked for lately, to count it.
CREATE TABLE attempts (
	bucket text NOT NULL,
	at bigint NOT NULL
);
CREATE INDEX attempts_bucket ON attempts (bucket, at);
CREATE INDEX attempts_at ON attempts (at);

CREATE TABLE sessions (
	id @identity,
	token_hash text NOT NULL UNIQUE,
	person bigint NOT NULL REFERENCES persons (id),
	agent text NOT NULL,
	created_at bigint NOT NULL,
	seen_at bigint NOT NULL,
	expires_at bigint NOT NULL,
	revoked_at bigint
);
CREATE INDEX sessions_person ON sessions (person);

CREATE TABLE rooms (
	id @identity,
	slug text NOT NULL UNIQUE,
	titles text NOT NULL, -- JSON, by language
	about text NOT NULL, -- JSON, by language
	visibility text NOT NULL,
	policy text NOT NULL,
	position integer NOT NULL,
	archived boolean NOT NULL
);

CREATE TABLE topics (
	id @identity,
	room bigint NOT NULL REFERENCES rooms (id),
	kind text NOT NULL,
	title text NOT NULL,
	lang text NOT NULL,
	record text NOT NULL, -- id of the record it discusses, or empty
	author bigint NOT NULL REFERENCES persons (id),
	seat bigint NOT NULL REFERENCES seats (id),
	locked boolean NOT NULL,
	pinned boolean NOT NULL,
	posts integer NOT NULL, -- the highest number given to a post
	created_at bigint NOT NULL,
	last_at bigint NOT NULL,
	closes_at bigint
);
CREATE INDEX topics_room ON topics (room, pinned, last_at);
CREATE UNIQUE INDEX topics_record ON topics (room, record) WHERE record <> '';

CREATE TABLE posts (
	id @identity,
	topic bigint NOT NULL REFERENCES topics (id),
	number integer NOT NULL,
	reply_to integer NOT NULL, -- a number in the same topic, or 0
	author bigint NOT NULL REFERENCES persons (id),
	seat bigint NOT NULL REFERENCES seats (id),
	capacity text NOT NULL,
	lang text NOT NULL,
	body text NOT NULL,
	html text NOT NULL,
	render integer NOT NULL, -- version of the renderer that made html
	client text NOT NULL,
	revision integer NOT NULL,
	created_at bigint NOT NULL,
	edited_at bigint,
	removed_at bigint,
	removed_by bigint REFERENCES persons (id),
	removed_why text NOT NULL DEFAULT '',
	UNIQUE (topic, number),
	UNIQUE (author, client)
);

-- Texts that an edit replaced; the present one is in posts.
CREATE TABLE revisions (
	post bigint NOT NULL REFERENCES posts (id),
	revision integer NOT NULL,
	at bigint NOT NULL, -- when this text was written
	lang text NOT NULL,
	body text NOT NULL,
	PRIMARY KEY (post, revision)
);

CREATE TABLE events (
	seq @identity,
	kind text NOT NULL,
	topic bigint NOT NULL REFERENCES topics (id),
	post bigint REFERENCES posts (id),
	person bigint NOT NULL REFERENCES persons (id),
	at bigint NOT NULL
);
