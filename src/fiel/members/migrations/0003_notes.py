"""Finding members by what is typed, notes about them, and who looks after them.

New tables and triggers. Words of members who are there are filled in, and the index of `member_key`
is made anew: a few seconds for each million members, in which nobody enrols. Yesterday's code goes
on working: triggers keep the words. To go back, drop the triggers, functions and tables.
"""

from pathlib import Path

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("members", "0002_people")]
    operations = [
        migrations.RunSQL(
            Path(__file__).with_suffix(".sql").read_text(encoding="utf-8"),
            migrations.RunSQL.noop,
        )
    ]
