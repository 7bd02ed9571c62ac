"""What a contribution that takes the place of another keeps of it, and that only one does so at a time."""

from __future__ import annotations

from collections.abc import Collection

from contributions.core import courses
from contributions.core import resources as rules
from contributions.core.completeness import Appraisal
from contributions.core.money import fraction
from contributions.models import Resource

KEPT = (
    "member", "kind", "nature", "grade", "funding", "agreement", "title_ja", "title_en", "illustrative",
    "period_from", "period_until",
)  # fmt: skip


def check_free(old: Resource, new: Resource | None, states: Collection[str]) -> None:
    """Refuse where another replacement stands in one of the states: two would count together."""
    others = old.replacements.filter(state__in=states).exclude(pk=new.pk if new else None)
    if (other := others.order_by("pk").first()) is not None:
        raise courses.BeingReplaced(number=old.number, other=other.number)


def kept(resource: Resource, foreign_amount: str) -> dict:
    """What stays where it is not stated anew: background IP its limits, foreign cash its currency and rate."""
    return {
        **{name: getattr(resource, name) for name in KEPT},
        "appraisal": _appraisal(resource),
        "foreign": _foreign(resource, foreign_amount),
    }


def _appraisal(resource: Resource) -> Appraisal | None:
    if resource.kind != Resource.Kind.BACKGROUND:
        return None
    use = tuple(resource.use_fields), tuple(resource.use_by)
    return Appraisal(resource.appraiser, resource.appraised_on, resource.limits, *use)


def _foreign(resource: Resource, amount: str) -> rules.ForeignCash | None:
    if not resource.foreign_amount:
        return None
    if not amount or resource.exchange_on is None:
        raise rules.StaysForeign(number=resource.number, currency=resource.currency)
    rate, minor = fraction(resource.exchange_rate), int(resource.foreign_amount)
    cash = rules.ForeignCash(resource.currency, minor, rate, resource.exchange_source, resource.exchange_on)
    return rules.restated(cash, amount)
