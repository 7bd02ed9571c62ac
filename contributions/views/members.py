"""Members: who they are, since when, and what each has put in as far as the reader may see it."""

from __future__ import annotations

from django.shortcuts import get_object_or_404, render
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from contributions import selectors
from contributions.core.money import fraction
from contributions.templatetags.contributed import word
from contributions.templatetags.moyai import called
from contributions.views import doors, history
from contributions.views.exports import csv_file
from contributions.views.lists import page_of, query_of, wants_csv


@doors.open_to(doors.MEMBERS)
def index(request):
    """Every member, with the stakes that the reader may see."""
    rows = selectors.members.matching(selectors.members.visible_to(request.viewer), query_of(request))
    stakes = {stake.member_id: stake for stake in selectors.stakes.as_of(request.viewer, localdate())}
    if wants_csv(request):
        header = (_("Code"), _("Name"), _("Class"), _("Member since"), _("Stake"))
        lines = [
            (
                row.code,
                called(row.organization),
                word(row.member_class, "member_class"),
                row.admitted_on,
                _share(stakes, row),
            )
            for row in rows
        ]
        return csv_file("members", header, lines)
    page = page_of(request, rows)
    for row in page:
        row.stake = stakes.get(row.pk)
        row.mine = row.code == request.viewer.acting
    sees_all = len(stakes) == selectors.members.visible_to(request.viewer).count()
    total = sum((fraction(stake.share) for stake in stakes.values()), fraction("0")) if sees_all else None
    context = {"rows": page, "page": page, "search": True, "query": query_of(request), "total": total}
    return render(request, "contributions/members/list.html", context | {"csv_url": request.path})


def detail(request, code):
    """One member: its public facts to all who may know of it, what it put in to those who may see that."""
    viewer = request.viewer
    member = get_object_or_404(selectors.members.visible_to(viewer), organization__code=code)
    own = {"member": member}
    datasets = [
        one for one in selectors.datasets.standings(viewer, localdate()) if one.version.dataset.member_id == member.pk
    ]
    context = {
        "member": member,
        "stakes": selectors.stakes.visible_to(viewer).filter(**own),
        "terms": selectors.terms.visible_to(viewer).filter(organization=member.organization),
        "datasets": datasets,
        "compute": selectors.compute.by_member(selectors.compute.days_visible_to(viewer).filter(**own)),
        "resources": selectors.resources.totals(selectors.resources.visible_to(viewer).filter(**own)),
        "is_rival": viewer.workplace == "member" and viewer.acting != code,
        "history": history.about(viewer, f"member:{code}", f"organization:{code}"),
    }
    return render(request, "contributions/members/detail.html", context)


def _share(stakes, row) -> str:
    stake = stakes.get(row.pk)
    return stake.share if stake else ""
