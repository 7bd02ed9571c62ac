"""What the queue may ask of this wing. Each task parses, makes one service call, and ends."""

from celery import shared_task
from django.utils.timezone import now

from contributions import selectors, services
from contributions.core.roles import Viewer

services.jobs.WORK.update(
    {services.intakes.READ: services.intakes.read, services.intakes.COMMIT: services.intakes.post}
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
    """Let go of files that nobody committed in time."""
    services.intakes.expire(at=now())


@shared_task
def seal() -> None:
    """Sign a checkpoint over what was added since the last; nothing before the ledger is founded."""
    if selectors.log.head() is None:
        return
    services.log.seal(by=Viewer.system("seal"), at=now())
