"""Programs and their published versions."""

from __future__ import annotations

from django.db import models


class Program(models.Model):
    """One merchant's loyalty program; every other row belongs to exactly one."""

    id = models.UUIDField(primary_key=True)
    slug = models.TextField(unique=True)
    name = models.TextField()
    sandbox = models.BooleanField(default=False)
    shards = models.SmallIntegerField(default=1)
    version = models.IntegerField(null=True)
    clock_at = models.DateTimeField(null=True)  # of a sandbox, once it was set
    created_at = models.DateTimeField()

    class Meta:
        """The table's name, and nothing that Django would add to it."""

        db_table = "program"


class ProgramVersion(models.Model):
    """A published document; never changed or deleted.

    `document` is the source as its author wrote it, `content` the same as plain data,
    `difference` what it changed from the version before.
    """

    id = models.UUIDField(primary_key=True)
    program = models.ForeignKey(Program, models.PROTECT, related_name="versions")
    number = models.IntegerField()
    document = models.TextField()
    format = models.TextField()
    content = models.JSONField()
    difference = models.JSONField()
    author = models.TextField()
    published_at = models.DateTimeField()

    class Meta:
        """One number, one version."""

        db_table = "program_version"
        constraints = (
            models.UniqueConstraint(
                fields=["program", "number"], name="program_version_number_unique"
            ),
        )


class ProgramDraft(models.Model):
    """The document that somebody works on; a program has at most one, and it decides nothing."""

    program_id = models.UUIDField(primary_key=True)
    document = models.TextField()
    format = models.TextField()
    author = models.TextField()
    saved_at = models.DateTimeField()

    class Meta:
        """The table's name."""

        db_table = "program_draft"
