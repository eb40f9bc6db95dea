"""The `kept` command; `command.py` is where it begins."""

from kept.cli.command import main, parser

__all__ = ["main", "parser"]
