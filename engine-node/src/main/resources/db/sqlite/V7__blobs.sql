-- Blobs of which the content is a file of its own beside the database. Times are nanoseconds since 1970.
CREATE TABLE blob (
  tenant     TEXT    NOT NULL,
  sha256     TEXT    NOT NULL,
  bytes      INTEGER NOT NULL,
  media_type TEXT    NOT NULL,
  touched_at INTEGER NOT NULL,
  PRIMARY KEY (tenant, sha256)
) WITHOUT ROWID;

-- Which executions refer to them, or are about to. Executions that other members have are among them.
CREATE TABLE blob_use (
  tenant    TEXT    NOT NULL,
  sha256    TEXT    NOT NULL,
  execution TEXT    NOT NULL,
  since     INTEGER NOT NULL,
  PRIMARY KEY (tenant, sha256, execution)
) WITHOUT ROWID;
