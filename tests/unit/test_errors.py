"""The tree of errors: what a user reads, and the exit code of each kind."""

import errno
import pickle
import re

import pytest

from kept import errors
from kept.errors import CodeError, Fault, KeptError, is_full_disk


def test_one_fault_says_what_where_why_and_what_to_do() -> None:
    error = CodeError("Duty `told-of-arrest` has no citation.", "right-06.yaml:12", "It is law.", "Add `citation`.")
    assert str(error).splitlines() == [
        "Duty `told-of-arrest` has no citation.",
        "  where: right-06.yaml:12",
        "  why: It is law.",
        "  what to do: Add `citation`.",
    ]


def test_what_is_not_known_is_not_printed() -> None:
    assert str(KeptError("The disk is full.")) == "The disk is full."


def test_many_faults_are_counted_and_printed_together() -> None:
    error = CodeError.of([Fault("One.", where="a:1"), Fault("Two."), Fault("Three.")])
    assert str(error) == "3 faults:\n\nOne.\n  where: a:1\n\nTwo.\n\nThree."


def test_the_fields_of_an_error_are_those_of_its_first_fault() -> None:
    error = CodeError.of([Fault("One.", "a:1", "because", "mend it"), Fault("Two.")])
    assert (error.what, error.where, error.why, error.what_to_do) == ("One.", "a:1", "because", "mend it")


def test_an_error_without_a_fault_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one fault"):
        CodeError.of([])


def test_an_error_survives_the_way_back_from_another_process() -> None:
    error = pickle.loads(pickle.dumps(CodeError.of([Fault("One."), Fault("Two.", "b:2")])))
    assert isinstance(error, CodeError)
    assert error.faults == (Fault("One."), Fault("Two.", "b:2"))


def test_every_kind_has_an_exit_code_of_its_own() -> None:
    codes = errors.exit_codes()
    assert codes["KeptError"] == 1
    assert codes["SparkError"] == 11
    assert codes["MeasureError"] == 12
    assert codes["ServiceError"] == 13
    assert len(set(codes.values())) == len(codes) == 13


def test_the_table_in_the_docstring_lists_every_kind() -> None:
    table = re.findall(r"^\| `(\w+)` \| (\d+) \|", errors.__doc__ or "", re.MULTILINE)
    assert [(name, int(code)) for name, code in table] == list(errors.exit_codes().items())


@pytest.mark.parametrize(
    "error",
    [OSError(errno.ENOSPC, "full"), OSError(errno.EDQUOT, "full"), RuntimeError("spill: No space left on device")],
)
def test_a_full_disk_is_known_by_its_number_or_by_what_an_engine_says(error: Exception) -> None:
    assert is_full_disk(error)


@pytest.mark.parametrize("error", [OSError(errno.EIO, "broken"), OSError("No such file"), RuntimeError("28")])
def test_what_else_goes_wrong_is_no_full_disk(error: Exception) -> None:
    assert not is_full_disk(error)
