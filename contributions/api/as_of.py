"""A list or a thing as of another day, and as known at a checkpoint (`?as_of=2026-06-30&known_at=3`), as on pages."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from rest_framework import exceptions, serializers

from contributions import selectors
from contributions.api import refusals
from contributions.api.fields import Day
from contributions.api.queries import Query, Strict


class AsOfDay(Day):
    """The day asked for; what is no date is refused in the words of the pages."""

    def to_internal_value(self, value: object) -> date:
        try:
            return super().to_internal_value(value)
        except exceptions.ValidationError:
            said = _("“%s” is no date. Write one such as 2026-06-30.") % str(value)[:40]
            raise exceptions.ValidationError(said, "no-date") from None


class DayAsked(Strict):
    """A day of which one thing is told."""

    as_of = AsOfDay(required=False, help_text="as it stood on that day; left out: today")

    @property
    def day(self) -> date:
        return self.validated_data.get("as_of", localdate())

    @property
    def is_chosen(self) -> bool:
        """Whether another day, or another state of the log, than the present was asked for."""
        return not self.validated_data.keys().isdisjoint({"as_of", "known_at"})


class AsOfAsked(DayAsked):
    """A day, and the log checkpoint up to which entries count."""

    known_at = serializers.IntegerField(
        min_value=1, max_value=2**53, required=False, help_text="number of a log checkpoint; left out: all entries"
    )

    def validate_known_at(self, value: int) -> int:
        """The checkpoint's number of entries."""
        found = selectors.log.checkpoints().filter(number=value).first()
        if found is None:
            raise exceptions.ValidationError(
                _("There is no log checkpoint of number “%s”.") % value, "no-such-checkpoint"
            )
        return found.size

    @property
    def size(self) -> int | None:
        """How many entries count; None for all of them."""
        return self.validated_data.get("known_at")


class DayQuery(DayAsked, Query):
    """A day that the list speaks of."""


class AsOfQuery(AsOfAsked, Query):
    """A day that the list speaks of, and the log checkpoint up to which entries count."""


def stood(rows: Sequence):
    """The one thing as it then stood; before it was on record there is nothing to tell of it."""
    if not rows:
        raise refusals.not_found()
    return rows[0]


def day_of(serializer: serializers.Serializer) -> date:
    """The day of which an answer speaks: that which was asked for, else today."""
    asked = serializer.context.get("asked")
    return asked.day if isinstance(asked, DayAsked) else localdate()


def is_past(serializer: serializers.Serializer) -> bool:
    """Whether an answer speaks of another day than today."""
    asked = serializer.context.get("asked")
    return isinstance(asked, DayAsked) and asked.is_chosen
