"""What `kept release` and the command beneath it take."""

from pathlib import Path

from kept.cli.options import Commands, Later, group
from kept.cli.options.shared import day, moment, rulebook_option, store_option


def add(commands: Commands) -> None:
    inside = group(commands, "release", "figures that leave, with disclosure control")
    one = inside.add_parser("tables", help="a folder of tables: ODS, XLSX, CSV with metadata, method, checksums")
    store_option(one)
    one.add_argument("--out", metavar="FOLDER", type=Path, required=True, help="a new folder")
    one.add_argument("--policy", metavar="FILE", type=Path, required=True, help="what the publishing body has set")
    one.add_argument("--measure", metavar="ID", action="append", required=True, help="a table of it; may be repeated")
    one.add_argument("--by", metavar="BREAKDOWN", action="append", default=[], help="divide them; may be given twice")
    one.add_argument("--since", metavar="DAY", type=day, required=True, help="the first day that counts")
    one.add_argument("--until", metavar="DAY", type=day, required=True, help="the last day that counts")
    one.add_argument("--title", metavar="TEXT", default="Figures from Kept", help="of the release")
    one.add_argument("--register", metavar="FILE", type=Path, help="what was released before; what leaves is added")
    one.add_argument("--log", metavar="FILE", type=Path, help="a new file: why each cell is hidden; it must not leave")
    one.add_argument("--as-of", metavar="MOMENT", type=moment, help="read the facts as of then; default: the last run")
    rulebook_option(one)
    one.set_defaults(run=Later("kept.cli.release:write_tables"))
