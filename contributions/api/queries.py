"""What a caller may ask and send: declared field by field; a name that is not declared is a fault, not ignored.

A filter misspelt would otherwise give every row, and a reason misspelt would be lost for good.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import ClassVar

from django.http import QueryDict
from django.utils.translation import gettext as _
from rest_framework import exceptions, serializers
from rest_framework.request import Request
from rest_framework.utils.urls import remove_query_param, replace_query_param

LIMIT, LIMIT_MAX, OFFSET_MAX = 100, 500, 10**9
NAMES_TOLD_MAX = 100  # of names that nobody knows: an answer must not be longer than what was sent
SEVERAL = (serializers.ListField, serializers.MultipleChoiceField)


class Strict(serializers.Serializer):
    """Fields that are declared, each once, and no others."""

    def to_internal_value(self, data):
        if twice := [name for name in _given_twice(data) if not isinstance(self.fields.get(name), SEVERAL)]:
            sentence = _("This name stands twice.")
            raise exceptions.ValidationError(
                {name: [exceptions.ErrorDetail(sentence, "duplicate-name")] for name in twice}
            )
        if isinstance(data, Mapping) and (unknown := sorted(set(data) - set(self.fields))):
            sentence = _("There is no field of this name.")
            raise exceptions.ValidationError(
                {name: [exceptions.ErrorDetail(sentence, "unknown-field")] for name in unknown[:NAMES_TOLD_MAX]}
            )
        return super().to_internal_value(data)


def _given_twice(data: object) -> list[str]:
    """In an address or a form a name may come again; the framework would take the last without a word."""
    return [name for name in data if len(data.getlist(name)) > 1] if isinstance(data, QueryDict) else []


class Query(Strict):
    """Which part of a list."""

    limit = serializers.IntegerField(min_value=1, max_value=LIMIT_MAX, default=LIMIT, help_text="rows in one answer")
    offset = serializers.IntegerField(min_value=0, max_value=OFFSET_MAX, default=0, help_text="rows to pass over")

    where: ClassVar[Mapping[str, str]] = {}
    """Field → the column that it narrows."""

    def narrow(self, rows):
        """The rows that every filter given lets pass."""
        asked = self.validated_data
        return rows.filter(**{column: asked[name] for name, column in self.where.items() if name in asked})


class Completed:
    """Rows of which each part, once it is drawn, is completed as a whole: one more query for a part, not for a row."""

    def __init__(self, rows, complete: Callable[[Sequence], object]) -> None:
        self.rows, self.complete = rows, complete

    def count(self) -> int:
        return len(self.rows) if isinstance(self.rows, Sequence) else self.rows.count()

    def __getitem__(self, part: slice) -> list:
        drawn = list(self.rows[part])
        self.complete(drawn)
        return drawn


def page_of(rows, asked: Query, out: type[serializers.Serializer], request: Request) -> dict:
    """One part of the rows with how many there are, and where the parts before and after it lie."""
    limit, offset = asked.validated_data["limit"], asked.validated_data["offset"]
    count = len(rows) if isinstance(rows, Sequence) else rows.count()
    part = rows[offset : offset + limit]
    here = replace_query_param(request.build_absolute_uri(), "limit", limit)
    before, after = max(offset - limit, 0), offset + limit
    back = replace_query_param(here, "offset", before) if before else remove_query_param(here, "offset")
    return {
        "count": count,
        "next": replace_query_param(here, "offset", after) if after < count else None,
        "previous": back if offset else None,
        "results": out(part, many=True, context={"request": request, "asked": asked}).data,
    }


def of_state(*names: str) -> serializers.ChoiceField:
    """A filter by state."""
    return serializers.ChoiceField(names, required=False)


def word(most: int = 80, **options) -> serializers.CharField:
    """A filter by a code or number, whole."""
    return serializers.CharField(max_length=most, required=False, **options)
