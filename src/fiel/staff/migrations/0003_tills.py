"""Create tills, their pairing, cashiers and their limits; tell keys of tills from others.

`api_key` gets a column without a default: its lock is held for a moment and no row is written.
Yesterday's code knows no keys of tills. To go back, drop the tables and the column.
"""

from pathlib import Path

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("staff", "0001_api_keys"), ("programs", "0001_programs")]
    operations = [
        migrations.RunSQL("SET LOCAL lock_timeout = '5s'", migrations.RunSQL.noop),
        migrations.RunSQL(
            Path(__file__).with_suffix(".sql").read_text(encoding="utf-8"), migrations.RunSQL.noop
        ),
    ]
