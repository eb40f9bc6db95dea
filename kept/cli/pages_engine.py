"""The pages about what comes out: the states, the columns of a run's rows, the errors."""

import inspect

from kept import errors
from kept.cli.pages_markdown import code, page, table
from kept.engine.obligation import ORDER, SCHEMA
from kept.engine.states import COUNTED, STATES, WORST_FIRST

COLUMNS = {
    "subject": "The number of the subject in this store; the same in every later version.",
    "subject_kind": "Whom it is owed to: victim, investigation, request or hearing.",
    "subject_id": "The id of that victim, investigation, request or hearing in the records.",
    "investigation": "The investigation.",
    "crime": "The crime, where it is owed because of one.",
    "victim": "The victim in that crime, where it is owed to one.",
    "person": "The person who that victim is, where the records can tell.",
    "duty": "The duty's id.",
    "part": "The part of an `all_of` duty; blank for the whole. Rates count wholes only, or parts only.",
    "right": "The Code's right, 1 to 12; null for a standard that is none of them.",
    "edition": "The edition the duty stands in.",
    "holder": "The agency that the law charges with the duty.",
    "start_id": "The event because of which it arose.",
    "start_at": "When that event happened; for a window of a `repeat` duty, when the window opened.",
    "clock_at": "When the clock started; null where the event that starts it is missing.",
    "limit": "The limit that applied, in words; blank where there is none.",
    "due": "The last moment at which an answer is in time; null where the law sets no limit.",
    "judged": "From when it counts; null while that is not known. Rates take their period from it.",
    "state": "Its [state](states.md) as of the run's moment.",
    "settled": "The state in which the evidence settles it once it is judged; differs only while it is `pending`.",
    "missing": "What is missing, where the state is `not_measurable`.",
    "answer_id": "The event that answers it.",
    "answered_at": "When that event happened.",
    "answer_entered": "When it was written down.",
    "answered_by": "`specific`: the record says the thing itself. `reason`: a reason instead, which is enough.",
    "linked": "`explicit`: the record says what it answers. `same`: the same suspect, hearing or item. `unlinked`.",
    "generic_id": "An event that may have included the answer, for example a call about nothing in particular.",
    "generic_at": "When that event happened.",
    "late_by": "Seconds between the due moment and the answer, where the state is `late`.",
    "at_best": "Whether it counts as met at the upper end of the range.",
    "entered_by_due": "Where `met` by a due moment: whether the answer was also written down by then.",
    "reason_id": "The event that records the force's good reason.",
    "reason_after_due": "Whether that reason was entered only after it was due.",
    "ended_by": "What ended it, where the state is `lapsed` or `declined`.",
    "moved_to": "Where an opt-out moved it: `letter` or `officer`.",
    "enhanced_flag": "Whether the record's own flag of Enhanced Rights was set when it arose.",
    "enhanced_gate": "Whether one of the Code's automatic gates was open then, by the facts alone.",
    "credited_to": "The team, touchpoint or agency that answers for it; `unallocated` where nobody held the case.",
    "credited_officer": "The officer, where the records can tell.",
}
"""What each column of a run's rows says."""


def obligations_page() -> str:
    """`obligations.md`: the columns of a run's rows."""
    rows = ((code(column.name), str(column.type), COLUMNS[column.name]) for column in SCHEMA)
    return page(
        "# The rows of a run",
        "`kept evaluate --out` writes one row for each obligation, with the run's id in front (column `run`). Each "
        "part of an `all_of` duty has a row of its own, beside one for the whole.",
        f"Moments are UTC. Rows are ordered by {ORDER}.",
        table(("column", "type", "meaning"), rows),
    )


def states_page() -> str:
    """`states.md`: the one table that decides a state."""
    rows = ((number, code(row.state), row.when, row.state in COUNTED) for number, row in enumerate(STATES, 1))
    return page(
        "# States",
        "Every obligation is in one state. The first row that holds gives it, in every engine.",
        table(("", "state", "when", "counted in a rate"), rows),
        "## The rate",
        f"A rate is taken over {', '.join(map(code, COUNTED))}, once judged. **Evidenced** is `met` divided by all of "
        "them. **At best** also counts `no_record`, and general contacts in time, as met. Together they are the range "
        "from records. Why: [A rate is a range](../explanation/rates-are-ranges.md).",
        "## The whole of several parts",
        "The state of an `all_of` duty as a whole is the first of these that one of its parts has: "
        f"{', '.join(map(code, WORST_FIRST))}.",
    )


def errors_page() -> str:
    """`errors.md`: every kind of error and its exit code."""
    kinds = [getattr(errors, name) for name in errors.exit_codes()]
    return page(
        "# Errors and exit codes",
        "A command says what is wrong, where, why, and what to do, for every fault at once, and ends with the exit "
        "code of the kind of error. Exit code 0: all is well.",
        "A row of an extract that breaks the contract is not an error: it goes to quarantine with its reason, and the "
        "rest is loaded. See [Recover from a failed load](../how-to/recover-from-a-failed-load.md).",
        *(page(f"## {kind.__name__}", f"Exit code {kind.exit_code}. {inspect.getdoc(kind)}") for kind in kinds),
    )
