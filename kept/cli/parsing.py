"""The parser of the command line, which says what to do about a mistake as every other error does."""

import argparse
import re
import sys
from typing import NoReturn

from kept.cli.output import say
from kept.code.near import near_it

_MISTAKEN = 2
_CHOICE = re.compile(r"(?P<before>.*invalid choice: '(?P<given>.*)') \(choose from (?P<known>.*)\)")


class Parser(argparse.ArgumentParser):
    """An argparse parser; those of commands beneath it are of the same kind."""

    def error(self, message: str) -> NoReturn:
        """End with the usage, what is wrong, the nearest word that is known, and where to look."""
        self.print_usage(sys.stderr)
        say(f"{self.prog}: error: {_nearest(message)}", sys.stderr)
        say(f"  what to do: `{self.prog} --help` says what it takes.", sys.stderr)
        sys.exit(_MISTAKEN)


def _nearest(message: str) -> str:
    """The message, with the nearest of many choices instead of all."""
    found = _CHOICE.fullmatch(message)
    near = near_it(found["given"], re.findall(r"[\w-]+", found["known"])) if found else ""
    return f"{found['before']}\n  why: {near}" if found and near else message
