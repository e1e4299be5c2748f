-- What another member's disk still has of a purged execution is not to come back.
CREATE INDEX tombstone_id ON tombstone (tenant, id);
