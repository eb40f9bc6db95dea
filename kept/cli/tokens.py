"""`kept people token`: what another system of the force shows instead of signing in."""

import argparse
from datetime import date, datetime, time, timedelta
from typing import Any

from kept.calendar import LONDON
from kept.cli.output import print_json, say, table
from kept.cli.service import started

_HEADINGS = ("name", "role", "of", "may", "until", "used", "ended")


def add_token(options: argparse.Namespace) -> None:
    started(options)
    from kept.web.api import tokens
    from kept.web.people.policy import Unit

    level, _, name = options.of.partition("=")
    given = tokens.give(
        options.name, tuple(options.may), options.role, Unit(level, name), _end_of(options.until), "command"
    )
    _log(f"gave a token to {options.name}: {options.role} of {options.of}")
    say(f"The secret of {given.token.name}, which is not kept and cannot be shown again:\n{given.secret}")


def rotate_token(options: argparse.Namespace) -> None:
    started(options)
    from kept.web.api import tokens

    given = tokens.rotate(options.name, timedelta(hours=options.hours))
    _log(f"rotate token {options.name}")
    say(f"The new secret of {options.name}; the one before holds for {options.hours} hours:\n{given.secret}")


def revoke_token(options: argparse.Namespace) -> None:
    started(options)
    from kept.web.api import tokens

    tokens.revoke(options.name)
    _log(f"revoke token {options.name}")
    say(f"The token {options.name} has ended.")


def list_token(options: argparse.Namespace) -> None:
    started(options)
    from kept.web.api.models import Token

    rows = [_row(one) for one in Token.objects.order_by("name")]
    if options.json:
        print_json([dict(zip(_HEADINGS, row, strict=True)) for row in rows])
        return
    print(table(_HEADINGS, rows) if rows else "There is no token.")


def _row(one: Any) -> tuple[str, ...]:
    moments = (at.isoformat(timespec="minutes") if at else "" for at in (one.expires, one.used, one.revoked))
    return (one.name, one.role, f"{one.level}={one.unit}" if one.unit else one.level, one.may, *moments)


def _log(why: str) -> None:
    from kept.web.consulted.chain import Line
    from kept.web.consulted.chain import add as log

    log(Line("alteration", "command", "people token", why=why))


def _end_of(last: date) -> datetime:
    return datetime.combine(last + timedelta(days=1), time(), LONDON)
