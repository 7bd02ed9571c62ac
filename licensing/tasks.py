"""What the queue may ask of this wing: following the journal, and the services that do so."""

from celery import shared_task
from django.utils.timezone import now

from contributions.core.roles import Viewer
from contributions.services import followers, jobs
from licensing import services

# Which service follows which kind of entry. Each is safe to run again: a stored paper is drawn once.
FOLLOWS = {"invoice.issued": "papers.draw_invoice", "distribution.approved": "papers.draw_statements"}
# What is owed follows from what happened; these may run again too, and then find nothing left to do.
OWED = {
    "agreement.executed": "obligations.follow_agreement",
    "agreement.renewed": "obligations.follow_agreement",
    "agreement.terminated": "obligations.follow_agreement",
    "agreement.expired": "obligations.follow_agreement",
    "amendment.executed": "obligations.follow_amendment",
    "usage.submitted": "obligations.follow_usage",
    "invoice.issued": "obligations.follow_invoice",
    "receipt.recorded": "obligations.follow_invoice",
    "delivery.made": "obligations.follow_deliveries",
    "delivery.accepted": "obligations.follow_deliveries",
    "delivery.rejected": "obligations.follow_deliveries",
    "delivery.deemed": "obligations.follow_deliveries",
}

jobs.WORK.update(
    {
        "papers.draw_invoice": services.papers.draw_invoice,
        "papers.draw_statements": services.papers.draw_statements,
        "obligations.follow_agreement": services.obligations.follow_agreement,
        "obligations.follow_amendment": services.obligations.follow_amendment,
        "obligations.follow_usage": services.obligations.follow_usage,
        "obligations.follow_invoice": services.obligations.follow_invoice,
        "obligations.follow_deliveries": services.obligations.follow_deliveries,
    }
)


@shared_task
def follow() -> None:
    """Turn new entries into jobs."""
    followers.follow("licensing", FOLLOWS, at=now())
    followers.follow("licensing.owed", OWED, at=now())


@shared_task
def move_agreements() -> None:
    """Each night: write down what the dates have done. How agreements stand never waits for it."""
    by, at = Viewer.system("nightly"), now()
    services.renewals.renew_due(by=by, at=at)
    services.terminations.move_due(by=by, at=at)
    services.deliveries.deem_due(by=by, at=at)
    services.licences.keep_current(by=by, at=at)


@shared_task
def send_digests() -> None:
    """Each morning: the letters on what is due."""
    services.calendars.send_digests(at=now())


@shared_task
def forget_inquiries() -> None:
    """Erase requests from outside whose days are over."""
    services.inquiries.forget(at=now())


@shared_task
def renew_timestamps() -> None:
    """Put a new timestamp over every signed paper whose newest one will soon run out."""
    services.returns.renew_all(by=Viewer.system("renew-timestamps"), at=now())
