-- One commit of the journal, in one call and so one round trip: executions that begin, changed statuses, events. Takes all
-- or nothing: unique_violation where another member was first, HF001 where an execution is not there (any more).
-- The plans must not follow statistics that are out of date: every access is by key.
CREATE FUNCTION append_entries(
  start_ordinal bigint[], start_tenant text[], start_id text[], start_definition text[], start_version integer[],
  start_status integer[], start_session text[], start_attributes bytea[], start_priority integer[],
  start_at bigint[], start_updated_at bigint[], start_ended_at bigint[], start_error text[],
  attribute_execution bigint[], attribute_tenant text[], attribute_key text[], attribute_value text[],
  attribute_at bigint[],
  change_ordinal bigint[], change_status integer[], change_updated_at bigint[], change_ended_at bigint[],
  change_error text[],
  settled bigint[],
  row_execution bigint[], row_from_seq bigint[], row_to_seq bigint[], row_at bigint[], row_hash bytea[],
  row_payload bytea[]
) RETURNS void LANGUAGE plpgsql
  SET enable_seqscan = off
  SET enable_hashjoin = off
  SET enable_mergejoin = off
  SET plan_cache_mode = force_generic_plan
AS $$
DECLARE
  written bigint;
BEGIN
  IF cardinality(start_ordinal) > 0 THEN
    INSERT INTO execution (ordinal, tenant, id, definition, version, status, session, attributes, priority, started_at,
        updated_at, ended_at, error)
      SELECT * FROM unnest(start_ordinal, start_tenant, start_id, start_definition, start_version, start_status,
        start_session, start_attributes, start_priority, start_at, start_updated_at, start_ended_at, start_error);
  END IF;
  IF cardinality(attribute_execution) > 0 THEN
    INSERT INTO attribute (execution, tenant, key, value, started_at)
      SELECT * FROM unnest(attribute_execution, attribute_tenant, attribute_key, attribute_value, attribute_at);
  END IF;
  IF cardinality(change_ordinal) > 0 THEN
    UPDATE execution e SET status = c.status, updated_at = c.updated_at, ended_at = c.ended_at, error = c.error
      FROM unnest(change_ordinal, change_status, change_updated_at, change_ended_at, change_error)
        AS c (ordinal, status, updated_at, ended_at, error)
      WHERE e.ordinal = c.ordinal;
    GET DIAGNOSTICS written = ROW_COUNT;
    IF written <> cardinality(change_ordinal) THEN
      RAISE EXCEPTION 'an execution is not there any more' USING ERRCODE = 'HF001';
    END IF;
  END IF;
  IF cardinality(settled) > 0 THEN
    DELETE FROM snapshot WHERE execution = ANY (settled);
  END IF;
  INSERT INTO journal (execution, from_seq, to_seq, at, hash, payload)
    SELECT * FROM unnest(row_execution, row_from_seq, row_to_seq, row_at, row_hash, row_payload) AS r (execution)
      WHERE EXISTS (SELECT FROM execution e WHERE e.ordinal = r.execution);
  GET DIAGNOSTICS written = ROW_COUNT;
  IF written <> cardinality(row_execution) THEN
    RAISE EXCEPTION 'an execution is not there any more' USING ERRCODE = 'HF001';
  END IF;
END
$$;
