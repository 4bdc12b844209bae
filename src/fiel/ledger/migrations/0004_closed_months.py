"""Keep what the books said of a month that was closed.

Nothing is locked and no row is filled: the table is new, and yesterday's code does not know it. To
go back, drop it.
"""

from pathlib import Path

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("ledger", "0003_segments")]
    operations = [
        migrations.RunSQL(
            Path(__file__).with_suffix(".sql").read_text(encoding="utf-8"), migrations.RunSQL.noop
        )
    ]
