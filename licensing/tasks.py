"""What the queue may ask of this wing: following the journal, and the services that do so."""

from celery import shared_task
from django.utils.timezone import now

from contributions.core.roles import Viewer
from contributions.services import followers, jobs
from licensing import services

# Which service follows which kind of entry. Each is safe to run again: a stored paper is drawn once.
FOLLOWS = {"invoice.issued": "papers.draw_invoice", "distribution.approved": "papers.draw_statements"}

jobs.WORK.update(
    {
        "papers.draw_invoice": services.papers.draw_invoice,
        "papers.draw_statements": services.papers.draw_statements,
    }
)


@shared_task
def follow() -> None:
    """Turn new entries into jobs."""
    followers.follow("licensing", FOLLOWS, at=now())


@shared_task
def forget_inquiries() -> None:
    """Erase requests from outside whose days are over."""
    services.inquiries.forget(at=now())


@shared_task
def renew_timestamps() -> None:
    """Put a new timestamp over every signed paper whose newest one will soon run out."""
    services.returns.renew_all(by=Viewer.system("renew-timestamps"), at=now())
