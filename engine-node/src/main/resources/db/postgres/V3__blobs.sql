-- Content on its way, or of a blob. What was given up on the way is removed after a while.
CREATE TABLE blob_content (
  content  bigint  GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  begun_at bigint  NOT NULL,
  kept     boolean NOT NULL DEFAULT false
);
CREATE INDEX blob_content_open ON blob_content (begun_at) WHERE NOT kept;

-- Its pieces, all of 256 KiB but for the last.
CREATE TABLE blob_piece (
  content bigint  NOT NULL,
  number  integer NOT NULL,
  bytes   bytea   NOT NULL,
  PRIMARY KEY (content, number)
);
ALTER TABLE blob_piece ALTER COLUMN bytes SET STORAGE EXTERNAL;

CREATE TABLE blob (
  content    bigint NOT NULL,
  bytes      bigint NOT NULL,
  touched_at bigint NOT NULL,
  tenant     text   COLLATE "C" NOT NULL,
  sha256     text   COLLATE "C" NOT NULL,
  media_type text   NOT NULL,
  PRIMARY KEY (tenant, sha256)
);

-- Which executions refer to them, or are about to.
CREATE TABLE blob_use (
  since     bigint NOT NULL,
  tenant    text   COLLATE "C" NOT NULL,
  sha256    text   COLLATE "C" NOT NULL,
  execution text   COLLATE "C" NOT NULL,
  PRIMARY KEY (tenant, sha256, execution)
);
