-- What chains of several members are compared by: the epoch of the last event. Null in an execution that is live, and
-- in what ended before there were several members.
ALTER TABLE execution ADD COLUMN epoch INTEGER;
ALTER TABLE snapshot ADD COLUMN epoch INTEGER NOT NULL DEFAULT 0;

-- Where the chain begins of an execution that came to this member as a state, until the events before are here too:
-- `body` as in `snapshot`.
CREATE TABLE base (
  execution INTEGER PRIMARY KEY,
  seq       INTEGER NOT NULL,
  epoch     INTEGER NOT NULL,
  body      BLOB    NOT NULL
);
