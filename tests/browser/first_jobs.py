"""What somebody of each role comes to Kept for first, as they do it: every step is one that a person takes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tests.browser.walk import Walk


@dataclass(frozen=True, slots=True)
class Job:
    """A role's first job: who of the invented people does it, what they want to know, and how they come to know it."""

    role: str
    by: str
    wants: str
    does: Callable[[Walk], None]


def investigator(walk: Walk) -> None:
    walk.keeps_picture("first-page")
    walk.follows("My day")
    walk.sees("From the records as they stood on %(moment)s.", "due today")
    walk.keeps_picture("my-day", small=True)
    walk.follows("Victim %(victim)s")
    walk.sees("Officer in the case: %(officer)s.")
    walk.keeps_picture("case")
    walk.follows_first("main .kept-tasks")
    walk.keeps_picture("why", whole=True)
    walk.knows("what to do", "What counts as done")
    walk.knows("why", "It arose because: ")
    walk.knows("by which law", "Source: ")
    walk.follows("The case")
    walk.presses("Log a contact")
    walk.sees("What did you do?", "How?")
    walk.chooses("I spoke to them about something else")
    walk.chooses("In person")
    walk.keeps_picture("log-a-contact")
    walk.presses("Log it")
    walk.knows("that it is on record", "Logged here")
    walk.presses("Take it back")


def supervisor(walk: Walk) -> None:
    walk.follows("Team")
    walk.sees("What the team owes", "Who holds how much")
    walk.keeps_picture("team")
    walk.opens("Show only some of it")
    walk.chooses("Due", "Today, and overdue")
    walk.presses("Show these")
    walk.follows("Re-assign")
    walk.sees("Somebody else")
    walk.fills("Why", "Four interviews fall on the day this is due")
    walk.keeps_picture("re-assign")
    walk.presses("Write the note")
    walk.follows("Team")
    walk.knows("who was asked to take what off whom", "Four interviews fall on the day this is due")
    walk.follows("Re-assign")
    walk.presses("Take this note back")


def victim_lead(walk: Walk) -> None:
    walk.follows("The twelve rights")
    walk.sees("Where most is lost")
    walk.keeps_picture("rights")
    walk.follows("6.")
    walk.keeps_picture("right")
    walk.follows("Why it is lost")
    walk.keeps_picture("why-it-is-lost")
    walk.knows("where it is lost", "Duty by duty")
    walk.knows("by recording or by delivery", _LOST)


def auditor(walk: Walk) -> None:
    walk.follows("Figures")
    walk.follows("Was every right kept that was owed to you?")
    walk.keeps_picture("figure")
    walk.follows("The cases behind it")
    walk.keeps_picture("cases-behind")
    walk.follows_first("main table")
    walk.opens("What happened, and what was due")
    walk.keeps_picture("timeline", "details[open]")
    walk.follows_first("main .moj-timeline .kept-due")
    walk.knows("what the record shows", "How we know")
    walk.knows("by which law", "Source: ")
    walk.opens("Show the case as it was known on an earlier day")
    walk.fills("Day", "2026-06-29")
    walk.presses("Show")
    walk.knows("what was known of it then", "This is the case as it was known on %(moment)s.")


def champion(walk: Walk) -> None:
    walk.follows("Figures")
    walk.follows("Your board")
    walk.keeps_picture("board")
    walk.knows("how the unit is doing", "95 %% interval: %(interval)s.")
    walk.follows_first("main .kept-board")
    walk.opens("Change what is shown")
    walk.knows("what the figure is", "What this is")


_BROKEN = (
    "Each of these rows broke a rule of the records, so that it is counted nowhere. "
    "Put it right in the source, and load it again."
)
_NOT_SHOWN = (
    "What stood in a row is shown only where it says whose case it is, and that case is in your scope. "
    "Else look it up in the file, by its number."
)


def analyst(walk: Walk) -> None:
    walk.follows("Data")
    walk.keeps_picture("data")
    walk.sees("Every row is accounted for: rows in = new + known already + set aside + left out by the mapping.")
    walk.follows_first("main table")
    walk.knows("what the last load brought", "By file")
    walk.keeps_picture("load")
    walk.follows("Data")
    walk.follows("Rows set aside")
    walk.keeps_picture("set-aside")
    walk.knows("why rows were refused", _BROKEN)
    walk.follows_first("main table")
    walk.knows("which they are", _NOT_SHOWN)
    walk.follows("Rows set aside")
    walk.follows("Data")
    walk.follows("What can be measured")
    walk.keeps_picture("coverage")
    walk.knows("what the extracts lack", "What the extracts lack")


def witness_care(walk: Walk) -> None:
    walk.follows("Witness care")
    walk.sees("From the records as they stood on %(moment)s.")
    walk.keeps_picture("witness-care")
    walk.knows("which case comes before the courts next", "Charged %(day)s.")
    walk.knows("what is owed to whom in it", "Victim %(victim)s")
    walk.follows("Case %(case)s")
    walk.sees("Case %(case)s")


def commissioner(walk: Walk) -> None:
    walk.follows("The twelve rights")
    walk.waits_for("For how many victims each right was kept")
    walk.keeps_picture("cells")
    walk.knows("how often each right was kept", "For how many victims each right was kept")
    walk.knows(
        "what is held back",
        "[c] stands for a figure that is held back, so that nobody can be picked out, by itself or with figures that"
        " were released before.",
    )


def governance(walk: Walk) -> None:
    walk.follows("Access log")
    walk.fills("Investigation", walk.case)
    walk.presses("Search")
    walk.knows("who looked at that case", "oscar")
    walk.keeps_picture("access-log", "table")
    walk.knows("how to show that no line was changed", "kept log verify --head")


def administrator(walk: Walk) -> None:
    walk.follows("People")
    walk.follows("Una Outsider")
    walk.fills("Investigation", walk.case)
    walk.presses("Ask")
    walk.knows("whether somebody can see a case, and why", "No")
    walk.keeps_picture("person")
    walk.chooses("What", "Victims' Code champion")
    walk.fills("Why", "covers for a colleague")
    walk.presses("Give or deny")
    walk.knows("who was given what, and by whom", "covers for a colleague")
    walk.keeps_picture("given")
    walk.presses("End")


_LOST = (
    "Lost %(lost)s of %(judged)s times. Of those, in %(silent)s the record cannot tell, "
    "and %(late)s were late or not done."
)
JOBS = (
    Job("investigator", "oscar", "What do I owe which victim today, and why?", investigator),
    Job("supervisor", "sam", "What has my team left too long, and who should have it?", supervisor),
    Job("victim_lead", "vera", "Where is each right lost, and is it recording or delivery?", victim_lead),
    Job("auditor", "audrey", "What does the record of a case show, and how was it decided?", auditor),
    Job("champion", "charlie", "How is my unit doing, on one page?", champion),
    Job("analyst", "anna", "What did the last load bring, and what did it refuse?", analyst),
    Job("witness_care", "wendy", "Which cases come before the courts, and what do I owe which victim?", witness_care),
    Job("commissioner", "colin", "What are the force's figures, with nobody to be picked out?", commissioner),
    Job("governance", "grace", "Who looked at this case?", governance),
    Job("administrator", "adam", "Who can see what, and who gave it to them?", administrator),
)
