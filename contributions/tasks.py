"""What the queue may ask of this wing. Each task parses, makes one service call, and ends."""

from datetime import timedelta

from celery import shared_task
from django.conf import settings
from django.utils.timezone import localdate, now

from contributions import selectors, services
from contributions.core.roles import Viewer

services.jobs.WORK.update(
    {
        services.intakes.READ: services.intakes.read,
        services.intakes.COMMIT: services.intakes.post,
        selectors.verification.SERVICE: services.verification.verify,
    }
)


@shared_task
def execute(*, job_id: str) -> None:
    """Run a job, unless another worker has it."""
    services.jobs.execute(job_id, now=now)


@shared_task
def sweep() -> None:
    """Wake workers for jobs whose message was lost."""
    services.jobs.sweep(at=now())


@shared_task
def expire() -> None:
    """Let go of files that nobody committed in time, and of what was erased but left by a machine that died."""
    services.intakes.expire(at=now())
    services.annexes.sweep()


@shared_task
def seal() -> None:
    """Sign a checkpoint over what was added since the last; nothing before the ledger is founded."""
    if selectors.log.head() is None:
        return
    services.log.seal(by=Viewer.system("seal"), at=now())


@shared_task
def extend_balances() -> None:
    """Make the blocks of running totals that the log has filled since."""
    services.balances.extend()


@shared_task
def verify_log() -> None:
    """Ask for the nightly verification of the whole log, in depth; its job keeps what came of it."""
    if selectors.log.head() is not None:
        services.verification.request(by=Viewer.system("verify"), at=now())


@shared_task
def check_exclusions() -> None:
    """Once a month, hold every use on record against every declaration: each member's own evidence, by the calendar."""
    if selectors.log.head() is not None:
        today = localdate()
        services.exclusions.check_all(
            on=today, unless_since=today.replace(day=1), by=Viewer.system("exclusions"), at=now()
        )


@shared_task
def forget_answers() -> None:
    """Drop the kept answers of acts that nobody will send again."""
    services.acts.forget(at=now(), kept_for=timedelta(days=settings.ANSWERS_KEPT_DAYS))
