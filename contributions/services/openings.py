"""The access record: who opened whose material. Not journaled; posted for good."""

from datetime import datetime

from django.db import IntegrityError, transaction

from contributions.core.periods import jst_date
from contributions.core.roles import MEMBER, Viewer
from contributions.models import Opening, Organization


def record(subject: str, *, owner: Organization, by: Viewer, at: datetime) -> Opening | None:
    """Note that a person opened a subject ("dataset:D-tetsu-0001") of that owner, once a day.

    The owner's own people leave no line here: theirs is no disclosure. Nor does the machine.
    """
    if by.user is None or (by.workplace == MEMBER and by.acting == owner.code):
        return None
    day = jst_date(at)
    if Opening.objects.filter(user=by.user, subject=subject, day=day).exists():
        return None
    places = Organization.objects.in_bulk([code for code in (by.acting, by.home) if code], field_name="code")
    try:
        with transaction.atomic():
            return Opening.objects.create(
                owner=owner,
                subject=subject,
                user_id=by.user,
                workplace=by.workplace,
                acting=places.get(by.acting),
                home=places.get(by.home),
                day=day,
                opened_at=at,
            )
    except IntegrityError:  # the same person opened it in another tab in the same moment
        return None
