"""`kept people token`: what another system of the force shows instead of signing in."""

import argparse
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any

from kept.calendar import LONDON
from kept.cli.output import day, json_option, print_json, table

_Commands = Any
_Places = Callable[[argparse.ArgumentParser], None]
_Run = Callable[[argparse.Namespace], None]
_HEADINGS = ("name", "role", "of", "may", "until", "used", "ended")


def add(people: _Commands, places: _Places, start: _Run) -> None:
    """Add the commands beneath `kept people`; `places` adds where the service is, `start` sets it up."""
    tokens = people.add_parser("token", help="tokens of other systems").add_subparsers(required=True)

    def started(run: _Run) -> _Run:
        def start_and_run(options: argparse.Namespace) -> None:
            start(options)
            run(options)

        return start_and_run

    def command(name: str, run: _Run, says: str) -> argparse.ArgumentParser:
        one: argparse.ArgumentParser = tokens.add_parser(name, help=says)
        places(one)
        one.set_defaults(run=started(run))
        return one

    one = command("add", _add, "make a token; prints its secret, which is shown this once")
    one.add_argument("name", metavar="NAME", help="the system that will show it")
    one.add_argument("--role", metavar="ROLE", required=True, help="the role that it has, as a person has one")
    one.add_argument("--of", metavar="LEVEL=NAME", default="force", help="the unit the role is for; default: force")
    one.add_argument("--may", metavar="WHAT", nargs="+", required=True, help="such as measures:read")
    one.add_argument("--until", metavar="DAY", type=day, required=True, help="the last day on which it holds")
    one = command("rotate", _rotate, "give a token a new secret; the one before holds a while longer")
    one.add_argument("name", metavar="NAME", help="the token's name")
    one.add_argument("--hours", metavar="N", type=int, default=24, help="how long both hold; default: 24")
    one = command("revoke", _revoke, "end a token at once, with both of its secrets")
    one.add_argument("name", metavar="NAME", help="the token's name")
    json_option(command("list", _list, "every token, and when it was used last"))


def _add(options: argparse.Namespace) -> None:
    from kept.web.api import tokens
    from kept.web.people.policy import Unit

    level, _, name = options.of.partition("=")
    given = tokens.give(
        options.name, tuple(options.may), options.role, Unit(level, name), _end_of(options.until), "command"
    )
    _log(f"gave a token to {options.name}: {options.role} of {options.of}")
    print(f"The secret of {given.token.name}, which is not kept and cannot be shown again:\n{given.secret}")


def _rotate(options: argparse.Namespace) -> None:
    from kept.web.api import tokens

    given = tokens.rotate(options.name, timedelta(hours=options.hours))
    _log(f"rotate token {options.name}")
    print(f"The new secret of {options.name}; the one before holds for {options.hours} hours:\n{given.secret}")


def _revoke(options: argparse.Namespace) -> None:
    from kept.web.api import tokens

    tokens.revoke(options.name)
    _log(f"revoke token {options.name}")
    print(f"The token {options.name} has ended.")


def _list(options: argparse.Namespace) -> None:
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
