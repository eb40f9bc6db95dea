"""Contact details are loaded whole or not at all, and sealed again when keys change."""

from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as live

from kept.errors import RecordsError, ServiceError
from kept.web.consulted.models import Access
from kept.web.contacts import book, models
from kept.web.contacts.load import COLUMNS, load
from kept.web.contacts.safe import Contact
from kept.web.sealing import add_key, sealer

pytestmark = pytest.mark.django_db


def file(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    (folder / "contacts.csv").write_text(text, encoding=encoding)
    return folder / "contacts.csv"


def test_a_file_is_loaded_sealed_and_logged(tmp_path: Path) -> None:
    text = "person,phone,channel,no_message,until\nP1,07700 900123,phone,yes,2027-01-31\nP2,,,,\n"
    assert load(file(tmp_path, text, "utf-8-sig"), "command").persons == 2
    known = book.read("P1").contact
    assert (known.phone, known.channel, known.no_message, str(known.until)) == (
        "07700 900123",
        "phone",
        True,
        "2027-01-31",
    )
    assert book.read("P2").contact == Contact()
    assert Access.objects.filter(kind="alteration").count() == 2


def test_of_instructions_what_cannot_be_seen_is_left_out(tmp_path: Path) -> None:
    text = "person,phone,times,note\nP1,07700\u00a0900123,\u202eafter six\u202c,ask\u200b first\n"
    load(file(tmp_path, text), "command")
    assert book.read("P1").contact == Contact(phone="07700 900123", times="after six", note="ask first")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("phone\n07700 900123\n", "no column “person”"),
        ("person,mobile\nP1,1\n", "not known: mobile"),
        ("person,channel\nP1,pigeon\n", "channel is none of"),
        ("person,until\nP1,soon\n", "not a day"),
        ("person,no_letter\nP1,perhaps\n", "not yes or no"),
        ("person,phone\n,1\n", "names no person"),
        ("person,phone\nP1,1,2\n", "more columns"),
        (f"person,note\nP1,{'x' * 501}\n", "longer than 500"),
        ('person,note\nP1,"x\n', "not CSV in UTF-8"),
        ("", "no column “person”"),
        ("person,phone\nP1,\u202e321009 00770\n", "“phone” holds characters that cannot be seen"),
        ("person,email\nP1,a@b\u200b.example\n", "“email” holds characters that cannot be seen"),
        ("person,phone\nP\u2060 1,07700 900123\n", "“person” holds characters that cannot be seen"),
    ],
    ids=range(13),
)
def test_a_wrong_file_loads_nothing_and_is_told_without_what_it_says(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(RecordsError, match=said) as error:
        load(file(tmp_path, text), "command")
    assert "07700" not in str(error.value)
    assert not models.Contact.objects.exists()


def test_of_a_file_with_one_wrong_line_nothing_is_loaded(tmp_path: Path) -> None:
    with pytest.raises(RecordsError, match=r"contacts\.csv:3"):
        load(file(tmp_path, "person,until\nP1,2027-01-01\nP2,soon\n"), "command")
    assert not models.Contact.objects.exists()


def test_another_encoding_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RecordsError, match="not CSV in UTF-8"):
        load(file(tmp_path, "person,note\nP1,café\n", "latin-1"), "command")


def test_every_part_of_a_contact_is_a_column() -> None:
    assert COLUMNS[0] == "person"
    assert len(COLUMNS) == 11


def test_after_rotating_only_the_new_key_is_needed(tmp_path: Path, settings: Any) -> None:
    from dataclasses import replace

    keys = tmp_path / "keys"
    add_key(keys)
    settings.ENVIRONMENT = replace(live.ENVIRONMENT, sealing_keys=keys)
    for number in range(3):
        book.write(f"P{number}", Contact(phone=str(number)), "test")
    add_key(keys)
    assert (book.seal_again(), book.seal_again()) == (3, 0)
    keys.write_text(keys.read_text().splitlines()[0])
    assert len(sealer(keys).keys) == 1
    assert [book.read(f"P{number}").contact.phone for number in range(3)] == ["0", "1", "2"]


def test_a_row_that_was_moved_to_another_person_does_not_open() -> None:
    book.write("P1", Contact(phone="1"), "test")
    models.Contact.objects.update(person="P2")
    with pytest.raises(ServiceError, match="moved from another row"):
        book.read("P2")


def test_what_is_forgotten_is_gone() -> None:
    book.write("P1", Contact(phone="1"), "test")
    assert (book.forget("P1"), book.forget("P1")) == (True, False)
    assert book.read("P1").written == 0
