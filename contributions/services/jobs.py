"""Background work. The row is the truth: who claims it by one conditional UPDATE owns it until its lease runs out,
and only the owner can finish it. The queue merely wakes a worker; a sweeper wakes it again."""

from __future__ import annotations

import logging
import os
import socket
from collections.abc import Callable
from datetime import date, datetime, timedelta
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import F, Q

from contributions.adapters import queue
from contributions.core.errors import Refused
from contributions.core.periods import jst_date
from contributions.core.roles import Viewer
from contributions.models import Job
from contributions.selectors import people
from contributions.services import journal

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=10)
ATTEMPTS_MAX = 3
Work = Callable[..., dict | None]

# Which service a job of that name runs; each wing's tasks.py enters its own.
WORK: dict[str, Work] = {}


def request(service: str, *, arguments: dict, by: Viewer, at: datetime, entry_seq: int | None = None) -> Job:
    """Queue a job, and wake a worker once this transaction is committed."""
    job = Job.objects.create(
        service=service,
        arguments=arguments,
        requested_by_id=by.user,
        workplace=by.workplace,
        acting=by.acting or "",
        entry_seq=entry_seq,
        requested_at=at,
    )
    transaction.on_commit(lambda: queue.wake(str(job.pk)))
    return job


def execute(job_id: UUID | str, *, now: Callable[[], datetime]) -> bool:
    """Claim the job, run its service, and finish it; whether this call was the one that ran it."""
    owner = f"{socket.gethostname()}:{os.getpid()}:{uuid4().hex[:8]}"
    if not claim(job_id, owner=owner, at=now()):
        return False
    job = Job.objects.get(pk=job_id)
    viewer = _requester(job, on=jst_date(now()))
    try:
        with journal.tidied():
            result = WORK[job.service](**job.arguments, by=viewer, at=now())
    except Refused as refusal:
        _fail(job, owner, refusal.text("ja"), refusal.text("en"), at=now(), final=True)
    except Exception:
        log.exception("job %s (%s) failed", job.pk, job.service)
        _fail(job, owner, "処理に失敗しました。", "The work failed.", at=now(), final=job.attempts >= ATTEMPTS_MAX)
    else:
        finish(job, owner=owner, result=result or {}, at=now())
    return True


def _requester(job: Job, *, on: date) -> Viewer:
    """Who asked for the job, at the workplace it was asked from, barred from what that person is barred from."""
    acting = job.acting or None
    if job.requested_by is None:
        return Viewer(None, "job", None, acting, job.workplace, request=job.pk)
    return people.standing(job.requested_by, workplace=job.workplace, acting=acting, on=on, request=job.pk)


def claim(job_id: UUID | str, *, owner: str, at: datetime) -> bool:
    """Take a queued job, or one whose owner's lease ran out. Exactly one caller gets it."""
    free = Q(state=Job.State.QUEUED) | Q(state=Job.State.RUNNING, lease_until__lt=at)
    taken = Job.objects.filter(free, pk=job_id, attempts__lt=ATTEMPTS_MAX).update(
        state=Job.State.RUNNING, owner=owner, lease_until=at + LEASE, attempts=F("attempts") + 1
    )
    return taken == 1


def finish(job: Job, *, owner: str, result: dict, at: datetime) -> bool:
    """Close the job, if this owner still holds it."""
    return (
        Job.objects.filter(pk=job.pk, owner=owner, state=Job.State.RUNNING).update(
            state=Job.State.DONE, result=result, finished_at=at, lease_until=None
        )
        == 1
    )


def progress(job_id: UUID | None, done: int, total: int) -> None:
    """Say how far a running job is. `total` of 0 or a job that is none says nothing."""
    if job_id is not None and total:
        Job.objects.filter(pk=job_id, state=Job.State.RUNNING).update(done_count=done, total_count=total)


def _fail(job: Job, owner: str, ja: str, en: str, *, at: datetime, final: bool) -> None:
    Job.objects.filter(pk=job.pk, owner=owner).update(
        state=Job.State.FAILED if final else Job.State.QUEUED,
        failure_ja=ja,
        failure_en=en,
        lease_until=None,
        finished_at=at if final else None,
    )


def sweep(*, at: datetime) -> int:
    """Wake a worker for each job that waits too long or whose owner went silent; park those tried too often."""
    silent = Job.objects.filter(state=Job.State.RUNNING, lease_until__lt=at)
    silent.filter(attempts__gte=ATTEMPTS_MAX).update(state=Job.State.FAILED, finished_at=at, lease_until=None)
    waiting = Job.objects.filter(state=Job.State.QUEUED, requested_at__lt=at - timedelta(seconds=5)) | silent
    job_ids = [str(pk) for pk in waiting.values_list("pk", flat=True)[:100]]
    for job_id in job_ids:
        queue.wake(job_id)
    return len(job_ids)
