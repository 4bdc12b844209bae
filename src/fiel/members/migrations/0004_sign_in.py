"""Let members sign in: one-time codes that were sent to them, and the sessions that follow.

Nothing is locked and no row is filled: the tables are new. To go back, drop them: everybody signs
in again.
"""

from pathlib import Path

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("members", "0003_notes")]
    operations = [
        migrations.RunSQL(
            Path(__file__).with_suffix(".sql").read_text(encoding="utf-8"), migrations.RunSQL.noop
        )
    ]
