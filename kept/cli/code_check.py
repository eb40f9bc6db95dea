"""`kept code check`: editions read, and every worked example evaluated."""

import argparse
from collections import Counter

from kept.cli.code import editions_named
from kept.cli.legends import legend
from kept.cli.output import print_json, say, table
from kept.code.model import CERTAINTIES, Edition
from kept.engine.check import check, unexampled
from kept.errors import CodeError


def check_editions(options: argparse.Namespace) -> None:
    editions = editions_named(options.editions)
    checked = [check(edition) for edition in editions]
    faults = [fault for one in checked for fault in one.faults]
    faults += [fault for edition in editions for fault in unexampled(edition)]
    summary = [_summary(edition, one.examples) for edition, one in zip(editions, checked, strict=True)]
    if options.json:
        print_json({"editions": summary, "faults": [str(fault) for fault in faults]})
    else:
        print(table(list(summary[0]), [list(row.values()) for row in summary]))
        say(f"\n{legend(summary[0])}")
    if faults:
        raise CodeError.of(faults)
    if not options.json:
        print(f"\nAll {sum(one.examples for one in checked)} worked examples hold.")


def _summary(edition: Edition, examples: int) -> dict[str, object]:
    duties = edition.duties.values()
    certainty = Counter(duty.certainty for duty in duties)
    return {
        "edition": edition.id,
        "duties": len(edition.duties),
        "rights": len({duty.right for duty in duties if duty.right}),
        "examples": examples,
        "not measurable": sum(bool(duty.not_measurable) for duty in duties),
        "measured now": sum(duty.measured_now for duty in duties),
        **{name: certainty[name] for name in CERTAINTIES},
    }
