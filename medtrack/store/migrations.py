"""The numbered migrations of a record, which `m001` and on add to; a released step is never edited.

Imported only when a record is made or its format is older than this one: sqlite_utils is slow to start.
"""

import sqlite_utils

steps = sqlite_utils.Migrations("medtrack")

FACT = """
    id integer primary key,
    uid text not null unique,
    action_id integer not null references action(id) deferrable initially deferred,
    hash blob not null check (length(hash) = 32)
"""
"""What every fact carries: a local id, its identity on every device, its action, its seal."""
