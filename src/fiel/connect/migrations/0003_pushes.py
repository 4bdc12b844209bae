"""Keep what each phone with a pass has still to be told, so that Apple's push can tell it.

New columns with constant defaults rewrite nothing; the indexes are of a small table. No row is
filled: a phone that was registered before has no news until its pass changes. To go back, drop the
columns: phones ask by themselves, as they did before. Yesterday's code runs on, and tells nobody.
"""

from pathlib import Path

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("connect", "0002_wallets")]
    operations = [
        migrations.RunSQL(
            Path(__file__).with_suffix(".sql").read_text(encoding="utf-8"), migrations.RunSQL.noop
        )
    ]
