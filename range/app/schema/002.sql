-- What a session needs to be replayed, resumed and gone through again: its scenario as it was played, the screen it was
-- played on, what reached the rules and the state each input led to; runs; people; notes.
ALTER TABLE sessions ADD COLUMN folder TEXT;      -- the scenario's folder; NULL: recorded before this was kept
ALTER TABLE sessions ADD COLUMN graph TEXT;       -- the scenario as it was played, as JSON; NULL likewise
ALTER TABLE sessions ADD COLUMN screen TEXT;      -- JSON: width, height in pixels, wide in mm (0: not measured)
ALTER TABLE events ADD COLUMN cause INTEGER;      -- the sequence of the input it came of; NULL: the program's own
CREATE TABLE inputs (
  session INTEGER NOT NULL REFERENCES sessions (id) DEFERRABLE INITIALLY DEFERRED,
  sequence INTEGER NOT NULL,
  run INTEGER NOT NULL,
  kind TEXT NOT NULL,
  clock REAL NOT NULL,             -- seconds since the session's start
  fields TEXT NOT NULL,            -- JSON
  state TEXT NOT NULL,             -- JSON: the state it led to
  PRIMARY KEY (session, sequence)
) WITHOUT ROWID;
CREATE TABLE runs (
  session INTEGER NOT NULL REFERENCES sessions (id) DEFERRABLE INITIALLY DEFERRED,
  run INTEGER NOT NULL,
  started TEXT NOT NULL,           -- UTC, ISO 8601
  opened TEXT,                     -- JSON: the state it began from; NULL: recorded before this was kept
  ended TEXT,                      -- the reason; `interrupted`: it was cut off; NULL: it goes on
  PRIMARY KEY (session, run)
) WITHOUT ROWID;
INSERT INTO runs (session, run, started, ended)
  SELECT id, 1, started, (
    SELECT json_extract(fields, '$.reason') FROM events
    WHERE session = sessions.id AND kind = 'session_ended' ORDER BY sequence DESC LIMIT 1
  ) FROM sessions;
CREATE TABLE people (
  session INTEGER NOT NULL REFERENCES sessions (id) DEFERRABLE INITIALLY DEFERRED,
  place INTEGER NOT NULL,
  part TEXT NOT NULL,              -- participant, operator or instructor
  name TEXT NOT NULL,              -- or a pseudonym
  role TEXT NOT NULL,
  body TEXT NOT NULL,              -- agency or group
  consent TEXT NOT NULL,           -- what was agreed to, in words; empty: not asked
  PRIMARY KEY (session, place)
) WITHOUT ROWID;
CREATE TABLE notes (
  id INTEGER PRIMARY KEY,
  session INTEGER NOT NULL REFERENCES sessions (id) DEFERRABLE INITIALLY DEFERRED,
  clock REAL NOT NULL,             -- the moment of the session it is pinned to, in seconds
  note TEXT NOT NULL,
  written TEXT NOT NULL            -- UTC, ISO 8601
);
-- Append-only: nothing that was recorded changes, and nothing goes but with its whole session.
CREATE TRIGGER events_stay BEFORE UPDATE ON events BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
CREATE TRIGGER inputs_stay BEFORE UPDATE ON inputs BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
CREATE TRIGGER events_kept BEFORE DELETE ON events WHEN EXISTS (SELECT 1 FROM sessions WHERE id = OLD.session)
  BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
CREATE TRIGGER inputs_kept BEFORE DELETE ON inputs WHEN EXISTS (SELECT 1 FROM sessions WHERE id = OLD.session)
  BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
