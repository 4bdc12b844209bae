"""Find what waits for a manager without reading all redemptions.

The index is made in one go: writes to `redemption` wait for it, which takes a second for a million.
Few redemptions wait. To go back, drop it.
"""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("rewards", "0003_owners")]
    operations = [
        migrations.RunSQL(
            "SET LOCAL lock_timeout = '5s'; CREATE INDEX IF NOT EXISTS redemption_queued "
            "ON redemption (program_id, made_at) WHERE status = 'queued'",
            "DROP INDEX redemption_queued",
        )
    ]
