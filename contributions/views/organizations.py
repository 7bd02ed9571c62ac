"""Legal entities: names, numbers, what changed when, and who belongs to whom."""

from __future__ import annotations

from datetime import date

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from contributions import selectors, services
from contributions.core import group_pictures
from contributions.core import organizations as rules
from contributions.core.roles import may
from contributions.core.words import Text
from contributions.forms.fields import choices
from contributions.forms.filters import Narrow
from contributions.forms.organizations import AffiliationForm, ParticularsForm, RegisterForm
from contributions.templatetags.contributed import ORGANIZATION_KINDS, word
from contributions.templatetags.moyai import called
from contributions.views import as_of, doors, filling, history
from contributions.views.exports import csv_file
from contributions.views.lists import page_of, query_of, wants_csv

PARTICULARS = services.organizations.PARTICULARS


@doors.open_to(doors.COMMON)
def index(request):
    """Every legal entity that the reader may know of."""
    viewer, at = request.viewer, as_of.read(request)
    filters = Narrow(request.GET, kind=(_("Kind"), choices(ORGANIZATION_KINDS)))
    rows = selectors.organizations.matching(selectors.organizations.visible_to(viewer), query_of(request))
    if kind := filters.chosen("kind"):
        rows = rows.filter(kind=kind)
    if wants_csv(request):
        return _as_csv(rows)
    page = page_of(request, rows)
    for row in page:
        row.then = selectors.organizations.as_of(row, at.day) if at.is_chosen else row
        row.mine = row.code == viewer.acting
    context = {"rows": page, "page": page, "filters": filters, "search": True, "query": query_of(request), "as_of": at}
    context |= {"may_register": may(viewer, "organization.register"), "csv_url": request.path}
    return render(request, "contributions/organizations/list.html", context)


@doors.open_to(doors.COMMON)
def detail(request, code):
    """One entity: its particulars on a day, what changed, and its group as picture and table."""
    viewer, at = request.viewer, as_of.read(request)
    found = _organization(request, code)
    then = selectors.organizations.as_of(found, at.day, known_at=at.known_at)
    context = {
        "entity": found,
        "then": then or found,
        "is_before": then is None,
        "as_of": at,
        "particulars": _changes(found, at),
        "member": selectors.members.visible_to(viewer).filter(organization=found).first(),
        "uncaught": rules.UNCAUGHT,
        "history": history.about(viewer, f"organization:{code}"),
        "may_amend": may(viewer, "organization.amend"),
        "may_affiliate": may(viewer, "organization.affiliate"),
        **_group(request, found, at),
    }
    return render(request, "contributions/organizations/detail.html", context)


def new(request):
    """Legal registers an entity."""
    if not may(request.viewer, "organization.register"):
        raise Http404
    form = RegisterForm(
        request.POST or None, kinds=choices(ORGANIZATION_KINDS), initial={"country": "JP", "valid_from": localdate()}
    )
    found = filling.done(
        request,
        form,
        lambda: services.organizations.register(
            **form.cleaned_data, invented=selectors.log.head().demo, by=request.viewer, at=now()
        ),
    )
    if found is not None:
        messages.success(request, _("%(name)s is registered.") % {"name": called(found)})
        return redirect("contributions:organization", found.code)
    return filling.page(
        request,
        form,
        heading=_("Register an organization"),
        lead=_("A legal entity is registered once; member and licensee are separate records on it."),
        verb=_("Register"),
        up=reverse("contributions:organizations"),
        up_label=_("Organizations"),
        notes=rules.UNCAUGHT,
        notes_heading=_("What the check digit of a corporate number cannot catch"),
    )


