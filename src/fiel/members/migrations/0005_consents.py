"""When consents were given and taken back.

A new table and triggers on `member`, which is locked for a moment. What members consent to now is
filled in as of when they were kept. Yesterday's code goes on working: triggers keep the table. To
go back, drop the triggers, the function and the table.
"""

from pathlib import Path

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("members", "0004_sign_in")]
    operations = [
        migrations.RunSQL(
            Path(__file__).with_suffix(".sql").read_text(encoding="utf-8"),
            migrations.RunSQL.noop,
        )
    ]
