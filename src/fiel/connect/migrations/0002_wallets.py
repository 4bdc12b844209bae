"""Keep which passes members have in their wallets, and which phones ask for newer ones.

Nothing is locked and no row is filled: the tables are new. To go back, drop them: passes stay on
the phones as they are.
"""

from pathlib import Path

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("connect", "0001_webhooks")]
    operations = [
        migrations.RunSQL(
            Path(__file__).with_suffix(".sql").read_text(encoding="utf-8"), migrations.RunSQL.noop
        )
    ]
