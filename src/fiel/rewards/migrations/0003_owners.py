"""Find the gift cards of a member without reading those of all.

The index is made in one go: writes to `gift_card` wait for it, which takes a second for a million
cards. Few cards belong to anybody. To go back, drop it.
"""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("rewards", "0002_codes")]
    operations = [
        migrations.RunSQL(
            "SET LOCAL lock_timeout = '5s'; CREATE INDEX IF NOT EXISTS gift_card_member "
            "ON gift_card (program_id, member_id) WHERE member_id IS NOT NULL",
            "DROP INDEX gift_card_member",
        )
    ]
