"""What each statement costs the database, as pg_stat_statements counts it."""

from __future__ import annotations

from bench.place import Place


def forget_statements(here: Place) -> None:
    """Begin to count anew."""
    here.ask("CREATE EXTENSION IF NOT EXISTS pg_stat_statements")
    here.ask("SELECT pg_stat_statements_reset()")


def counted_statements(here: Place, requests: int, *, most: int = 16) -> str:
    """The dearest statements since then, told for one request."""
    rows = here.ask(
        "SELECT total_plan_time * 1e3, total_exec_time * 1e3, calls, rows, wal_bytes,"
        " shared_blks_hit, regexp_replace(query, '\\s+', ' ', 'g')"
        " FROM pg_stat_statements ORDER BY total_exec_time + total_plan_time DESC"
    )
    headings = (
        f"{'exec µs':>9} {'plan µs':>9} {'calls':>7} {'rows':>7} {'WAL B':>7} {'blocks':>7}"
        f"  for one of {requests:,} requests"
    )
    lines = [headings]
    for plan, execution, calls, count, wal, blocks, text in rows[:most]:
        lines.append(
            f"{execution / requests:>9.1f} {plan / requests:>9.1f} {calls / requests:>7.3f}"
            f" {count / requests:>7.2f} {float(wal) / requests:>7.0f} {blocks / requests:>7.1f}"
            f"  {text[:90]}"
        )
    return "\n".join(lines)
