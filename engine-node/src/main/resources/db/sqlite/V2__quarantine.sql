-- Journal rows of live executions that could not be restored. They would be lost when the journal is trimmed; here each
-- start tries them again, for what was missing (a definition, a page of the file) may have been put back.
CREATE TABLE quarantine (
  lsn       INTEGER PRIMARY KEY,
  execution INTEGER NOT NULL,
  from_seq  INTEGER NOT NULL,
  payload   BLOB    NOT NULL,
  hash      BLOB    NOT NULL
);
