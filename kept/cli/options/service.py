"""What `kept serve`, `kept worker` and the commands of the service's people, log, entries and contacts take."""

import argparse
from pathlib import Path

from kept.cli.options import Commands, Later, group, tokens
from kept.cli.options.shared import at_least_one, json_option, port, service_options


def add(commands: Commands) -> None:
    one = _command(commands, "serve", "the web service, on this machine unless told otherwise", "serve")
    one.add_argument("--host", default="127.0.0.1", help="the address to listen on; default: this machine only")
    one.add_argument("--port", metavar="N", type=port, default=8000, help="default: 8000")
    one.add_argument("--workers", metavar="N", type=at_least_one, default=2, help="processes; default: 2")
    one.add_argument("--threads", metavar="N", type=at_least_one, default=4, help="threads of each; default: 4")
    one.add_argument("--demo", action="store_true", help="with invented people of each role, by plain HTTP")
    one = _command(commands, "worker", "the service's work in the background: loads, evaluations, upkeep", "work")
    one.add_argument("--once", action="store_true", help="do what is due, and end")
    one.add_argument("--demo", action="store_true", help="of the invented force, which stands still")
    _people(group(commands, "people", "who may use the service"))
    _log(group(commands, "log", "the access log of the service"))
    _entered(group(commands, "entered", "what was entered in the service"))
    _contacts(group(commands, "contacts", "how victims may be reached"))


def _people(commands: Commands) -> None:
    one = _command(commands, "add", "let somebody sign in; prints the password to begin with", "add_person")
    one.add_argument("name", metavar="NAME", help="the name they sign in with")
    one.add_argument("--shown", metavar="TEXT", default="", help="their name as it is shown")
    one.add_argument("--role", metavar="ROLE", default="administrator", help="default: administrator")
    one.add_argument("--of", metavar="LEVEL=NAME", default="force", help="the unit the role is for; default: force")
    one.add_argument("--officer", metavar="ID", default="", help="who they are in the records")
    tokens.add(commands)


def _log(commands: Commands) -> None:
    one = _command(commands, "verify", "is every line of the log as it was written", "verify_log")
    one.add_argument("--head", metavar="N:DIGEST", default="", help="the log's end as it was once noted")
    json_option(one)
    _command(commands, "head", "where the log ends, to be noted elsewhere", "print_head")


def _contacts(commands: Commands) -> None:
    one = _command(commands, "load", "load contact details and safe-contact instructions", "load_contacts")
    one.add_argument("file", metavar="FILE", type=Path, help="CSV in UTF-8")
    one = _command(commands, "forget", "delete what is known of how to reach a person", "forget_contacts")
    one.add_argument("person", metavar="PERSON", help="the person's id in the records")
    _command(commands, "new-key", "put a new sealing key first; the earlier ones stay", "make_key")
    _command(commands, "rotate", "seal everything again with the first key", "seal_again")


def _entered(commands: Commands) -> None:
    one = _command(commands, "export", "write the contacts entered here as CSV, for the crime system", "export_entered")
    one.add_argument("file", metavar="FILE", type=Path, help="the file, in the layout of the contract's events")


def _command(commands: Commands, name: str, says: str, does: str) -> argparse.ArgumentParser:
    one: argparse.ArgumentParser = commands.add_parser(name, help=says)
    service_options(one)
    one.set_defaults(run=Later(f"kept.cli.service:{does}"))
    return one
