"""What pages need beside themselves, made before the service starts: styles, scripts and translations.

`python -m kept.web.building` takes GOV.UK Frontend, components of MOJ Frontend and htmx from npm, compiles the styles
with the system's own font and without the crown, compiles the translations, and leaves all of it in `kept/web/built/`,
which is not kept in git. Nothing is fetched when a page is shown.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

from kept.errors import ServiceError

HERE = Path(__file__).parent
BUILT = HERE / "built"
_MODULES = HERE / "node_modules"
_GOVUK = _MODULES / "govuk-frontend" / "dist" / "govuk"
_MOJ = _MODULES / "@ministryofjustice" / "frontend" / "moj" / "components"
_COPIED = {
    "govuk-frontend.js": _GOVUK / "govuk-frontend.min.js",
    "sortable-table.js": _MOJ / "sortable-table" / "sortable-table.bundle.mjs",
    "htmx.js": _MODULES / "htmx.org" / "dist" / "htmx.min.js",
    "start.js": HERE / "scripts" / "start.js",
    "kept.js": HERE / "scripts" / "kept.js",
    "icon.svg": HERE / "styles" / "icon.svg",
}


def build() -> None:
    """Make everything anew. ServiceError where a tool is missing or fails."""
    _run(["npm", "ci", "--silent", "--no-audit", "--no-fund", "--ignore-scripts", "--omit=optional"])
    shutil.rmtree(BUILT, ignore_errors=True)
    collected = BUILT / "collected"
    collected.mkdir(parents=True)
    for name, source in _COPIED.items():
        shutil.copyfile(source, collected / name)
    styles = [str(HERE / "styles" / "kept.scss"), str(collected / "kept.css")]
    found_in = ["--load-path=node_modules", "--load-path=."]
    _run(["npx", "sass", "--no-source-map", "--style=compressed", "--quiet-deps", *found_in, *styles])
    words()
    _run([sys.executable, "-m", "django", "collectstatic", "--noinput", "--settings=kept.web.settings", "-v0"])


def words() -> None:
    """Compile the translations."""
    from babel.messages import mofile, pofile

    for source in sorted((HERE / "locale").glob("*/django.po")):
        target = BUILT / "locale" / source.parent.name / "LC_MESSAGES" / "django.mo"
        target.parent.mkdir(parents=True, exist_ok=True)
        with source.open("rb") as read, target.open("wb") as written:
            mofile.write_mo(written, pofile.read_po(read))


def _run(command: list[str]) -> None:
    beside = Path(sys.executable).parent / command[0]
    known = [str(beside) if beside.exists() else command[0], *command[1:]]
    try:
        subprocess.run(known, cwd=HERE, check=True)
    except (OSError, subprocess.CalledProcessError) as error:
        raise ServiceError("The pages' styles and scripts cannot be built.", command[0], str(error)) from None


if __name__ == "__main__":
    build()
