"""How victims of an invented person may be reached: the first safely, the second no longer, of others it is unknown."""

from datetime import date, timedelta

from kept.web.contacts import book
from kept.web.contacts.safe import Contact
from kept.web.people.cases import cases
from kept.web.people.models import User
from kept.web.people.policy import holds_now
from kept.web.people.scoping import scope_of

_PHONE = "07700 900123"
"""One of the numbers that Ofcom keeps for fiction."""


def invented_contacts(name: str) -> str:
    """Make them, where they are not there yet; returns the address of the first victim's page, without its first /."""
    known, user = cases(), User.objects.get(name=name)
    scope = scope_of(user)
    found = filter(None, map(known.investigation, known.within(scope)))
    victims = [victim for one in found if holds_now(scope, one) for victim in known.victims(one.id)]
    safe = Contact(_PHONE, channel="phone", times="weekdays after six", code_word="the dentist", no_message=True)
    expired = Contact(_PHONE, channel="text", no_letter=True, until=date.today() - timedelta(days=1))
    for victim, contact in zip(victims, (safe, expired), strict=False):
        book.write(victim.person, contact, "demo", written=0)
    return f"cases/{victims[0].investigation}/victims/{victims[0].id}/contact" if victims else ""
