"""The force of the outsider's tests, in which there is something to fill in for everybody."""

from tests.web.test_outsider import held, marked

__all__ = ["held", "marked"]
