"""Cash, people and background IP: recorded by the member, accepted by a second pair of eyes."""

from __future__ import annotations

from fractions import Fraction

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import now
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from contributions import selectors, services
from contributions.core import resources as rules
from contributions.core.errors import Refused
from contributions.core.roles import MEMBER, may
from contributions.forms.fields import choices
from contributions.forms.filters import Narrow
from contributions.forms.resources import ResourceForm
from contributions.templatetags.contributed import RESOURCE_STATES, word
from contributions.templatetags.moyai import called, decimal_text
from contributions.views import doors, history
from contributions.views.exports import csv_file
from contributions.views.lists import page_of, query_of, wants_csv


@doors.open_to(doors.RESOURCES)
def index(request):
    """Every contribution of these three kinds that the reader may see, with its sums."""
    viewer = request.viewer
    filters = Narrow(request.GET, kind=(_("Kind"), choices(rules.KINDS)), state=(_("State"), choices(RESOURCE_STATES)))
    rows = selectors.resources.matching(selectors.resources.visible_to(viewer), query_of(request))
    for name in ("kind", "state"):
        if chosen := filters.chosen(name):
            rows = rows.filter(**{name: chosen})
    if wants_csv(request):
        return _as_csv(rows)
    page = page_of(request, rows)
    context = {
        "rows": page,
        "page": page,
        "filters": filters,
        "search": True,
        "query": query_of(request),
        "totals": selectors.resources.totals(rows),
        "may_record": viewer.workplace == MEMBER and may(viewer, "resource.record"),
        "csv_url": request.path,
    }
    return render(request, "contributions/resources/list.html", context)


def new(request):
    """A member records one contribution."""
    viewer = request.viewer
    member = get_object_or_404(selectors.members.visible_to(viewer), organization__code=viewer.acting)
    form = ResourceForm(
        request.POST or None,
        agreements=selectors.terms.visible_to(viewer),
        sources=selectors.funding.visible_to(viewer),
    )
    if request.method == "POST" and form.is_valid():
        try:
            resource = services.resources.record(
                member=member, illustrative=selectors.log.head().demo, by=viewer, at=now(), **form.named()
            )
        except Refused as refusal:
            form.add_error(None, refusal.text(get_language()))
        else:
            messages.success(request, _("Recorded as %(number)s.") % {"number": resource.number})
            return redirect("contributions:resource", resource.number)
    return render(request, "contributions/resources/form.html", {"form": form})


def detail(request, number):
    """One contribution, with the rate that fixed its yen where it came in another currency."""
    resource = _resource(request, number)
    owner = resource.member.organization
    services.openings.record(f"resource:{number}", owner=owner, by=request.viewer, at=now())
    return _detail(request, resource)


@require_POST
def accept(request, number):
    """The secretariat accepts it; from now on it counts."""
    resource = _resource(request, number)
    if request.POST.get("confirm", "").strip() != resource.number:
        return _detail(request, resource, error=_("This is not the number."), status=422)
    services.resources.accept(resource, by=request.viewer, at=now())
    return redirect("contributions:resource", number)


def _resource(request, number):
    return get_object_or_404(selectors.resources.visible_to(request.viewer), number=number)


def _detail(request, resource, *, error: str | None = None, status: int = 200):
    viewer = request.viewer
    context = {
        "resource": resource,
        "may_accept": may(viewer, "resource.accept") and resource.state == "submitted",
        "foreign": _foreign(resource),
        "months": rules.engineer_months(resource.quantity) if resource.kind == rules.PEOPLE else None,
        "sees_terms": selectors.terms.visible_to(viewer).filter(pk=resource.agreement_id).exists(),
        "error": error,
        "history": history.about(viewer, f"resource:{resource.number}"),
    }
    return render(request, "contributions/resources/detail.html", context, status=status)


def _foreign(resource) -> dict | None:
    """Amount and rate of foreign cash as people write them; the yen were fixed from these, once."""
    if not resource.foreign_amount:
        return None
    digits = rules.MINOR_DIGITS.get(resource.currency, 0)
    return {
        "amount": decimal_text(Fraction(resource.foreign_amount) / 10**digits, digits),
        "rate": decimal_text(Fraction(resource.exchange_rate), 4),
    }


def _as_csv(rows):
    header = (
        _("Number"), _("Member"), _("Kind"), _("Title"), _("Nature or grade"), _("Quantity"), _("Unit"),
        _("From"), _("Until"), _("Funding source"), _("State"),
    )  # fmt: skip
    lines = [
        (
            row.number,
            called(row.member.organization),
            word(row.kind, "resource"),
            called({"name_ja": row.title_ja, "name_en": row.title_en}),
            word(row.nature, "nature") if row.nature else word(row.grade, "grade") if row.grade else "",
            row.quantity,
            row.unit,
            row.period_from,
            row.period_until,
            row.funding.code if row.funding else "",
            word(row.state, "resource_state"),
        )
        for row in rows
    ]
    return csv_file("resources", header, lines)
