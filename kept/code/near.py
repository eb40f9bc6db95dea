"""The names nearest to one that is not known, for whoever mistyped it."""

from collections.abc import Iterable
from difflib import get_close_matches

_MOST = 5
_ALIKE = 0.6


def near(name: str, among: Iterable[str]) -> list[str]:
    """The names that hold it, and then those that look like it, in whichever case: five at most."""
    names = {one.lower(): one for one in among}
    holding = [one for one in names if name.lower() in one] if name else []
    alike = get_close_matches(name.lower(), names, _MOST, _ALIKE)
    return [names[one] for one in dict.fromkeys([*holding, *alike])][:_MOST]


def near_it(name: str, among: Iterable[str], otherwise: str = "") -> str:
    """The same as a sentence; another where nothing is near."""
    found = near(name, among)
    return f"Near it: {', '.join(found)}." if found else otherwise
