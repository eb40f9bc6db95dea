"""What `kept measures` and the commands beneath it take."""

from pathlib import Path

from kept.cli.options import Commands, Later, group
from kept.cli.options.shared import json_option, moment, rulebook_option, store_option


def add(commands: Commands) -> None:
    inside = group(commands, "measures", "the catalogue of measures")
    listing = inside.add_parser("list", help="every measure: its id, title, stage, source and status")
    showing = inside.add_parser("show", help="a measure in full: what is counted over what, and its SQL")
    book = inside.add_parser("book", help="a page for each measure of a store, with its figures and charts")
    store_option(book)
    book.add_argument("--out", metavar="FOLDER", type=Path, required=True, help="a new folder")
    book.add_argument("--only", metavar="ID", nargs="+", default=[], help="these measures alone")
    book.add_argument("--as-of", metavar="MOMENT", type=moment, help="read the facts as of then; default: the last run")
    checking = inside.add_parser("check", help="whether a file of measures is right, with everything that is not")
    showing.add_argument("measure", metavar="ID", help="its id")
    checking.add_argument("files", metavar="FILE", type=Path, nargs="*", help="default: the catalogue as shipped")
    for one in (listing, showing, book):
        rulebook_option(one)
    json_option(listing)
    json_option(showing)
    book.set_defaults(run=Later("kept.cli.measures_book:book"))
    listing.set_defaults(run=Later("kept.cli.measures:list_all"))
    showing.set_defaults(run=Later("kept.cli.measures_show:show"))
    checking.set_defaults(run=Later("kept.cli.measures:check"))
