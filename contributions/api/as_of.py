"""A list as of another day, and as known at a log checkpoint: `?as_of=2026-06-30&known_at=3`, as on pages."""

from __future__ import annotations

from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from rest_framework import exceptions, serializers

from contributions import selectors
from contributions.api.fields import Day
from contributions.api.queries import Query


class DayQuery(Query):
    """A day that the list speaks of."""

    as_of = Day(required=False, help_text="with effect up to and on that day; left out: today")

    @property
    def day(self):
        return self.validated_data.get("as_of", localdate())

    @property
    def is_chosen(self) -> bool:
        """Whether another day, or another state of the log, than the present was asked for."""
        return not self.validated_data.keys().isdisjoint({"as_of", "known_at"})


class AsOfQuery(DayQuery):
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
