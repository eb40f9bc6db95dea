"""Making, rotating and revoking service tokens, and finding the one whose secret was shown.

A token has a scope as a person has: a role for a unit, decided by `policy`. What it `may` do narrows that further. A
secret is 256 random bits, so its SHA-256 digest tells nothing of it, and looking it up by digest needs no slow hash.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from secrets import token_urlsafe

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from kept.errors import Fault, NotFoundError, UsageError
from kept.web.api.models import Token
from kept.web.people import policy
from kept.web.people.roles import LEVELS, OF_THE_FORCE, ROLES
from kept.web.unseen import has_unseen

PREFIX = "kept_"
"""How every secret begins, so that scanners for lost secrets know one."""


@dataclass(frozen=True, slots=True)
class May:
    """One thing that a token may do: what it is, and the ability that its role must have."""

    says: str
    ability: str


MAY = {
    "measures:read": May("read measures and their figures", "figures"),
    "obligations:read": May("read what is owed in cases, and why", "cases"),
    "charge:check": May("check a case before a charge", "cases"),
    "events:write": May("send events, such as contacts", "cases"),
    "loads:read": May("read what was loaded", "records"),
    "loads:write": May("ask for an extract to be loaded", "records"),
}
"""All that tokens may do, by name."""
ROLES_OF_TOKENS = tuple(
    role.id for role in ROLES.values() if role.opens != "held" and not role.abilities & {"people", "log"}
)
"""The roles that a token may have: none that is a person's own cases, and none that looks after people or the log."""
LONGEST_LIFE = timedelta(days=366)
OVERLAP = timedelta(hours=24)
"""How long the earlier secret holds after a rotation, where nothing else is said."""
LONGEST_OVERLAP = timedelta(days=7)
LONGEST_NAME = 100  # characters
_NOTED_EVERY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Given:
    """A token and its secret, which is shown now and never again."""

    token: Token
    secret: str


def give(name: str, may: tuple[str, ...], role: str, unit: policy.Unit, expires: datetime, by: str) -> Given:
    """Make a token. UsageError names everything that is wrong with what was asked for."""
    if faults := [*_faults(name, may, role, unit, expires)]:
        raise UsageError.of(faults)
    secret = _secret()
    said = {"role": role, "level": unit.level, "unit": unit.name, "expires": expires, "made_by": by}
    try:
        with transaction.atomic():
            token = Token.objects.create(
                name=name, digest=_digest(secret), may=" ".join(may), made=timezone.now(), **said
            )
    except IntegrityError:
        raise UsageError(f"There is a token “{name}” already.", what_to_do="Choose another name.") from None
    return Given(token, secret)


def rotate(name: str, overlap: timedelta = OVERLAP, saw: str = "") -> Given:
    """Give a token a new secret; the one before holds for `overlap` more. One before that ends at once.

    `saw` is what `print_of` said of the secret that is to be replaced; blank for whichever there is. NotFoundError
    where there is none of that name; UsageError where it was revoked, has another secret since, or the overlap cannot
    be.
    """
    if not timedelta(0) <= overlap <= LONGEST_OVERLAP:
        raise UsageError("The two secrets cannot both hold for so long.", what_to_do="Say between 0 and 168 hours.")
    secret = _secret()
    with transaction.atomic():
        token = _named(name, for_update=True)
        if token.revoked:
            raise UsageError(f"The token “{name}” was revoked.", what_to_do="Make another.")
        if saw and saw != print_of(token):
            raise UsageError(
                f"The token “{name}” was given a new secret since you opened this page.",
                what_to_do="Giving it another ends the one that the other system still uses.",
            )
        token.earlier, token.earlier_until = token.digest, timezone.now() + overlap
        token.digest = _digest(secret)
        token.save(update_fields=["digest", "earlier", "earlier_until"])
    return Given(token, secret)


def print_of(token: Token) -> str:
    """What tells the secret that a token has from one that it had, and gives nothing of it away."""
    return token.digest[:12]


def revoke(name: str) -> None:
    """End a token at once, with both of its secrets. NotFoundError where there is none of that name."""
    Token.objects.filter(pk=_named(name).pk, revoked=None).update(revoked=timezone.now())


def shown(secret: str) -> Token | None:
    """The token of which somebody has shown a secret, whatever became of it; None where there is none."""
    digest = _digest(secret)
    return Token.objects.filter(Q(digest=digest) | Q(earlier=digest)).first()


def why_not(token: Token, secret: str) -> str:
    """Why a token does not hold any more with this secret; blank while it does."""
    now = timezone.now()
    if token.revoked:
        return "The token was revoked."
    if token.expires <= now:
        return "The token has expired."
    by_earlier = token.digest != _digest(secret)
    over = token.earlier_until is None or token.earlier_until <= now
    return "The token was rotated, and this secret does not hold any more." if by_earlier and over else ""


def scope_of(token: Token) -> policy.Scope:
    """What a token may see now: its role for its unit."""
    grant = policy.Grant(policy.Unit(token.level, token.unit), token.made, token.expires, token.role)
    return policy.Scope(timezone.now(), "", (grant,), (), settings.ENVIRONMENT.keeps)


def note_use(token: Token) -> None:
    """Keep when a token was last used, to the minute."""
    now = timezone.now()
    if token.used is None or token.used <= now - _NOTED_EVERY:
        Token.objects.filter(pk=token.pk).update(used=now)


def _faults(name: str, may: tuple[str, ...], role: str, unit: policy.Unit, expires: datetime) -> list[Fault]:
    able = ROLES[role].abilities if role in ROLES else frozenset()
    wanting = [one for one in may if one in MAY and MAY[one].ability not in able]
    beyond = [one for one in may if one in MAY and MAY[one].ability in OF_THE_FORCE]
    found = {
        f"“{name}” cannot be the name of a token.": not name.strip() or len(name) > LONGEST_NAME or has_unseen(name),
        f"A token cannot be given the role “{role}”.": role not in ROLES_OF_TOKENS,
        f"There is no unit “{unit.level}” of this name.": unit.level not in LEVELS or _is_nameless(unit),
        f"A token may not be given {', '.join(may) or 'nothing'}.": not may or bool({*may} - {*MAY}),
        f"The role “{role}” does not allow {', '.join(wanting)}.": role in ROLES_OF_TOKENS and bool(wanting),
        f"Only a role for the whole force allows {', '.join(beyond)}.": unit.level != "force" and bool(beyond),
        "A token expires within a year, and not in the past.": not _in_time(expires),
    }
    ways = f"Roles: {', '.join(ROLES_OF_TOKENS)}. It may be given: {', '.join(MAY)}."
    return [Fault(what, what_to_do=ways) for what, wrong in found.items() if wrong]


def _in_time(expires: datetime) -> bool:
    return timedelta(0) < expires - timezone.now() <= LONGEST_LIFE


def _is_nameless(unit: policy.Unit) -> bool:
    return unit.level != "force" and not unit.name


def _named(name: str, *, for_update: bool = False) -> Token:
    rows = Token.objects.select_for_update() if for_update else Token.objects.all()
    found = rows.filter(name=name).first()
    if found is None:
        raise NotFoundError(f"There is no token “{name}”.", what_to_do="`kept people token list` shows them all.")
    return found


def _secret() -> str:
    return f"{PREFIX}{token_urlsafe(32)}"


def _digest(secret: str) -> str:
    return sha256(secret.encode("utf-8", "replace")).hexdigest()
