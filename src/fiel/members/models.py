"""People enrolled in a program."""

from __future__ import annotations

from django.db import models


class Member(models.Model):
    """A person enrolled, or a nameless one that holds a sale until somebody claims it.

    What must be unique within a program (phone, e-mail, card, external id, referral code) stands
    in the table `member_key`, which leads from a value to the member.
    """

    id = models.UUIDField(primary_key=True)
    program_id = models.UUIDField()
    shard = models.SmallIntegerField()
    status = models.TextField()  # active | nameless | claimed | merged | erased
    external_id = models.TextField(null=True)
    name = models.TextField(default="")
    email = models.TextField(null=True)
    phone = models.TextField(null=True)
    card = models.TextField(null=True)
    birthday = models.DateField(null=True)
    consents = models.JSONField(default=dict)
    attributes = models.JSONField(default=dict)
    referral_code = models.TextField(null=True)
    referred_by = models.UUIDField(null=True)
    joined_at = models.DateTimeField()
    created_at = models.DateTimeField()
    merged_into = models.UUIDField(null=True)
    survivor_id = models.UUIDField(null=True)  # where a chain of merges leads in the end
    survivor_shard = models.SmallIntegerField(null=True)

    class Meta:
        """The unique key that a cluster promotes to primary key."""

        db_table = "member"
        constraints = (
            models.UniqueConstraint(fields=["shard", "id"], name="member_shard_id_unique"),
        )
        indexes = (
            models.Index(
                fields=["program_id", "shard", "birthday"],
                name="member_birthday",
                condition=models.Q(birthday__isnull=False),
            ),
        )