def amend(request, code):
    """Legal records a rename, a move or a new number, from a day on."""
    found = _for(request, code, "organization.amend")
    newest = found.particulars.order_by("valid_from", "seq").last() or found
    initial = {name: getattr(newest, name) for name in PARTICULARS} | {"valid_from": localdate()}
    form = ParticularsForm(request.POST or None, initial=initial)
    done = filling.done(
        request,
        form,
        lambda: services.organizations.amend(found, **form.cleaned_data, by=request.viewer, at=now()),
    )
    if done is not None:
        messages.success(request, _("The change is recorded. What stood before stays readable."))
        return redirect("contributions:organization", code)
    return filling.page(
        request,
        form,
        heading=_("Amend the particulars"),
        lead=_("State how it stands from the day on. What stood before stays on record."),
        verb=_("Record the change"),
        up=reverse("contributions:organization", args=[code]),
        up_label=called(found),
    )


def affiliate(request, code):
    """Legal records who holds what share of control of an entity."""
    found = _for(request, code, "organization.affiliate")
    others = selectors.organizations.visible_to(request.viewer).exclude(pk=found.pk)
    form = AffiliationForm(request.POST or None, organizations=others, initial={"valid_from": localdate()})
    done = filling.done(
        request,
        form,
        lambda: services.organizations.affiliate(child=found, **form.named(), by=request.viewer, at=now()),
    )
    if done is not None:
        messages.success(request, _("The group relation is recorded."))
        return redirect("contributions:organization", code)
    return filling.page(
        request,
        form,
        heading=_("Record who holds %(name)s") % {"name": called(found)},
        lead=_("More than half of the control joins both to one group: conflict rules and safe totals look at it."),
        verb=_("Record the relation"),
        up=reverse("contributions:organization", args=[code]),
        up_label=called(found),
    )


def _organization(request, code):
    return get_object_or_404(selectors.organizations.visible_to(request.viewer), code=code)


def _for(request, code, action: str):
    if not may(request.viewer, action):
        raise Http404
    return _organization(request, code)


def _group(request, found, at) -> dict:
    """The tree that the entity stands in, from the head of its chain of majorities down."""
    viewer = request.viewer
    seen = {(row.parent.code, row.child.code) for row in selectors.organizations.affiliations_visible_to(viewer)}
    links = [
        one for one in selectors.organizations.links(at=at.day, known_at=at.known_at) if (one.parent, one.child) in seen
    ]
    top = rules.top_of(links, found.code)
    branches = rules.tree(links, top)
    names = {code: Text(name["ja"], name["en"]) for code, name in selectors.organizations.names().items()}
    held = rules.effective(links, top)
    rows = [
        {
            "branch": one,
            "name": names[one.code],
            "holder": names[one.parent] if one.parent else "",
            "total": held[one.code],
            "is_self": one.code == found.code,
        }
        for one in branches
    ]
    holders = [one for one in links if one.child == found.code]
    return {
        "tree": rows if len(rows) > 1 else [],
        "picture": group_pictures.tree(branches, names, me=found.code, language=get_language()),
        "finding": group_pictures.finding(branches, names),
        "holders": [{"link": one, "name": names[one.parent]} for one in holders],
    }


def _changes(found, at) -> list[dict]:
    """Each spell of particulars (those begun by a past day), newest first, with what it changed."""
    rows = list(selectors.organizations.begun(found, at.day if at.is_chosen else date.max, known_at=at.known_at))
    labels = {
        "name_ja": _("Name in Japanese"), "name_en": _("Name in English"), "short_ja": _("Short name in Japanese"),
        "short_en": _("Short name in English"), "country": _("Country"), "corporate_number": _("Corporate number"),
        "invoice_number": _("Invoice registration number"), "address_ja": _("Address in Japanese"),
        "address_en": _("Address in English"),
    }  # fmt: skip
    changes = []
    for before, row in zip([None, *rows], rows, strict=False):
        names = [name for name in labels if before is not None and getattr(before, name) != getattr(row, name)]
        changes.append(
            {"row": row, "changes": [(labels[name], getattr(before, name), getattr(row, name)) for name in names]}
        )
    return changes[::-1]


def _as_csv(rows):
    header = (_("Code"), _("Name in Japanese"), _("Name in English"), _("Kind"), _("Country"), _("Corporate number"))
    lines = [
        (row.code, row.name_ja, row.name_en, word(row.kind, "organization_kind"), row.country, row.corporate_number)
        for row in rows
    ]
    return csv_file("organizations", header, lines)
