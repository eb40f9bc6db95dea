"""What the commands beneath `kept people token` take."""

import argparse

from kept.cli.options import Commands, Later, group
from kept.cli.options.shared import day, json_option, service_options


def add(people: Commands) -> None:
    """Add the commands beneath `kept people`."""
    tokens = group(people, "token", "tokens of other systems")
    one = _command(tokens, "add", "make a token; prints its secret, which is shown this once")
    one.add_argument("name", metavar="NAME", help="the system that will show it")
    one.add_argument("--role", metavar="ROLE", required=True, help="the role that it has, as a person has one")
    one.add_argument("--of", metavar="LEVEL=NAME", default="force", help="the unit the role is for; default: force")
    one.add_argument("--may", metavar="WHAT", nargs="+", required=True, help="such as measures:read")
    one.add_argument("--until", metavar="DAY", type=day, required=True, help="the last day on which it holds")
    one = _command(tokens, "rotate", "give a token a new secret; the one before holds a while longer")
    one.add_argument("name", metavar="NAME", help="the token's name")
    one.add_argument("--hours", metavar="N", type=int, default=24, help="how long both hold; default: 24")
    one = _command(tokens, "revoke", "end a token at once, with both of its secrets")
    one.add_argument("name", metavar="NAME", help="the token's name")
    json_option(_command(tokens, "list", "every token, and when it was used last"))


def _command(tokens: Commands, name: str, says: str) -> argparse.ArgumentParser:
    one: argparse.ArgumentParser = tokens.add_parser(name, help=says)
    service_options(one)
    one.set_defaults(run=Later(f"kept.cli.tokens:{name}_token"))
    return one
