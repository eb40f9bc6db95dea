"""People, what they were given, and how they sign in."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower


class Users(BaseUserManager["User"]):
    """Finds people by the name they sign in with, in capitals or not."""

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(name__iexact=username)


class User(AbstractBaseUser):
    """Somebody who signs in. `officer` is their id in the records; `subject` who they are to the sign-in provider."""

    name = models.CharField(max_length=150, unique=True)
    shown = models.CharField(max_length=150)
    officer = models.CharField(max_length=100, blank=True, db_index=True)
    subject = models.CharField(max_length=500, null=True, unique=True)
    is_active = models.BooleanField(default=True)

    objects: ClassVar[Users] = Users()
    USERNAME_FIELD = "name"

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(Lower("name"), name="one_of_a_name")]

    def __str__(self) -> str:
        return self.shown


class Dated(models.Model):
    """What holds of a person for a unit from a moment up to another, with who gave it and why.

    `level` is one of `kept.web.people.roles.LEVELS`.
    """

    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    level = models.CharField(max_length=20)
    unit = models.CharField(max_length=200, blank=True)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)
    given_by = models.CharField(max_length=150)
    why = models.CharField(max_length=500, blank=True)

    class Meta:
        abstract = True


class Grant(Dated):
    """A role that a person has, by its id in `kept.web.people.roles.ROLES`."""

    role = models.CharField(max_length=30)


class Denial(Dated):
    """A unit or an investigation that a person may not see."""


class SignIn(models.Model):
    """One session of a person: since when, from where, when last seen; ended by them, by time or an administrator."""

    user = models.ForeignKey(User, models.CASCADE)
    began = models.DateTimeField()
    seen = models.DateTimeField()
    ended = models.DateTimeField(null=True)
    how = models.CharField(max_length=20)
    address = models.GenericIPAddressField(null=True)
    browser = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["user", "-began"], name="sign_ins_of")]


class SecondFactor(models.Model):
    """What a person's one-time codes are made from, sealed; `last` is the last step of time whose code was used."""

    user = models.OneToOneField(User, models.CASCADE, related_name="second_factor")
    sealed = models.TextField()
    last = models.BigIntegerField(default=0)


class RecoveryCode(models.Model):
    """A code that stands in once for a one-time code; kept as a digest and deleted when used."""

    user = models.ForeignKey(User, models.CASCADE)
    digest = models.CharField(max_length=64)


class Failures(models.Model):
    """How often signing in failed for a name from an address, or from an address at all (`kept.web.people.lockout`)."""

    key = models.CharField(max_length=64, primary_key=True)
    count = models.PositiveIntegerField(default=0)
    last = models.DateTimeField()
