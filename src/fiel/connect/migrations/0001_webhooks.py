"""Create webhook endpoints, what is tried again, and the log of attempts.

Nothing is locked and no row is filled: the tables are new. To go back, drop them.
"""

from pathlib import Path

from django.db import migrations


class Migration(migrations.Migration):
    initial = True
    dependencies = [("programs", "0001_programs")]
    operations = [
        migrations.RunSQL(
            Path(__file__).with_suffix(".sql").read_text(encoding="utf-8"), migrations.RunSQL.noop
        )
    ]
