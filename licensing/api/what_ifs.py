"""What if: an allocation under other assumptions. Reads only; whoever sees everything gets shares, a member its points.

What was in effect (`window_from`, `window_to`) and what was known (`known_on` or `known_at`) are chosen apart from each
other. A member is answered from its own entries and the common rules, with its own points and no share.
"""

from __future__ import annotations

from datetime import timedelta

from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from rest_framework import exceptions, serializers

from contributions import selectors as contributed
from contributions.api import refusals
from contributions.api.doors import Door, one, shows
from contributions.api.fields import Day, Ratio
from contributions.api.queries import Strict, word
from contributions.core.roles import may
from licensing import selectors
from licensing.core import what_ifs
from licensing.core.policies import RIGHTS
from licensing.selectors.what_ifs import Facts

DESK_ONLY = ("method", "without", "policy_version")


class WhatIfQuery(Strict):
    right = serializers.ChoiceField(sorted(RIGHTS), required=False, help_text="left out: the one money goes by")
    window_from = Day(required=False, help_text="first day of the period; left out: the allocation’s")
    window_to = Day(required=False, help_text="last day of the period; left out: the allocation’s")
    known_on = Day(required=False, help_text="only what was on record when this day was over, in Japan")
    known_at = serializers.IntegerField(
        min_value=1, max_value=2**53, required=False, help_text="or the number of entries that a checkpoint counts"
    )
    uncorrected = word(200, help_text="without the corrections of this member; or of one, by its key")
    method = serializers.ChoiceField(what_ifs.ALTERNATIVES, required=False, help_text="desk and auditor")
    without = word(32, help_text="a member left out; desk and auditor")
    policy_version = serializers.IntegerField(min_value=1, required=False, help_text="desk and auditor")

    def validate(self, asked: dict) -> dict:
        first, last = asked.get("window_from"), asked.get("window_to")
        if first and last and last < first:
            sentence = _("This day must not lie before “%(label)s”.") % {"label": _("Period from")}
            raise exceptions.ValidationError({"window_to": sentence})
        if asked.get("known_on") and asked.get("known_at"):
            raise exceptions.ValidationError({"known_at": _("Choose a day or a checkpoint, not both.")})
        if asked.get("known_on") and asked["known_on"] > localdate():
            raise exceptions.ValidationError({"known_on": _("This day has not come yet.")})
        return asked


class CorrectionSerializer(serializers.Serializer):
    """A correction that was left out."""

    key = serializers.CharField()
    member = serializers.CharField()
    kind = serializers.CharField()
    what = serializers.CharField(help_text="what it corrected")
    by = serializers.CharField(help_text="what took its place, if anything")
    seq = serializers.IntegerField(help_text="its entry")


class WhatIfShareSerializer(serializers.Serializer):
    member = serializers.CharField()
    before = Ratio(allow_null=True)
    after = Ratio(allow_null=True)
    difference = Ratio()


class WhatIfPointsSerializer(serializers.Serializer):
    category = serializers.CharField()
    before = Ratio()
    after = Ratio()


class WhatIfSerializer(serializers.Serializer):
    allocation = serializers.CharField()
    right = serializers.CharField(allow_null=True, help_text="null where only own points are answered")
    window_from = Day()
    window_until = Day(help_text="not including")
    left_out = CorrectionSerializer(many=True)
    shares = WhatIfShareSerializer(many=True, help_text="desk and auditor; else empty")
    points = WhatIfPointsSerializer(many=True, help_text="totals for desk and auditor, a member’s own for itself")


class WhatIf(Door):
    @shows(WhatIfSerializer, tag="allocations", also=(422,), query=WhatIfQuery)
    def get(self, request, asked, number):
        """An allocation as it would be under other assumptions; nothing is kept."""
        viewer, chosen = request.viewer, asked.validated_data
        found = one(selectors.allocations.visible_to(viewer), number=number)
        view = selectors.allocations.view(found, viewer, chosen.get("right"))
        everything = may(viewer, "bundle.full")
        if not everything and (named := next((name for name in DESK_ONLY if name in chosen), None)):
            raise refusals.invalid(named, _("Only the allocation desk and the auditor may try this."))
        if not view.right or not (everything or view.own is not None):
            raise refusals.not_found()
        facts = _facts(viewer, found, chosen)
        window = facts.window or (found.window_from, found.window_until)
        answer = {
            "allocation": found.number,
            "right": None,
            "window_from": window[0],
            "window_until": window[1],
            "left_out": facts.uncorrected,
            "shares": [],
        }
        if not everything:
            return answer | {"points": _points(selectors.what_ifs.own_points(found, viewer, facts))}
        right = selectors.allocations.right(found, view)
        change = what_ifs.Change(method=chosen.get("method", ""), without=chosen.get("without", ""))
        worked = selectors.what_ifs.answer(found, viewer, right, change, facts)
        return answer | {"right": right.right, "shares": worked.rows, "points": _points(worked.totals)}


def _points(rows) -> list[dict]:
    return [dict(zip(("category", "before", "after"), row, strict=True)) for row in rows]


def _facts(viewer, found, chosen: dict) -> Facts:
    begun, version = (found.window_from, found.window_until), chosen.get("policy_version")
    last = chosen.get("window_to")
    window = (chosen.get("window_from", begun[0]), last + timedelta(days=1) if last else begun[1])
    size = chosen.get("known_at")
    if size is not None:
        one(contributed.log.checkpoints(), size=size)
    if "known_on" in chosen:
        size = selectors.what_ifs.known_on(chosen["known_on"])
    policies = selectors.policies.visible_to(viewer)
    return Facts(
        policy=one(policies, number=found.policy.number, version=version) if version else None,
        size=size,
        window=window if window != begun else None,
        uncorrected=selectors.what_ifs.chosen(viewer, chosen.get("uncorrected", "")),
    )
