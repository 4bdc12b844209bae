"""Merges, households, referrals, and the door through which an erased person's texts leave.

New columns are empty and rewrite nothing; `member` and `idempotency_key` are locked for a moment.
No row is filled: yesterday's code does not know the columns and goes on working. To go back, drop
the new tables, columns and the function.
"""

from pathlib import Path

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("members", "0001_members"), ("ledger", "0002_moves")]
    operations = [
        migrations.RunSQL(
            Path(__file__).with_suffix(".sql").read_text(encoding="utf-8"),
            migrations.RunSQL.noop,
            state_operations=[
                migrations.AddField("member", "merged_into", models.UUIDField(null=True)),
                migrations.AddField("member", "survivor_id", models.UUIDField(null=True)),
                migrations.AddField(
                    "member", "survivor_shard", models.SmallIntegerField(null=True)
                ),
            ],
        )
    ]
