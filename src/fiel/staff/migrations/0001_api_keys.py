"""Create API keys.

Nothing is locked and no row is filled: the table is new. To go back, drop it.
"""

import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            name="ApiKey",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("program_id", models.UUIDField()),
                ("name", models.TextField()),
                ("prefix", models.TextField()),
                ("hash", models.BinaryField(unique=True)),
                (
                    "scopes",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.TextField(), size=None
                    ),
                ),
                ("created_at", models.DateTimeField()),
                ("revoked_at", models.DateTimeField(null=True)),
            ],
            options={"db_table": "api_key"},
        ),
        migrations.AddIndex(
            model_name="apikey",
            index=models.Index(fields=["program_id"], name="api_key_program"),
        ),
    ]
