"""Keep how programs began, and the steps of their launch.

Nothing is locked and no row is filled: the tables are new, and yesterday's code does not know them.
To go back, drop them.
"""

from pathlib import Path

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("programs", "0005_scheduled")]
    operations = [
        migrations.RunSQL(
            Path(__file__).with_suffix(".sql").read_text(encoding="utf-8"), migrations.RunSQL.noop
        )
    ]
