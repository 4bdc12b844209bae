"""Who may do what: API keys."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models


class ApiKey(models.Model):
    """A key of one program; only its hash is kept.

    The table is not isolated by program: a key is what tells the program. Only the services of
    this room read it.
    """

    id = models.UUIDField(primary_key=True)
    program_id = models.UUIDField()
    name = models.TextField()
    prefix = models.TextField()
    hash = models.BinaryField(unique=True)
    scopes = ArrayField(models.TextField())
    created_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        """The table's name."""

        db_table = "api_key"
        indexes = (models.Index(fields=["program_id"], name="api_key_program"),)
