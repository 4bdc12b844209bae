"""Create the drafts of programs.

Nothing is locked and no row is filled: the table is new, and yesterday's code does not know it.
To go back, drop it.
"""

from django.db import migrations, models

ISOLATION = """
ALTER TABLE program_draft ENABLE ROW LEVEL SECURITY;
ALTER TABLE program_draft FORCE ROW LEVEL SECURITY;
CREATE POLICY of_one_program ON program_draft USING (program_id = fiel_program());
"""


class Migration(migrations.Migration):
    dependencies = [("programs", "0001_programs")]
    operations = [
        migrations.CreateModel(
            name="ProgramDraft",
            fields=[
                ("program_id", models.UUIDField(primary_key=True, serialize=False)),
                ("document", models.TextField()),
                ("format", models.TextField()),
                ("author", models.TextField()),
                ("saved_at", models.DateTimeField()),
            ],
            options={"db_table": "program_draft"},
        ),
        migrations.RunSQL(ISOLATION, migrations.RunSQL.noop),
    ]
