"""Let large amounts on gift cards wait for a second person, as large adjustments do.

The columns are added with constant defaults, without a rewrite, under locks that last milliseconds;
the check looks at the few rows that wait. Yesterday's code does not know them, and asks for
adjustments only. To go back, decide on what waits, and drop the columns.
"""

from pathlib import Path

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("staff", "0005_pairing_tries")]
    operations = [
        migrations.RunSQL("SET LOCAL lock_timeout = '5s'", migrations.RunSQL.noop),
        migrations.RunSQL(
            Path(__file__).with_suffix(".sql").read_text(encoding="utf-8"), migrations.RunSQL.noop
        ),
    ]
