"""What supervisors wrote is sealed again with a new key, and reads as before."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from kept.web.day import models, notes, reviews
from kept.web.day.reviews import Finding, Review
from kept.web.sealing import add_key


def test_after_a_new_key_all_is_sealed_with_it_once_and_reads_the_same(
    db: None, tmp_path: Path, settings: Any, uuid: Callable[[], Any]
) -> None:
    keys = tmp_path / "keys"
    add_key(keys)
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, sealing_keys=keys)
    notes.write(uuid(), "I1", "", "too much", "sam")
    reviews.write("I1", Review({"view": Finding(False, "not asked")}, ("E1",)), "sam", 0)
    newest = add_key(keys)
    assert (notes.seal_again(), reviews.seal_again()) == (1, 1)
    assert (notes.seal_again(), reviews.seal_again()) == (0, 0)
    sealed = [models.Note.objects.get().sealed, models.Review.objects.get().sealed]
    assert all(one.startswith(f"{newest}.") for one in sealed)
    assert notes.of("I1")[0].why == "too much"
    assert reviews.read("I1").review.findings["view"].words == "not asked"
