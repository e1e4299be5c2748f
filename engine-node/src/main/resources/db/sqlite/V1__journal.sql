-- Events as they come, keyed by arrival alone: a random key would cost eight times as much. Trimmed once the events
-- are in `history`. `hash` is the chain's head after the row's last event.
CREATE TABLE journal (
  lsn       INTEGER PRIMARY KEY,
  execution INTEGER NOT NULL,
  from_seq  INTEGER NOT NULL,
  payload   BLOB    NOT NULL,
  hash      BLOB    NOT NULL
);

-- The listing. `ordinal` is the order of starts. Times are nanoseconds since 1970. `seq` and `hash` are those of the
-- last event once the execution has ended, null before.
CREATE TABLE execution (
  ordinal    INTEGER PRIMARY KEY,
  tenant     TEXT    NOT NULL,
  id         TEXT    NOT NULL,
  definition TEXT    NOT NULL,
  version    INTEGER NOT NULL,
  status     INTEGER NOT NULL,
  session    TEXT,
  attributes BLOB,
  priority   INTEGER NOT NULL,
  started_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  ended_at   INTEGER,
  error      TEXT,
  seq        INTEGER,
  hash       BLOB
);

CREATE UNIQUE INDEX execution_id ON execution (tenant, id);
CREATE INDEX execution_started ON execution (tenant, started_at);
CREATE INDEX execution_definition ON execution (tenant, definition, started_at);
-- Nearly all executions end as COMPLETED (4): finding those needs no index, and leaving them out keeps it small.
CREATE INDEX execution_status ON execution (tenant, status, started_at) WHERE status <> 4;
CREATE INDEX execution_session ON execution (tenant, session, started_at) WHERE session IS NOT NULL;

CREATE TABLE attribute (
  tenant     TEXT    NOT NULL,
  key        TEXT    NOT NULL,
  value      TEXT    NOT NULL,
  started_at INTEGER NOT NULL,
  execution  INTEGER NOT NULL,
  PRIMARY KEY (tenant, key, value, started_at, execution)
) WITHOUT ROWID;

-- Runs of events of one execution, compressed; `chunk` is ordinal * 2^24 + from_seq. Chunks may overlap.
CREATE TABLE history (
  chunk         INTEGER PRIMARY KEY,
  to_seq        INTEGER NOT NULL,
  previous_hash BLOB    NOT NULL,
  payload       BLOB    NOT NULL
);

-- The newest snapshot of each live execution.
CREATE TABLE snapshot (
  execution INTEGER PRIMARY KEY,
  seq       INTEGER NOT NULL,
  taken_at  INTEGER NOT NULL,
  body      BLOB    NOT NULL
);

-- What is left of purged executions, so that the audit chain can still be checked.
CREATE TABLE tombstone (
  execution  INTEGER PRIMARY KEY,
  tenant     TEXT    NOT NULL,
  id         TEXT    NOT NULL,
  definition TEXT    NOT NULL,
  version    INTEGER NOT NULL,
  status     INTEGER NOT NULL,
  started_at INTEGER NOT NULL,
  ended_at   INTEGER NOT NULL,
  seq        INTEGER NOT NULL,
  hash       BLOB    NOT NULL,
  purged_at  INTEGER NOT NULL
);

CREATE TABLE definition (
  tenant        TEXT    NOT NULL,
  name          TEXT    NOT NULL,
  version       INTEGER NOT NULL,
  digest        TEXT    NOT NULL,
  media_type    TEXT    NOT NULL,
  source        TEXT    NOT NULL,
  registered_at INTEGER NOT NULL,
  PRIMARY KEY (tenant, name, version)
);
