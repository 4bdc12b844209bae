"""Invitations, a program's rules for its staff, approvals, and when a key was last used.

The new tables lock nothing. The column of `api_key` is added without a rewrite, under a lock that
lasts milliseconds; yesterday's code does not know it. To go back, drop the tables and the column.
"""

from pathlib import Path

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("staff", "0002_people"), ("staff", "0003_tills")]
    operations = [
        migrations.RunSQL("SET LOCAL lock_timeout = '5s'", migrations.RunSQL.noop),
        migrations.AddField(
            model_name="apikey",
            name="last_used_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.RunSQL(
            Path(__file__).with_suffix(".sql").read_text(encoding="utf-8"), migrations.RunSQL.noop
        ),
    ]
