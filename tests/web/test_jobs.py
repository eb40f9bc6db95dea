"""The queue and the worker: each job is done once, whoever dies at it; and what went wrong is said."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from kept.errors import KeptError, MappingError, StoreError
from kept.web.jobs import notices, queue
from kept.web.jobs.models import Job, Notice
from kept.web.jobs.models import Worker as Row
from kept.web.jobs.task import Task
from kept.web.jobs.worker import Worker
from kept.web.jobs.works import Work, works
from kept.web.people.models import User

Person = Callable[..., User]
pytestmark = pytest.mark.django_db


def later(seconds: float) -> datetime:
    return timezone.now() + timedelta(seconds=seconds)


@pytest.fixture
def lease(settings: Any) -> float:
    found: timedelta = settings.ENVIRONMENT.lease
    return found.total_seconds()


def does(*kinds: tuple[str, Callable[[Task], Any]], after: Any = None) -> Worker:
    worker = Worker()
    worker.works = {kind: Work(kind, run, after) for kind, run in kinds}
    return worker


# -- the queue -----------------------------------------------------------------------------------------------


def test_what_is_due_longest_is_taken_first_and_nothing_before_its_time() -> None:
    queue.ask("load", {"n": 1}, due=later(-1))
    queue.ask("load", {"n": 2}, due=later(-9))
    queue.ask("load", {"n": 3}, due=later(9))
    taken = [queue.take("one"), queue.take("two"), queue.take("three")]
    assert [job and job.payload["n"] for job in taken] == [2, 1, None]


def test_the_same_key_waits_once_and_for_the_earlier_moment() -> None:
    first = queue.ask("evaluate", key="latest", due=later(60))
    again = queue.ask("evaluate", key="latest")
    assert (first.pk, Job.objects.count()) == (again.pk, 1)
    assert queue.ask("evaluate", key="latest", due=later(600)).pk == first.pk
    assert queue.take("one") is not None
    assert queue.ask("evaluate", key="latest").pk != first.pk, "what is at work may not know of what came since"
    assert queue.ask("load", key="latest").pk != first.pk
    assert queue.ask("load").pk != queue.ask("load").pk


def test_what_is_held_is_taken_by_another_once_its_lease_is_past(lease: float) -> None:
    queue.ask("load")
    first = queue.take("one")
    assert first is not None
    assert queue.take("two", later(lease - 1)) is None
    second = queue.take("two", later(lease + 1))
    assert second is not None
    assert (second.pk, second.tries) == (first.pk, 2)
    assert not queue.renew(first)
    assert not queue.finish(first, {"by": "one"}), "who lost it cannot end it"
    assert queue.finish(second, {"by": "two"})
    assert Job.objects.get().came_to == {"by": "two"}
    assert not queue.give_up(second, "twice")


def test_of_two_who_saw_it_free_one_gets_it() -> None:
    queue.ask("load")
    seen, now = Job.objects.get(), timezone.now()
    assert [queue._taken(seen, name, now) for name in ("one", "two")] == [True, False]


def test_a_lease_is_renewed(lease: float) -> None:
    queue.ask("load", due=later(-lease))
    job = queue.take("one", later(-lease + 1))
    assert job is not None
    assert queue.renew(job)
    assert queue.take("two", later(lease - 2)) is None


def test_waits_grow_and_end() -> None:
    job, at, waits = queue.ask("load"), timezone.now(), []
    for _ in range(queue.MOST_TRIES):
        taken = queue.take("one", at)
        assert taken is not None
        queue.try_again(taken, "No room.")
        job.refresh_from_db()
        waits.append(round((job.due - timezone.now()).total_seconds()))
        at = job.due + timedelta(seconds=1)
    assert waits[:4] == [30, 60, 120, 240]
    assert (job.given_up, job.says, queue.take("one", later(1e6))) == (True, "No room.", None)


def test_what_kills_its_worker_each_time_is_given_up(lease: float) -> None:
    job = queue.ask("load")
    for number in range(queue.MOST_TRIES):
        assert queue.take("one", later((lease + 1) * number)) is not None
    assert queue.take("one", later((lease + 1) * 9)) is None
    job.refresh_from_db()
    assert job.given_up
    assert "stopped without a word" in job.says


class Queue(TestCase):
    @given(
        st.lists(
            st.tuples(st.sampled_from(["ask", "take", "end", "fail", "back", "die"]), st.integers(0, 2)), max_size=25
        )
    )
    @settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
    def test_whatever_happens_each_job_has_one_holder_and_ends_once(self, happens: list[tuple[str, int]]) -> None:
        Job.objects.all().delete()
        at, holds, ended = timezone.now(), dict[int, Job](), list[int]()
        for what, who in happens:
            at += timedelta(minutes=7)  # longer than a lease: what is not renewed is free
            mine = holds.get(who)
            if what == "ask":
                queue.ask("load", key=str(who), due=at)
            elif what == "take" and (job := queue.take(str(who), at)):
                holds[who] = job
            elif mine and what == "end" and queue.finish(mine, {}):
                ended.append(mine.pk)
            elif mine and what == "fail":
                queue.try_again(mine, "no")
            elif mine and what == "back":
                queue.give_back(mine)
            elif what == "die":
                holds.pop(who, None)
        assert len(ended) == len(set(ended))
        live = [pk for job in holds.values() for pk in queue.held(job).values_list("pk", flat=True)]
        assert len(live) == len(set(live))
        waiting = Job.objects.filter(tries=0, ended=None).values_list("kind", "key")
        assert len(waiting) == len(set(waiting))


# -- the worker ----------------------------------------------------------------------------------------------


def test_a_job_is_done_with_what_it_came_to_and_what_follows(person: Person) -> None:
    anna = person("analyst", name="anna")

    def load(task: Task) -> dict[str, Any]:
        task.then("evaluate", {"of": 1}, key="latest")
        task.tell("%(rows)s rows are in.", "/data", rows=7)
        assert not Job.objects.filter(kind="evaluate").exists(), "not before it is done"
        return {"version": 3}

    queue.ask("load", by="anna")
    assert does(("load", load), ("evaluate", lambda task: None)).run_once() == 2
    done = list(Job.objects.order_by("pk").values_list("kind", "asked_by", "came_to", "given_up"))
    assert done == [("load", "anna", {"version": 3}, False), ("evaluate", "anna", {}, False)]
    (told,) = notices.of(anna)
    assert (told.text, told.link) == ("7 rows are in.", "/data")
    assert notices.put_away(anna, told.number) == 1
    assert notices.of(anna) == []


def test_what_the_first_try_settles_holds_for_the_second() -> None:
    numbers = iter(range(9))

    def evaluate(task: Task) -> dict[str, Any]:
        at = task.settled("as_of", lambda: next(numbers))
        if task.job.tries == 1:
            raise StoreError("Another load is at work.")
        return {"as_of": at}

    queue.ask("evaluate")
    worker = does(("evaluate", evaluate))
    worker.run_once()
    Job.objects.update(due=timezone.now())
    worker = does(("evaluate", evaluate))
    worker.run_once()
    assert Job.objects.get().came_to == {"as_of": 0}


@pytest.mark.parametrize(
    ("error", "given_up", "says"),
    [
        (MappingError("There is no column X."), True, "There is no column X."),
        (StoreError("Another load is at work."), False, "Another load is at work."),
        (KeptError("Odd."), False, "Odd."),
        (RuntimeError("V1 of 1 High Street"), False, "Something went wrong in Kept itself (RuntimeError)."),
        (DatabaseError("password=secret"), False, "Something went wrong in Kept itself (DatabaseError)."),
    ],
    ids=str,
)
def test_what_went_wrong_is_said_and_tried_again_where_that_can_help(
    error: Exception, given_up: bool, says: str
) -> None:
    def fail(task: Task) -> None:
        task.then("evaluate")
        raise error

    queue.ask("load")
    does(("load", fail)).run_once()
    job = Job.objects.get()
    assert (job.given_up, job.says, job.lease) == (given_up, says, None)


def test_a_worker_that_is_told_to_stop_gives_back_what_it_had_begun() -> None:
    def slow(task: Task) -> None:
        task.settled("as_of", lambda: 1)
        worker._told_to_stop(15, None)

    worker = does(("load", slow))
    queue.ask("load")
    assert worker.run_once() == 1
    job = Job.objects.get()
    assert (job.ended, job.lease, job.tries, job.kept) == (None, None, 0, {"as_of": 1})
    assert queue.take("another") is not None


def test_what_is_done_again_and_again_waits_for_its_next_time_even_after_a_fault() -> None:
    tries = iter([StoreError("No."), None])

    def clean(task: Task) -> None:
        if error := next(tries):
            raise error

    worker = does(("clean", clean), after=lambda at: at + timedelta(hours=1))
    worker.require_recurring()
    worker.require_recurring()
    for says in ("No.", ""):
        Job.objects.update(due=timezone.now())
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(worker, "heart", Worker().heart)
            worker.run_once()
        job = Job.objects.get()
        assert (job.says, job.tries, job.ended) == (says, 0, None)
        assert job.due > later(3000)


def test_a_kind_that_nobody_knows_is_given_up() -> None:
    queue.ask("nonesuch")
    does().run_once()
    assert "does not know how" in Job.objects.get().says


def test_a_worker_is_seen_while_it_works_and_known_to_have_ended() -> None:
    def look(task: Task) -> dict[str, Any]:
        row = Row.objects.get()
        return {"doing": row.doing_id, "ended": str(row.ended)}

    job = queue.ask("load")
    does(("load", look)).run_once()
    assert Job.objects.get().came_to == {"doing": job.pk, "ended": "None"}
    assert Row.objects.get().ended is not None


def test_nobody_is_told_who_is_not_there(person: Person) -> None:
    gone = person("analyst", name="gone")
    User.objects.filter(pk=gone.pk).update(is_active=False)
    assert [notices.tell(name, "x") for name in ("", "none", "gone")] == [None] * 3
    assert not Notice.objects.exists()


def test_how_far_it_is_can_be_read() -> None:
    seen: list[dict[str, Any]] = []

    def evaluate(task: Task) -> None:
        task.step("evaluating", 10)
        task._said -= 2
        task.moved(4)
        seen.append(Job.objects.get().step)

    queue.ask("evaluate")
    does(("evaluate", evaluate)).run_once()
    assert seen == [{"name": "evaluating", "done": 4, "of": 10}]
    assert Job.objects.get().step == {}


def test_every_kind_of_work_is_found() -> None:
    assert all(kind == work.kind for kind, work in works().items())
