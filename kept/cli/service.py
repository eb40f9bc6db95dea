"""`kept serve`, `kept worker` and what belongs to the service: its people, its access log, contact details.

Django is read in only when one of these is run.
"""

import argparse
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from kept.cli import tokens
from kept.cli.output import json_option, print_json, table
from kept.errors import ServiceError, UsageError

_Commands = Any
_GIVES_WAY = 15
"""How much a worker gives way to those who serve pages on the same machine: 19 is the most that `nice` knows."""


def add(commands: _Commands) -> None:
    one = commands.add_parser("serve", help="the web service, on this machine unless told otherwise")
    _places(one)
    one.add_argument("--host", default="127.0.0.1", help="the address to listen on; default: this machine only")
    one.add_argument("--port", metavar="N", type=int, default=8000, help="default: 8000")
    one.add_argument("--workers", metavar="N", type=int, default=2, help="processes; default: 2")
    one.add_argument("--threads", metavar="N", type=int, default=4, help="threads of each; default: 4")
    one.add_argument("--demo", action="store_true", help="with invented people of each role, by plain HTTP")
    one.set_defaults(run=_serve)
    one = _command(commands, "worker", _worker, "the service's work in the background: loads, evaluations, upkeep")
    one.add_argument("--once", action="store_true", help="do what is due, and end")
    one.add_argument("--demo", action="store_true", help="of the invented force, which stands still")
    _people(commands.add_parser("people", help="who may use the service").add_subparsers(required=True))
    _log(commands.add_parser("log", help="the access log of the service").add_subparsers(required=True))
    _entered(commands.add_parser("entered", help="what was entered in the service").add_subparsers(required=True))
    _contacts(commands.add_parser("contacts", help="how victims may be reached").add_subparsers(required=True))


def _people(commands: _Commands) -> None:
    one = _command(commands, "add", _add_person, "let somebody sign in; prints the password to begin with")
    one.add_argument("name", metavar="NAME", help="the name they sign in with")
    one.add_argument("--shown", metavar="TEXT", default="", help="their name as it is shown")
    one.add_argument("--role", metavar="ROLE", default="administrator", help="default: administrator")
    one.add_argument("--of", metavar="LEVEL=NAME", default="force", help="the unit the role is for; default: force")
    one.add_argument("--officer", metavar="ID", default="", help="who they are in the records")
    tokens.add(commands, _places, _start)


def _log(commands: _Commands) -> None:
    one = _command(commands, "verify", _verify, "is every line of the log as it was written")
    one.add_argument("--head", metavar="N:DIGEST", default="", help="the log's end as it was once noted")
    json_option(one)
    _command(commands, "head", _head, "where the log ends, to be noted elsewhere")


def _contacts(commands: _Commands) -> None:
    one = _command(commands, "load", _load, "load contact details and safe-contact instructions")
    one.add_argument("file", metavar="FILE", type=Path, help="CSV in UTF-8")
    one = _command(commands, "forget", _forget, "delete what is known of how to reach a person")
    one.add_argument("person", metavar="PERSON", help="the person's id in the records")
    _command(commands, "new-key", _new_key, "put a new sealing key first; the earlier ones stay")
    _command(commands, "rotate", _rotate, "seal everything again with the first key")


def _entered(commands: _Commands) -> None:
    one = _command(commands, "export", _export_entered, "write the contacts entered here as CSV, for the crime system")
    one.add_argument("file", metavar="FILE", type=Path, help="the file, in the layout of the contract's events")


def _command(
    commands: _Commands, name: str, run: Callable[[argparse.Namespace], int | None], says: str
) -> argparse.ArgumentParser:
    one: argparse.ArgumentParser = commands.add_parser(name, help=says)
    _places(one)
    one.set_defaults(run=run)
    return one


