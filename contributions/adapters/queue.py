"""Waking a worker. The job's row is the truth; a lost message costs a delay, never a job."""

from __future__ import annotations

import logging

from celery import current_app
from kombu.exceptions import OperationalError

log = logging.getLogger(__name__)


def wake(job_id: str) -> None:
    """Tell some worker that this job waits; a sweeper finds it if the message is lost."""
    try:
        current_app.send_task("contributions.tasks.execute", kwargs={"job_id": job_id}, retry=False)
    except (OperationalError, OSError):
        log.warning("no broker to wake a worker; the sweeper will find job %s", job_id)
