"""Create members and the keys that lead to them.

Nothing is locked and no row is filled: the tables are new. To go back, drop them.
"""

from django.db import migrations, models

KEYS_AND_ISOLATION = """
CREATE TABLE member_key (
  program_id uuid NOT NULL,
  kind text NOT NULL CHECK (kind IN ('external_id', 'phone', 'email', 'card', 'referral_code')),
  value text NOT NULL,
  shard smallint NOT NULL,
  member_id uuid NOT NULL,
  PRIMARY KEY (program_id, kind, value)
);
CREATE INDEX member_key_member ON member_key (shard, member_id);
ALTER TABLE member ENABLE ROW LEVEL SECURITY;
ALTER TABLE member FORCE ROW LEVEL SECURITY;
CREATE POLICY of_one_program ON member USING (program_id = fiel_program());
ALTER TABLE member_key ENABLE ROW LEVEL SECURITY;
ALTER TABLE member_key FORCE ROW LEVEL SECURITY;
CREATE POLICY of_one_program ON member_key USING (program_id = fiel_program());
"""


class Migration(migrations.Migration):
    initial = True
    dependencies = [("programs", "0001_programs")]
    operations = [
        migrations.CreateModel(
            name="Member",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("program_id", models.UUIDField()),
                ("shard", models.SmallIntegerField()),
                ("status", models.TextField()),
                ("external_id", models.TextField(null=True)),
                ("name", models.TextField(default="")),
                ("email", models.TextField(null=True)),
                ("phone", models.TextField(null=True)),
                ("card", models.TextField(null=True)),
                ("birthday", models.DateField(null=True)),
                ("consents", models.JSONField(default=dict)),
                ("attributes", models.JSONField(default=dict)),
                ("referral_code", models.TextField(null=True)),
                ("referred_by", models.UUIDField(null=True)),
                ("joined_at", models.DateTimeField()),
                ("created_at", models.DateTimeField()),
            ],
            options={"db_table": "member"},
        ),
        migrations.AddConstraint(
            model_name="member",
            constraint=models.UniqueConstraint(
                fields=("shard", "id"), name="member_shard_id_unique"
            ),
        ),
        migrations.AddIndex(
            model_name="member",
            index=models.Index(
                fields=["program_id", "shard", "birthday"],
                name="member_birthday",
                condition=models.Q(birthday__isnull=False),
            ),
        ),
        migrations.RunSQL(KEYS_AND_ISOLATION, "DROP TABLE member_key"),
    ]
