"""Give sandbox programs a clock of their own, and the calendar a place to say how far it went.

The new column is empty, so that nothing is rewritten; `program` is locked for that moment. Code
that does not know the column goes on by the time on the wall. To go back, drop both.
"""

from pathlib import Path

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("programs", "0002_drafts")]
    operations = [
        migrations.RunSQL(
            Path(__file__).with_suffix(".sql").read_text(encoding="utf-8"),
            migrations.RunSQL.noop,
            state_operations=[
                migrations.AddField("Program", "clock_at", models.DateTimeField(null=True))
            ],
        )
    ]
