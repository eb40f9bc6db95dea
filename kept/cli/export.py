"""`kept export`: a run as Parquet for the force's own Qlik or Power BI, logged as a disclosure."""

import argparse
from pathlib import Path

from kept.cli.output import json_option, moment, print_json
from kept.cli.pages_engine import COLUMNS
from kept.errors import UsageError
from kept.measures.asked import opened, run_to_read
from kept.measures.exported import MANIFEST, VIEWS, export
from kept.records.scratch import scratch
from kept.records.store import Store

_UNFINISHED = ".kept-unfinished-"


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    one = commands.add_parser("export", help="every obligation and victim as Parquet, for the force's own dashboards")
    one.add_argument("folder", metavar="FOLDER", type=Path, help="a new folder")
    one.add_argument("--store", metavar="STORE", type=Path, required=True, help="the store's folder")
    one.add_argument("--why", metavar="TEXT", required=True, help="what it is for; it is kept in the access log")
    one.add_argument("--home", metavar="FOLDER", default="", help="the service's own folder; default: KEPT_HOME")
    one.add_argument("--as-of", metavar="MOMENT", type=moment, help="the run that looks at then, or last before it")
    one.add_argument("--run", metavar="RUN", dest="named", default="", help="a run by its id")
    one.add_argument("--restricted", action="store_true", help="restricted investigations too")
    json_option(one)
    one.set_defaults(run=_export)


def _export(options: argparse.Namespace) -> None:
    folder: Path = options.folder
    _require(folder, options.why)
    run, clock = run_to_read(Store.open(options.store), options.as_of, options.named)
    folder.resolve().parent.mkdir(parents=True, exist_ok=True)
    with opened(run, clock) as at, scratch(folder.resolve().parent, _UNFINISHED) as unfinished:
        into = unfinished / "export"
        into.mkdir()
        manifest = export(at, into, COLUMNS, restricted=options.restricted)
        _log(options, f"{options.why}: run {run.id}, {manifest['files'][0]['rows']} obligations")
        into.replace(folder)
    if options.json:
        print_json(manifest)
        return
    print("\n".join(f"{one['file']}: {one['rows']:,} rows" for one in manifest["files"]))
    print(f"\n{MANIFEST} says what every column means; {VIEWS} counts rates as Kept does.")
    print(f"Restricted investigations are {manifest['restricted_investigations']}. The access log has this disclosure.")


def _log(options: argparse.Namespace, why: str) -> None:
    """Before the files are put in place, so that none leaves without a line."""
    from kept.web.starting import start

    start({"KEPT_STORE": str(options.store), "KEPT_HOME": options.home})
    from kept.web.consulted.chain import Line, add

    add(Line("disclosure", "command", "export", why=why))


def _require(folder: Path, why: str) -> None:
    if folder.exists():
        raise UsageError(
            "The files cannot be written here.", str(folder), "It exists already.", "Name a new folder, or remove it."
        )
    if not why.strip():
        raise UsageError("It is not said what the export is for.", what_to_do="Say it with --why.")
