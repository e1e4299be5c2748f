-- Times are nanoseconds since 1970. Texts that are compared are in the order of their bytes.

-- Numbers of executions. Each member takes a block of 1000 at a time and gives them out by itself.
CREATE SEQUENCE execution_ordinal INCREMENT BY 1000;

-- The listing. A live execution's row changes only with its status: when it changed last and how far it has come
-- is with the newest of its journal rows.
CREATE TABLE execution (
  ordinal    bigint   PRIMARY KEY,
  started_at bigint   NOT NULL,
  updated_at bigint   NOT NULL,
  ended_at   bigint,
  version    integer  NOT NULL,
  status     smallint NOT NULL,
  priority   smallint NOT NULL,
  tenant     text     COLLATE "C" NOT NULL,
  id         text     COLLATE "C" NOT NULL,
  definition text     COLLATE "C" NOT NULL,
  session    text     COLLATE "C",
  attributes bytea,
  error      text
);

CREATE UNIQUE INDEX execution_id ON execution (tenant, id);
CREATE INDEX execution_started ON execution (tenant, started_at, ordinal);
CREATE INDEX execution_definition ON execution (tenant, definition, started_at, ordinal);
-- Nearly all executions end as COMPLETED (4): finding those needs no index, and leaving them out keeps it small. Live
-- ones (below 4) come first, whatever their tenant: they are what a start reads.
CREATE INDEX execution_status ON execution (status, tenant, started_at, ordinal) WHERE status <> 4;
CREATE INDEX execution_session ON execution (tenant, session, started_at, ordinal) WHERE session IS NOT NULL;
CREATE INDEX execution_ended ON execution USING brin (ended_at) WITH (pages_per_range = 32, autosummarize = on);

CREATE TABLE attribute (
  started_at bigint NOT NULL,
  execution  bigint NOT NULL,
  tenant     text   COLLATE "C" NOT NULL,
  key        text   COLLATE "C" NOT NULL,
  value      text   COLLATE "C" NOT NULL,
  PRIMARY KEY (tenant, key, value, started_at, execution)
);
CREATE INDEX attribute_execution ON attribute (execution);

-- The events, a row a transition, never updated. The key is the fence between members: of two that go on from the same
-- place only one finds it free. `hash` is the chain's head after the row's last event. Rows of ended executions stay:
-- they are its history.
CREATE TABLE journal (
  execution bigint NOT NULL,
  from_seq  bigint NOT NULL,
  to_seq    bigint NOT NULL,
  at        bigint NOT NULL,
  hash      bytea  NOT NULL,
  payload   bytea  NOT NULL,
  PRIMARY KEY (execution, from_seq)
);

-- The newest snapshot of an execution that has lived for a while.
CREATE TABLE snapshot (
  execution bigint PRIMARY KEY,
  seq       bigint NOT NULL,
  taken_at  bigint NOT NULL,
  body      bytea  NOT NULL
);
-- It is sealed and compressed already.
ALTER TABLE snapshot ALTER COLUMN body SET STORAGE EXTERNAL;

-- What is left of purged executions, so that the audit chain can still be checked.
CREATE TABLE tombstone (
  execution  bigint   PRIMARY KEY,
  started_at bigint   NOT NULL,
  ended_at   bigint   NOT NULL,
  purged_at  bigint   NOT NULL,
  seq        bigint   NOT NULL,
  version    integer  NOT NULL,
  status     smallint NOT NULL,
  tenant     text     COLLATE "C" NOT NULL,
  id         text     COLLATE "C" NOT NULL,
  definition text     COLLATE "C" NOT NULL,
  hash       bytea    NOT NULL
);

CREATE TABLE definition (
  tenant        text    COLLATE "C" NOT NULL,
  name          text    COLLATE "C" NOT NULL,
  version       integer NOT NULL,
  digest        text    NOT NULL,
  media_type    text    NOT NULL,
  source        bytea   NOT NULL,
  registered_at bigint  NOT NULL,
  PRIMARY KEY (tenant, name, version)
);

-- The highest epoch that any member has promised to go by, in one row.
CREATE TABLE epoch (
  single   boolean PRIMARY KEY CHECK (single),
  promised bigint NOT NULL
);
