"""Wiring only: settings, addresses, the background worker's application, start-up."""

from config.celery import app as celery_app

__all__ = ["celery_app"]
