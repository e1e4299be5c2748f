-- What the store had of an execution when a state of it came over a gap, under the number that it had until then: its
-- rows in `history`, `base` and `quarantine` stay until the events before that state are here too.
CREATE TABLE former (
  execution INTEGER PRIMARY KEY,
  tenant    TEXT    NOT NULL,
  id        TEXT    NOT NULL
);

CREATE INDEX former_id ON former (tenant, id);
