"""Keep with a member's standing which segments the member is in.

A column with a constant default is added: the table is locked for a moment and no row is written.
Yesterday's code neither reads nor writes it. To go back, drop the column.
"""

from pathlib import Path

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("ledger", "0002_moves")]
    operations = [
        migrations.RunSQL(
            Path(__file__).with_suffix(".sql").read_text(encoding="utf-8"), migrations.RunSQL.noop
        )
    ]
