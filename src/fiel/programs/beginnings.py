"""When versions came into force, as a part of statements about them."""

from __future__ import annotations

from typing import LiteralString

# A sandbox may be set back before it begins to live, when its first version was published already:
# that version is in force from the first member on.
IN_FORCE_SINCE: LiteralString = """
    CASE WHEN number = 1 AND (SELECT sandbox FROM program WHERE id = program_version.program_id)
         THEN least(published_at, (SELECT min(joined_at) FROM standing
                                   WHERE standing.program_id = program_version.program_id))
         ELSE published_at
    END"""
