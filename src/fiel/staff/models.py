"""Who may do what: API keys, and the people of the staff."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models

from fiel.ledger.ids import new_id


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
    last_used_at = models.DateTimeField(null=True)

    class Meta:
        """The table's name."""

        db_table = "api_key"
        indexes = (models.Index(fields=["program_id"], name="api_key_program"),)


class UserManager(BaseUserManager["User"]):
    """Makes accounts."""

    def create_user(self, email: str, password: str | None = None, **told: Any) -> User:  # noqa: ANN401 - fields of the model
        """An account for an e-mail address; without a password nobody signs in by one."""
        user = self.model(email=self.normalize_email(email).lower(), **told)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """A person of some program's staff. What she may do where is told by her memberships.

    The table is not isolated by program: one person may work for several.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    email = models.EmailField(unique=True)
    name = models.TextField(default="", blank=True)
    language = models.TextField(default="", blank=True)
    is_active = models.BooleanField(default=True)
    date_joined = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects: ClassVar[UserManager] = UserManager()

    class Meta:
        """The table's name."""

        db_table = "staff_user"

    def __str__(self) -> str:
        return self.name or self.email
