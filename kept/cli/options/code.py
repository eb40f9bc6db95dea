"""What `kept code` and the commands beneath it take."""

from pathlib import Path

from kept.cli.options import Commands, Later, group
from kept.cli.options.shared import json_option


def add(commands: Commands) -> None:
    inside = group(commands, "code", "the law as data: list, show, check, compare, document")
    listing = inside.add_parser("list", help="every duty of the editions, a line each")
    showing = inside.add_parser("show", help="one duty, in plain words")
    checking = inside.add_parser("check", help="refuse what is wrong, and run every worked example")
    comparing = inside.add_parser("diff", help="what differs between two editions")
    documenting = inside.add_parser("docs", help="write the generated reference")
    showing.add_argument("duty", metavar="DUTY", help="its id, for example R6-1a")
    for one in (listing, checking):
        one.add_argument(
            "editions", metavar="EDITION", nargs="*", help="a shipped edition or a folder; default: all shipped"
        )
    showing.add_argument("--edition", metavar="EDITION", help="where to look; default: all shipped")
    comparing.add_argument("before", metavar="A", help="an edition")
    comparing.add_argument("after", metavar="B", help="another")
    documenting.add_argument("--to", metavar="FOLDER", type=Path, default=Path("docs/reference"))
    for one in (listing, showing, checking, comparing):
        json_option(one)
    listing.set_defaults(run=Later("kept.cli.code:list_duties"))
    showing.set_defaults(run=Later("kept.cli.code_show:show"))
    checking.set_defaults(run=Later("kept.cli.code_check:check_editions"))
    comparing.set_defaults(run=Later("kept.cli.code:compare"))
    documenting.set_defaults(run=Later("kept.cli.pages:write_reference"))
