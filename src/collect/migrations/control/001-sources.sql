-- Places that events come from. `name_key` is the name in lower case, so that two sources never differ by case only.
CREATE TABLE sources
(
    id TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    name_key TEXT NOT NULL UNIQUE,
    type TEXT NOT NULL,
    enabled INTEGER NOT NULL,
    created_at TEXT NOT NULL,
    settings TEXT NOT NULL
);

-- A rotated key lives on until expires_at; a revoked one is refused at once. Rows stay, so that history can be read.
CREATE TABLE write_keys
(
    id TEXT NOT NULL PRIMARY KEY,
    source_id TEXT NOT NULL REFERENCES sources (id),
    write_key TEXT NOT NULL UNIQUE,
    created_at TEXT NOT NULL,
    expires_at TEXT,
    revoked_at TEXT
);

CREATE INDEX write_keys_by_source ON write_keys (source_id);
