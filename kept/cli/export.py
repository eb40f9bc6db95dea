"""`kept export`: a run as Parquet for the force's own Qlik or Power BI, logged as a disclosure."""

import argparse
from pathlib import Path

from kept.cli.output import print_json, say
from kept.cli.pages_engine import COLUMNS
from kept.errors import UsageError
from kept.measures.asked import opened, run_to_read
from kept.measures.exported import MANIFEST, VIEWS, export
from kept.records.scratch import scratch
from kept.records.store import Store

_UNFINISHED = ".kept-unfinished-"


def export_run(options: argparse.Namespace) -> None:
    folder: Path = options.folder
    _require(folder, options.why)
    run, clock = run_to_read(Store.open(options.store), options.as_of, options.named)
    folder.resolve().parent.mkdir(parents=True, exist_ok=True)
    with opened(run, clock) as at, scratch(folder.resolve().parent, _UNFINISHED) as unfinished:
        into = unfinished / "export"
        into.mkdir()
        manifest = export(at, into, COLUMNS, restricted=options.restricted)
        logged = _log(options, f"{options.why}: run {run.id}, {manifest['files'][0]['rows']} obligations")
        into.replace(folder)
    if options.json:
        print_json(manifest)
        return
    say("\n".join(f"{one['file']}: {one['rows']:,} rows" for one in manifest["files"]))
    say(f"\n{MANIFEST} says what every column means; {VIEWS} counts rates as Kept does.")
    say(f"Restricted investigations are {manifest['restricted_investigations']}. {logged}")


def _log(options: argparse.Namespace, why: str) -> str:
    """Before the files are put in place, so that none leaves without a line; a sentence that says where that stands."""
    from kept.web import environment
    from kept.web.starting import begun, start

    home = Path(options.home or environment.read().home)
    is_new = not begun(home)
    start({"KEPT_STORE": str(options.store), "KEPT_HOME": options.home})
    from kept.web.consulted.chain import Line, add

    add(Line("disclosure", "command", "export", why=why))
    first = "No service was in this folder: its access log begins with this disclosure"
    return f"{first}, in {home.resolve()}." if is_new else f"The access log in {home.resolve()} has this disclosure."


def _require(folder: Path, why: str) -> None:
    if folder.exists():
        raise UsageError(
            "The files cannot be written here.", str(folder), "It exists already.", "Name a new folder, or remove it."
        )
    if not why.strip():
        raise UsageError("It is not said what the export is for.", what_to_do="Say it with --why.")
