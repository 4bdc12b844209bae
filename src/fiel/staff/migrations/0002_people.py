"""Accounts of the staff, what each may do where, the audit trail, and long jobs.

Nothing is locked and no row is filled: the tables are new, and yesterday's code does not know them.
To go back, drop them. They come before the tables of django-allauth, which name the account.
"""

from pathlib import Path

from django.db import migrations, models

import fiel.ledger.ids


class Migration(migrations.Migration):
    dependencies = [("staff", "0001_api_keys"), ("ledger", "0005_alerts")]
    run_before = [
        ("account", "0001_initial"),
        ("mfa", "0001_initial"),
        ("usersessions", "0001_initial"),
    ]
    operations = [
        migrations.CreateModel(
            name="User",
            fields=[
                ("password", models.CharField(max_length=128, verbose_name="password")),
                (
                    "last_login",
                    models.DateTimeField(blank=True, null=True, verbose_name="last login"),
                ),
                (
                    "id",
                    models.UUIDField(
                        default=fiel.ledger.ids.new_id, primary_key=True, serialize=False
                    ),
                ),
                ("email", models.EmailField(max_length=254, unique=True)),
                ("name", models.TextField(blank=True, default="")),
                ("language", models.TextField(blank=True, default="")),
                ("is_active", models.BooleanField(default=True)),
                ("date_joined", models.DateTimeField(auto_now_add=True)),
            ],
            options={"db_table": "staff_user"},
        ),
        migrations.RunSQL(
            Path(__file__).with_suffix(".sql").read_text(encoding="utf-8"), migrations.RunSQL.noop
        ),
    ]
