"""What each command takes: a module for each group, none of which reads in anything that does the work.

So `kept --help` and a mistake on the command line answer at once. What a command does stands in the module of
`kept.cli` that its `Later` names, and is read in once it is asked for.
"""

import argparse
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import Any

Commands = Any
"""What argparse gives for adding commands to; its type has no public name."""
Action = Callable[[argparse.Namespace], int | None]


def group(commands: Commands, name: str, says: str) -> Commands:
    """A command that only holds others, which are added to what it gives."""
    return commands.add_parser(name, help=says).add_subparsers(title="commands", metavar="COMMAND", required=True)


@dataclass(frozen=True, slots=True)
class Later:
    """What a command does: a function of a module, as `kept.cli.code:compare`, read in when the command runs."""

    name: str

    def __call__(self, options: argparse.Namespace) -> int | None:
        return self.function()(options)

    def function(self) -> Action:
        """The function itself; ImportError or AttributeError where there is none of that name."""
        module, _, name = self.name.partition(":")
        found: Action = getattr(import_module(module), name)
        return found