def _places(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--store", metavar="STORE", default="", help="the store's folder; default: KEPT_STORE")
    parser.add_argument("--home", metavar="FOLDER", default="", help="the service's own folder; default: KEPT_HOME")


def _start(options: argparse.Namespace, **more: str) -> None:
    from kept.web.starting import start

    start({"KEPT_STORE": options.store, "KEPT_HOME": options.home, **more})


def _serve(options: argparse.Namespace) -> None:
    plain = {"KEPT_DEMO": "1", "KEPT_HTTPS": "0", "KEPT_ENTRY": "1"} if options.demo else {}
    _start(options, **plain)
    from kept.web import environment, serving

    serving.check(environment.read(), options.host)
    if options.demo:
        print(_who_they_are(f"http://{options.host}:{options.port}/"), flush=True)
    serving.serve(options.host, options.port, options.workers, options.threads)


def _worker(options: argparse.Namespace) -> None:
    _start(options, **({"KEPT_DEMO": "1"} if options.demo else {}))
    from kept.web.jobs.worker import Worker

    if options.once:
        print(f"Done: {Worker().run_once()} jobs.")
        return
    os.nice(_GIVES_WAY)
    Worker().run(lambda: print("At work on what is due. Ctrl-C stops it.", flush=True))


def _who_they_are(address: str) -> str:
    from kept.web.contacts.invented import invented_contacts
    from kept.web.environment import INVENTED_PASSWORD
    from kept.web.people.adding import invented

    people = invented()
    rows = [(one.name, one.shown, one.role, one.of) for one in people]
    listed = table(("sign in as", "who", "role", "of"), rows)
    said = (
        f"Open {address} and sign in. The password of all is {INVENTED_PASSWORD}; the page shows the code to enter.\n\n"
    )
    if page := invented_contacts("oscar"):
        case = page.partition("/victims/")[0]
        said += f"A case of oscar's in which something is owed; it says why, duty by duty:\n  {address}{case}\n"
        said += f"How to reach its victim, which nobody else may see:\n  {address}{page}\n"
    return f"People of the invented force:\n\n{listed}\n\n{said}\nCtrl-C stops the service."


def _add_person(options: argparse.Namespace) -> None:
    _start(options)
    from kept.web.people.adding import add
    from kept.web.people.policy import Unit

    level, _, name = options.of.partition("=")
    added = add(options.name, options.shown or options.name, options.role, Unit(level, name), options.officer)
    print(f"{added.name} can sign in as {added.role} of {added.of}, with this password to begin with: {added.password}")


def _verify(options: argparse.Namespace) -> int:
    anchor = _noted(options.head)
    _start(options)
    from kept.web.consulted import chain

    broken, head = chain.verify(chain.Anchor(*anchor) if anchor else None), chain.head()
    if options.json:
        print_json({"whole": broken is None, "head": str(head), "broken": broken and broken.number})
    if broken:
        raise ServiceError(
            f"The access log is broken at line {broken.number}.",
            why=broken.what,
            what_to_do="Compare that line with a copy of the database, and find out who could write to it.",
        )
    if not options.json:
        print(f"The access log is whole: {head.number} lines, the last {head.digest or 'none'}.")
    return 0


def _noted(text: str) -> tuple[int, str] | None:
    number, colon, digest = text.partition(":")
    if text and not (number.isdigit() and colon):
        raise UsageError(f"“{text}” is not an end of the log.", what_to_do="Give it as `kept log head` printed it.")
    return (int(number), digest) if text else None


def _head(options: argparse.Namespace) -> None:
    _start(options)
    from kept.web.consulted import chain

    print(chain.head())


def _load(options: argparse.Namespace) -> None:
    _start(options)
    from kept.web.contacts.load import load

    print(f"Contact details of {load(options.file, 'command').persons:,} persons are loaded.")


def _forget(options: argparse.Namespace) -> None:
    _start(options)
    from kept.web.consulted.chain import Line, add
    from kept.web.contacts import book

    known = book.forget(options.person)
    if known:
        add(Line("erasure", "command", "contacts forget", why="contact details of one person"))
    print("What was known is deleted." if known else "Nothing was known of this person.")


def _export_entered(options: argparse.Namespace) -> None:
    _start(options)
    from kept.web.entered.loading import export

    print(f"{export(options.file):,} rows are written to {options.file}.")


def _new_key(options: argparse.Namespace) -> None:
    _start(options)
    from kept.web import environment
    from kept.web.sealing import add_key

    print(f"The key {add_key(environment.read().sealing_keys)} comes first now. Run `kept contacts rotate`.")


def _rotate(options: argparse.Namespace) -> None:
    _start(options)
    from kept.web import sealed

    done = sealed.seal_again()
    print(f"Sealed again with the first key: {', '.join(f'{count:,} {what}' for what, count in done.items())}.")
