-- One row a session; its events in the order in which they were decided.
CREATE TABLE sessions (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  scenario TEXT NOT NULL,
  title TEXT NOT NULL,
  started TEXT NOT NULL            -- UTC, ISO 8601
);
CREATE TABLE events (
  session INTEGER NOT NULL REFERENCES sessions (id),
  sequence INTEGER NOT NULL,
  run INTEGER NOT NULL,
  kind TEXT NOT NULL,
  clock REAL NOT NULL,             -- seconds since the session's start
  wall TEXT NOT NULL,              -- UTC, ISO 8601
  scene TEXT,
  media REAL,                      -- media time in seconds
  fields TEXT NOT NULL,            -- the kind's own fields, as a JSON object
  PRIMARY KEY (session, sequence)
) WITHOUT ROWID;
