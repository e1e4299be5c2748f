-- The highest epoch that this member has promised to go by, in one row.
CREATE TABLE epoch (
  only     INTEGER PRIMARY KEY CHECK (only = 1),
  promised INTEGER NOT NULL
);
