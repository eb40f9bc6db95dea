"""No table with sealed words is missed: not when the keys are changed, and not when they are lost."""

from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.apps import apps

from kept.errors import ServiceError
from kept.web import sealed, starting
from kept.web.people import second_factor
from kept.web.people.models import SecondFactor, User
from kept.web.sealing import Sealer, add_key, seal_rows_again, sealer
from tests.web.conftest import NOW

ONE = UUID(int=1)
ROWS: dict[str, dict[str, Any]] = {
    "contacts.Contact": {"person": "P1", "at": NOW, "by": "test"},
    "people.SecondFactor": {},
    "day.Note": {"id": ONE, "investigation": "I1", "at": NOW, "by": "test"},
    "day.Review": {"investigation": "I1", "at": NOW, "by": "test"},
    "case.Dispute": {"id": ONE, "investigation": "I1", "at": NOW, "by": "test"},
    "entered.Entered": {"id": "E1", "investigation": "I1", "entered_at": NOW, "entered_by": "test"},
}
"""A row of each table, but for what is sealed in it."""
BOUND_TO = {
    "contacts.Contact": "contact:P1",
    "day.Note": f"note:{ONE}",
    "day.Review": "review:I1",
    "case.Dispute": f"dispute:{ONE}",
    "entered.Entered": "entered:E1",
}


@pytest.fixture
def keys(db: None, tmp_path: Path, settings: Any) -> Path:
    """A file of keys of this test's own, with one key."""
    path = tmp_path / "keys"
    add_key(path)
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, sealing_keys=path)
    return path


def somebody() -> User:
    user = User(name="una", shown="Una")
    user.save()
    return user


def put(model: str, words: str, keys: Path) -> tuple[Any, str]:
    """A row of a table with sealed words, and what they are bound to."""
    said = dict(ROWS[model])
    if model == "people.SecondFactor":
        said["user"] = somebody()
    bound_to = BOUND_TO.get(model) or f"second-factor:{said['user'].pk}"
    row = apps.get_model(model).objects.create(sealed=sealer(keys).seal(words, bound_to), **said)
    return row, bound_to


def test_every_table_with_sealed_words_is_known() -> None:
    ours = [model for model in apps.get_models() if model.__module__.startswith("kept.web")]
    holding = {model._meta.label for model in ours if "sealed" in {field.name for field in model._meta.get_fields()}}
    assert holding == {one.model for one in sealed.TABLES} == set(ROWS)


@pytest.mark.parametrize("model", ROWS)
def test_after_a_new_key_what_was_sealed_opens_without_the_old_one(model: str, keys: Path) -> None:
    row, bound_to = put(model, "kept", keys)
    newest = add_key(keys)
    assert sum(sealed.seal_again().values()) == 1
    assert sum(sealed.seal_again().values()) == 0
    row.refresh_from_db()
    only = Sealer((sealer(keys).keys[0],))
    assert (only.keys[0][0], only.open(row.sealed, bound_to)) == (newest, "kept")


@pytest.mark.parametrize("model", ROWS)
def test_where_anything_was_sealed_lost_keys_are_not_replaced_by_new_ones(model: str, keys: Path) -> None:
    put(model, "kept", keys)
    keys.unlink()
    with pytest.raises(ServiceError, match="sealing keys cannot be used"):
        starting._sealing_keys(keys)
    assert not keys.exists()


def test_where_nothing_was_sealed_yet_a_first_key_is_made(keys: Path) -> None:
    keys.unlink()
    starting._sealing_keys(keys)
    assert len(sealer(keys).keys) == 1


def test_a_second_factor_that_is_set_up_meanwhile_stays(keys: Path) -> None:
    user, chosen = somebody(), second_factor.new_secret()
    second_factor.set_up(user, second_factor.new_secret())
    add_key(keys)

    def bound_to(row: SecondFactor) -> str:
        """As somebody sets up another while theirs is being sealed again."""
        second_factor.set_up(row.user, chosen)
        return f"second-factor:{row.user.pk}"

    assert seal_rows_again(SecondFactor.objects.select_related("user"), sealer(keys), bound_to) == 0
    assert second_factor.secret_of(user) == chosen
