"""The words of the pages, and their translations: `python -m kept.web.words` puts new ones into the `.po` files."""

from __future__ import annotations

import os
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import django
from babel.messages import Catalog, pofile
from babel.messages.extract import extract_from_dir

from kept.code.rights import RIGHTS
from kept.web.charge import checks
from kept.web.charge.asked import ASKED, STEPS
from kept.web.contacts.safe import NOT_KNOWN
from kept.web.people.policy import BECAUSE
from kept.web.people.roles import ABILITIES, LEVELS, ROLES

HERE = Path(__file__).parent
_METHODS = [("**/templates/**.html", "jinja2"), ("**.py", "python")]
_KEYWORDS = {"_": None, "gettext": None, "gettext_lazy": None, "ngettext": (1, 2)}
_OPTIONS = {"**/templates/**.html": {"newstyle_gettext": "true", "trim_blocks": "true", "lstrip_blocks": "true"}}


def words() -> Catalog:
    """Every word that a page may show, from the templates, the code and the data."""
    found = Catalog()
    folders = {"node_modules", "built", "migrations"}
    for _file, _line, message, _comments, _context in extract_from_dir(
        HERE, _METHODS, _OPTIONS, _KEYWORDS, directory_filter=lambda name: Path(name).name not in folders
    ):
        found.add(message)
    for text in _of_the_data():
        found.add(text)
    return found


def translated(path: Path) -> Catalog:
    """A file of translations."""
    with path.open("rb") as file:
        return pofile.read_po(file)


def update(path: Path) -> None:
    """Put new words into a file of translations, and take out those that no page shows any more."""
    catalog = translated(path)
    catalog.update(words(), no_fuzzy_matching=True)
    catalog.obsolete.clear()
    written = BytesIO()
    pofile.write_po(written, catalog, omit_header=True, no_location=True, sort_output=True, width=0)
    header = path.read_bytes().partition(b"\n\n")[0]  # as it stands: Babel would put the day into it
    path.write_bytes(header + b"\n\n" + written.getvalue())


def _of_the_data() -> Iterator[str]:
    from kept.web.api.tokens import MAY
    from kept.web.consulted.models import KINDS

    yield from (role.title for role in ROLES.values())
    for data in (ABILITIES, BECAUSE, KINDS, RIGHTS):
        yield from data.values()
    yield from (may.says for may in MAY.values())
    yield from (ask.title for ask in ASKED)
    yield from (words for _result, words in checks.BECAUSE.values())
    yield from STEPS.values()
    yield from LEVELS
    yield NOT_KNOWN


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kept.web.settings")
    django.setup()
    for one in sorted((HERE / "locale").glob("*/django.po")):
        update(one)
