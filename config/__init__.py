"""Wiring only: settings, addresses, the background worker's application, start-up."""

import gc

from config.celery import app as celery_app

__all__ = ["celery_app"]

# Drawing and checking a document makes hundreds of thousands of objects that live until it is done. By its defaults the
# collector of cycles would walk over all of them every 700 new ones, and take half of the time.
gc.set_threshold(50_000, 20, 20)
