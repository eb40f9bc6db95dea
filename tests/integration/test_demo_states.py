"""In the invented force with planted examples, every duty of the default rulebook is in every state it can reach."""

from pathlib import Path

import pytest

from kept.code import loader
from kept.code.reachable import reachable
from tests.support.demo import LARGE, invented
from tests.support.runs import last_run


@pytest.fixture(scope="module")
def states(shared: Path) -> dict[tuple[str, str], set[str]]:
    """The states that occur in a run, by edition and duty."""
    found: dict[tuple[str, str], set[str]] = {}
    with last_run(invented(shared, LARGE) / "store").reading() as connection:
        for edition, duty, state in connection.sql("SELECT DISTINCT edition, duty, state FROM stated").fetchall():
            found.setdefault((edition, duty), set()).add(state)
    return found


def test_every_state_of_every_duty_occurs_and_no_other(states: dict[tuple[str, str], set[str]]) -> None:
    book = loader.rulebook(loader.DEFAULT_RULEBOOK)
    editions = {one.edition.id: one.edition for one in book.chosen}
    ended = {one.edition.id for one in book.chosen if one.ends_on}
    missing: dict[str, set[str]] = {}
    beyond: dict[str, set[str]] = {}
    for duty, _ in book.duties():
        able = reachable(duty, editions[duty.edition], book.vocabulary)
        if duty.edition in ended:
            able -= {"pending"}  # what began under an edition that ended years ago has been judged
        seen = states.get((duty.edition, duty.id), set())
        missing |= {duty.id: able - seen} if able - seen else {}
        beyond |= {duty.id: seen - able} if seen - able else {}
    assert missing == {}
    assert beyond == {}
