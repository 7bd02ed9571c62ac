"""The Celery application. Broker and timetable come from the settings; the tasks are each wing's tasks.py."""

from __future__ import annotations

import os
import warnings

from celery import Celery
from celery.signals import worker_init

import config.broker  # noqa: F401  (registers the local queue)

# Messages are JSON, so the danger this warns of (a pickled message run by root) is not there.
warnings.filterwarnings("ignore", message=r"\s*You're running the worker with superuser privileges")

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("moyai")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@worker_init.connect
def _hold(**_: object) -> None:
    from contributions import checks  # late: the site is loaded by now

    checks.hold()
