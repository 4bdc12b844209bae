"""Keep how a merchant looks: name, colour, logo, where to reach it.

Nothing is locked and no row is filled: the table is new, and who has no row looks as before. To go
back, drop it.
"""

from pathlib import Path

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("programs", "0003_clock")]
    operations = [
        migrations.RunSQL(
            Path(__file__).with_suffix(".sql").read_text(encoding="utf-8"), migrations.RunSQL.noop
        )
    ]
