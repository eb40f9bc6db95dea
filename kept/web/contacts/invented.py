"""How victims of an invented person may be reached: the first safely, the second no longer, of others it is unknown."""

from datetime import date, timedelta

from kept.web.contacts import book
from kept.web.contacts.safe import Contact
from kept.web.people.cases import cases
from kept.web.people.models import User
from kept.web.people.policy import holds_now
from kept.web.people.scoping import scope_of
from kept.web.worklist import reading

_PHONE = "07700 900123"
"""One of the numbers that Ofcom keeps for fiction."""


def invented_contacts(name: str) -> str:
    """Make them, first for those to whom somebody owes something, where they are not there yet.

    Returns the address of the first victim's page, without its first /; blank where there is none.
    """
    known, user = cases(), User.objects.get(name=name)
    scope = scope_of(user)
    owed = [(one.investigation, one.victim) for one in reading.of_officer(user.officer) if one.victim]
    others = [(case, victim.id) for case in known.within(scope) for victim in known.victims(case)]
    victims = dict.fromkeys((*owed, *others))
    held = [(case, victim) for case, victim in victims if (it := known.investigation(case)) and holds_now(scope, it)]
    safe = Contact(_PHONE, channel="phone", times="weekdays after six", code_word="the dentist", no_message=True)
    expired = Contact(_PHONE, channel="text", no_letter=True, until=date.today() - timedelta(days=1))
    for (_, victim), contact in zip(held, (safe, expired), strict=False):
        found = known.victim(victim)
        book.write(found.person if found else victim, contact, "demo", written=0)
    return "cases/{}/victims/{}/contact".format(*held[0]) if held else ""
