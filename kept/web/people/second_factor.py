"""One-time codes (RFC 6238) and the recovery codes that stand in for them."""

from __future__ import annotations

import time
from hashlib import sha256
from hmac import compare_digest
from secrets import token_hex

import pyotp
import segno
from django.conf import settings
from django.db import transaction

from kept.web.people.models import RecoveryCode, SecondFactor, User
from kept.web.sealing import Sealer, seal_rows_again, sealer

_STEP = 30  # seconds
_EARLIER_OR_LATER = 1  # steps, for clocks that differ
_RECOVERY_CODES = 10


def new_secret() -> str:
    """A secret to make codes from, in base32."""
    return pyotp.random_base32()


def address(user: User, secret: str) -> str:
    """What an authenticator reads: `otpauth://…`."""
    return pyotp.TOTP(secret).provisioning_uri(name=user.name, issuer_name="Kept")


def picture(user: User, secret: str) -> str:
    """That address as a QR code, for an img's address."""
    return str(segno.make(address(user, secret), error="m").svg_data_uri(scale=4, light="#fff"))


def code_now(secret: str) -> str:
    """The code of this moment."""
    return pyotp.TOTP(secret).now()


def step_of(secret: str, code: str, at: float | None = None) -> int | None:
    """The step of time that a code belongs to, if it is one of about now."""
    now = int((time.time() if at is None else at) // _STEP)
    steps = range(now - _EARLIER_OR_LATER, now + _EARLIER_OR_LATER + 1)
    return next((step for step in steps if compare_digest(pyotp.TOTP(secret).at(step * _STEP), _plain(code))), None)


def set_up(user: User, secret: str, last: int = 0) -> list[str]:
    """Give a person a second factor in place of any earlier one; returns their recovery codes, which are shown once."""
    codes = [token_hex(5) for _ in range(_RECOVERY_CODES)]
    sealed = _sealer().seal(secret, _bound_to(user))
    with transaction.atomic():
        SecondFactor.objects.update_or_create(user=user, defaults={"sealed": sealed, "last": last})
        RecoveryCode.objects.filter(user=user).delete()
        RecoveryCode.objects.bulk_create(RecoveryCode(user=user, digest=_digest(code)) for code in codes)
    return codes


def secret_of(user: User) -> str | None:
    """What a person's codes are made from; None where they have no second factor yet."""
    found = SecondFactor.objects.filter(user=user).first()
    return _sealer().open(found.sealed, _bound_to(user)) if found else None


def accepts(user: User, code: str) -> bool:
    """Whether a code is right and was not used before; it is used up by that."""
    secret = secret_of(user)
    if secret is None:
        return False
    step = step_of(secret, code)
    if step is not None:
        return SecondFactor.objects.filter(user=user, last__lt=step).update(last=step) == 1
    return RecoveryCode.objects.filter(user=user, digest=_digest(_plain(code))).delete()[0] > 0


def seal_again() -> int:
    """Seal every secret with the newest key; returns how many were not yet."""
    return seal_rows_again(SecondFactor.objects.select_related("user"), _sealer(), lambda row: _bound_to(row.user))


def _plain(code: str) -> str:
    return "".join(code.split()).lower().encode("ascii", "replace").decode()


def _digest(code: str) -> str:
    return sha256(code.encode()).hexdigest()


def _bound_to(user: User) -> str:
    return f"second-factor:{user.pk}"


def _sealer() -> Sealer:
    return sealer(settings.ENVIRONMENT.sealing_keys)
