"""The `kept` command: one parser, a module for each group of commands, one place where errors become exit codes."""

import argparse
import os
import sys
from collections.abc import Sequence

from kept import __version__
from kept.cli.mishaps import DEBUG, interrupted, of_kept, of_the_disk, of_the_engines
from kept.cli.options import (
    cases,
    code,
    demo,
    doctor,
    erasure,
    evaluation,
    export,
    measure,
    measures,
    records,
    release,
    series,
    service,
    upkeep,
)
from kept.cli.output import say
from kept.cli.parsing import Parser
from kept.errors import KeptError

GROUPS = (
    demo,
    records,
    erasure,
    upkeep,
    evaluation,
    measure,
    measures,
    cases,
    series,
    export,
    release,
    code,
    service,
    doctor,
)


def parser() -> argparse.ArgumentParser:
    """The whole command line; the reference page of the commands is made from it."""
    top = Parser(
        prog="kept",
        description="Was each right that the Victims' Code gives to each victim kept, and how do we know?",
        epilog="Exit codes: 0 all is well; 2 to 13 by kind of error (docs/reference/errors.md); 1 anything else.",
    )
    top.add_argument("--version", action="version", version=f"kept {__version__}")
    commands = top.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for group in GROUPS:
        group.add(commands)
    return top


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; returns its exit code. A mistake prints sentences, never a traceback."""
    try:
        options = parser().parse_args(arguments)
        return int(options.run(options) or 0)
    except KeptError as error:
        return _say(error)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:
        return _say(of_the_disk(error))
    except Exception as error:
        if interrupted(error):
            raise KeyboardInterrupt from None
        if os.environ.get(DEBUG):
            raise
        return _say(of_the_engines(error) or of_kept(error))


def _say(error: KeptError) -> int:
    say(str(error), file=sys.stderr)
    return error.exit_code
