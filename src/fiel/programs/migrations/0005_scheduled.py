"""Keep publications that wait for their moment.

Nothing is locked and no row is filled: the table is new, and yesterday's code does not know it:
while it runs, what waits goes on waiting. To go back, drop it.
"""

from pathlib import Path

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("programs", "0004_brand")]
    operations = [
        migrations.RunSQL(
            Path(__file__).with_suffix(".sql").read_text(encoding="utf-8"), migrations.RunSQL.noop
        )
    ]
