"""The page of the commands, made from the parser itself."""

import argparse
from collections.abc import Iterator

from kept.cli.pages_markdown import code, page, table


def commands_page(parser: argparse.ArgumentParser) -> str:
    """`commands.md`: every command, what it takes, and its options."""
    return page(
        "# Commands",
        f"{parser.description} `{parser.prog} COMMAND --help` says the same.",
        parser.epilog or "",
        *(_command(name, help_, one) for name, help_, one in commands(parser)),
    )


def commands(parser: argparse.ArgumentParser) -> Iterator[tuple[str, str, argparse.ArgumentParser]]:
    """Every command that does something: its name, what its help says, and its parser."""
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            helps = {one.dest: one.help or "" for one in action._choices_actions}
            for name, inner in action.choices.items():
                deeper = list(commands(inner))
                yield from deeper or [(inner.prog, helps.get(name, ""), inner)]


def _command(name: str, help_: str, one: argparse.ArgumentParser) -> str:
    rows = [(_written(action), _help(action)) for action in one._actions if action.dest != "help"]
    return page(f"## {name}", f"{help_[:1].upper()}{help_[1:]}.", one.description or "", table(("", "meaning"), rows))


def _written(action: argparse.Action) -> str:
    value = str(action.metavar or action.dest.upper())
    if not action.option_strings:
        return code({"?": f"[{value}]", "*": f"[{value} …]"}.get(str(action.nargs), value))
    needed = " (needed)" if action.required else ""
    return code(action.option_strings[-1] + (f" {value}" if action.nargs != 0 else "")) + needed


def _help(action: argparse.Action) -> str:
    said = action.help or ""
    shown = action.default not in (None, False, argparse.SUPPRESS) and "default" not in said
    return f"{said}{'; ' if said else ''}default: `{action.default}`" if shown else said
