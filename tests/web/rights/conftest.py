"""The invented force of the tests of figures, for those of the rights."""

from tests.web.figures.conftest import _shown, at, invented

__all__ = ["_shown", "at", "invented"]
