"""The page about the service: its settings."""

from kept.cli.pages_markdown import code, page, table
from kept.web.environment import SETTINGS


def settings_page() -> str:
    """`settings.md`: every setting of the web service."""
    rows = ((code(one.name), one.means, code(one.default) if one.default else "") for one in SETTINGS)
    return page(
        "# Settings of the service",
        "`kept serve` and the commands of the service read these variables of the environment; options of a command "
        "come before them.",
        table(("setting", "means", "where it is not set"), rows),
    )
