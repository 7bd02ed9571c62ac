"""The Celery application: which broker, which tasks. Both come from the settings; the tasks live in each wing's tasks.py."""

from __future__ import annotations

import os

from celery import Celery

import config.broker  # noqa: F401  (registers the local queue)

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("moyai")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
