"""`kept serve`, `kept worker` and what belongs to the service: its people, its access log, contact details.

What uses Django can be read in only once `started` has set it up.
"""

import argparse
import os

from kept.cli.output import print_json, say, table
from kept.errors import ServiceError, UsageError

_GIVES_WAY = 15
"""How much a worker gives way to those who serve pages on the same machine: 19 is the most that `nice` knows."""


def started(options: argparse.Namespace, *, there: bool = True, **more: str) -> None:
    """Set up the service that the options name, with more settings of its environment.

    UsageError where it must be `there` and is not, so that nobody takes one that is empty for their own.
    """
    from kept.web.starting import start

    start({"KEPT_STORE": options.store, "KEPT_HOME": options.home, **more}, there=there)


def serve(options: argparse.Namespace) -> None:
    plain = {"KEPT_DEMO": "1", "KEPT_HTTPS": "0", "KEPT_ENTRY": "1"} if options.demo else {}
    started(options, there=False, **plain)
    from kept.web import environment, serving

    serving.check(environment.read(), options.host)
    if options.demo:
        print(_who_they_are(f"http://{options.host}:{options.port}/"), flush=True)
    serving.serve(options.host, options.port, options.workers, options.threads, with_worker=options.with_worker)


def work(options: argparse.Namespace) -> None:
    started(options, there=False, **({"KEPT_DEMO": "1"} if options.demo else {}))
    from kept.web.jobs.worker import Worker

    if options.once:
        say(f"Done: {Worker().run_once()} jobs.")
        return
    os.nice(_GIVES_WAY)
    Worker().run(lambda: print("At work on what is due. Ctrl-C stops it.", flush=True))


def _who_they_are(address: str) -> str:
    from kept.web.contacts.invented import invented_contacts
    from kept.web.environment import INVENTED_PASSWORD
    from kept.web.people.adding import invented

    people = invented()
    rows = [(one.name, one.shown, one.role, one.of) for one in people]
    listed = table(("sign in as", "who", "role", "of"), rows)
    said = (
        f"Open {address} and sign in. The password of all is {INVENTED_PASSWORD}; the page shows the code to enter.\n\n"
    )
    if page := invented_contacts("oscar"):
        case = page.partition("/victims/")[0]
        said += f"A case of oscar's in which something is owed; it says why, duty by duty:\n  {address}{case}\n"
        said += f"How to reach its victim, which nobody else may see:\n  {address}{page}\n"
    return f"People of the invented force:\n\n{listed}\n\n{said}\nCtrl-C stops the service."


def add_person(options: argparse.Namespace) -> None:
    started(options, there=False)
    from kept.web.people.adding import add
    from kept.web.people.policy import Unit

    level, _, name = options.of.partition("=")
    added = add(options.name, options.shown or options.name, options.role, Unit(level, name), options.officer)
    say(f"{added.name} can sign in as {added.role} of {added.of}, with this password to begin with: {added.password}")


def verify_log(options: argparse.Namespace) -> int:
    anchor = _noted(options.head)
    started(options)
    from kept.web.consulted import chain

    broken, head = chain.verify(chain.Anchor(*anchor) if anchor else None), chain.head()
    if options.json:
        print_json({"whole": broken is None, "head": str(head), "broken": broken and broken.number})
    if broken:
        raise ServiceError(
            f"The access log is broken at line {broken.number}.",
            why=broken.what,
            what_to_do="Compare that line with a copy of the database, and find out who could write to it.",
        )
    if not options.json:
        say(f"The access log is whole: {head.number} lines, the last {head.digest or 'none'}.")
    return 0


def _noted(text: str) -> tuple[int, str] | None:
    number, colon, digest = text.partition(":")
    if text and not (number.isdigit() and colon):
        raise UsageError(f"“{text}” is not an end of the log.", what_to_do="Give it as `kept log head` printed it.")
    return (int(number), digest) if text else None


def print_head(options: argparse.Namespace) -> None:
    started(options)
    from kept.web.consulted import chain

    print(chain.head())


def load_contacts(options: argparse.Namespace) -> None:
    started(options, there=False)
    from kept.web.contacts.load import load

    say(f"Contact details of {load(options.file, 'command').persons:,} persons are loaded.")


def forget_contacts(options: argparse.Namespace) -> None:
    started(options)
    from kept.web.consulted.chain import Line, add
    from kept.web.contacts import book

    known = book.forget(options.person)
    if known:
        add(Line("erasure", "command", "contacts forget", why="contact details of one person"))
    say("What was known is deleted." if known else "Nothing was known of this person.")


def export_entered(options: argparse.Namespace) -> None:
    started(options)
    from kept.web.entered.loading import export

    say(f"{export(options.file):,} rows are written to {options.file}.")


def make_key(options: argparse.Namespace) -> None:
    started(options)
    from kept.web import environment
    from kept.web.sealing import add_key

    say(f"The key {add_key(environment.read().sealing_keys)} comes first now. Run `kept contacts rotate`.")


def seal_again(options: argparse.Namespace) -> None:
    started(options)
    from kept.web import sealed

    done = sealed.seal_again()
    say(f"Sealed again with the first key: {', '.join(f'{count:,} {what}' for what, count in done.items())}.")
