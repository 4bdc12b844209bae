"""Create programs and their immutable versions.

Nothing is locked and no row is filled: the tables are new. To go back, drop them. The right to
change or delete a published version is never granted to the application's role.
"""

import django.db.models.deletion
from django.db import migrations, models

ISOLATION = """
CREATE FUNCTION fiel_program() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE
  RETURN nullif(current_setting('fiel.program', true), '')::uuid;
ALTER TABLE program ENABLE ROW LEVEL SECURITY;
ALTER TABLE program FORCE ROW LEVEL SECURITY;
CREATE POLICY of_one_program ON program USING (id = fiel_program());
ALTER TABLE program_version ENABLE ROW LEVEL SECURITY;
ALTER TABLE program_version FORCE ROW LEVEL SECURITY;
CREATE POLICY of_one_program ON program_version USING (program_id = fiel_program());
"""


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            name="Program",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("slug", models.TextField(unique=True)),
                ("name", models.TextField()),
                ("sandbox", models.BooleanField(default=False)),
                ("shards", models.SmallIntegerField(default=1)),
                ("version", models.IntegerField(null=True)),
                ("created_at", models.DateTimeField()),
            ],
            options={"db_table": "program"},
        ),
        migrations.CreateModel(
            name="ProgramVersion",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("number", models.IntegerField()),
                ("document", models.TextField()),
                ("format", models.TextField()),
                ("content", models.JSONField()),
                ("difference", models.JSONField()),
                ("author", models.TextField()),
                ("published_at", models.DateTimeField()),
                (
                    "program",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="versions",
                        to="programs.program",
                    ),
                ),
            ],
            options={"db_table": "program_version"},
        ),
        migrations.AddConstraint(
            model_name="programversion",
            constraint=models.UniqueConstraint(
                fields=("program", "number"), name="program_version_number_unique"
            ),
        ),
        migrations.RunSQL(ISOLATION, migrations.RunSQL.noop),
    ]
