"""What `kept series` and the commands beneath it take."""

from pathlib import Path

from kept.cli.options import Commands, Later, group
from kept.cli.options.shared import json_option, store_option


def add(commands: Commands) -> None:
    inside = group(commands, "series", "figures kept elsewhere, beside which measures can stand")
    importing = inside.add_parser("import", help="take series from a CSV file through a mapping")
    listing = inside.add_parser("list", help="every series: its title, periods, and who keeps it")
    showing = inside.add_parser("show", help="a series period by period, and what was revised")
    importing.add_argument("file", metavar="FILE", type=Path, help="a CSV file, gzipped or not")
    importing.add_argument("--mapping", metavar="FILE", type=Path, required=True, help="which cells are which figure")
    importing.add_argument("--wait", metavar="SECONDS", type=float, default=0.0, help="wait for a load to end")
    showing.add_argument("series", metavar="ID", help="its id, as kept series list gives it")
    for one, does in ((importing, "import_series"), (listing, "list_all"), (showing, "show")):
        store_option(one)
        json_option(one)
        one.set_defaults(run=Later(f"kept.cli.series:{does}"))
