"""Inbound agreements: under which terms contributions came in, right by right and edition by edition."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import localdate, now
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from contributions import selectors, services
from contributions.core.errors import Refused
from contributions.core.evidence import MEDIA
from contributions.core.roles import may
from contributions.forms.fields import choices
from contributions.forms.filters import Narrow
from contributions.forms.terms import EndForm, RightsForm, TermsForm, TypeForm
from contributions.services.journal import Attachment
from contributions.templatetags.moyai import called
from contributions.views import as_of, doors, history
from contributions.views.exports import csv_file, evidence_file, until
from contributions.views.lists import page_of, query_of, wants_csv


@doors.open_to(doors.FIGURES)
def index(request):
    """Agreements that the reader may see, as they stand on the day."""
    at = as_of.read(request)
    rows = selectors.terms.matching(selectors.terms.visible_to(request.viewer), query_of(request))
    present = set(rows.order_by().values_list("type", flat=True))
    kinds = {code: selectors.terms.type_name(code, localdate()) for code in sorted(present)}
    filters = Narrow(request.GET, keep=("as_of",), type=(_("Type"), choices(kinds)))
    rows = selectors.terms.then(rows, at.day) if at.is_chosen else rows
    if chosen := filters.chosen("type"):
        rows = [row for row in rows if row.type == chosen] if at.is_chosen else rows.filter(type=chosen)
    if wants_csv(request):
        header = (_("Number"), _("Title"), _("Organization"), _("Type"), _("From"), _("Until"))
        lines = [
            (
                row.number,
                _title(row),
                called(row.organization),
                kinds[row.type].of(get_language()),
                row.valid_from,
                until(row.valid_until),
            )
            for row in rows
        ]
        return csv_file("terms", header, lines)
    page = page_of(request, rows)
    for row in page:
        row.state, row.type_name = selectors.terms.state_of(row, at.day), kinds[row.type]
    context = {
        "rows": page,
        "page": page,
        "search": True,
        "query": query_of(request),
        "filters": filters,
        "as_of": at,
        "csv_url": request.path,
        "may_conclude": may(request.viewer, "terms.conclude"),
    }
    return render(request, "contributions/terms/list.html", context)


def detail(request, number):
    """One agreement with its editions, and what stands under it."""
    term = _term(request, number)
    services.openings.record(f"terms:{number}", owner=term.organization, by=request.viewer, at=now())
    return _detail(request, term, EndForm())


def new(request):
    """Legal records an agreement."""
    viewer = request.viewer
    if not may(viewer, "terms.conclude"):
        raise Http404
    form = TermsForm(
        request.POST or None,
        request.FILES or None,
        organizations=selectors.organizations.visible_to(viewer).order_by("code"),
        types=selectors.terms.types(localdate()),
    )
    if request.method == "POST" and form.is_valid():
        try:
            term = services.terms.conclude(
                **form.named(),
                file=_attached(form),
                illustrative=selectors.log.head().demo,
                by=viewer,
                at=now(),
            )
        except Refused as refusal:
            form.add_error(None, refusal.text(get_language()))
        else:
            messages.success(request, _("Recorded as %(number)s.") % {"number": term.number})
            return redirect("contributions:term", term.number)
    return render(request, "contributions/terms/form.html", {"form": form, "term": None})


def amend(request, number):
    """Legal adds an edition from a day on."""
    viewer, term = request.viewer, _term(request, number)
    if not may(viewer, "terms.amend"):
        raise Http404
    newest = term.editions.order_by("-edition").first()
    form = RightsForm(request.POST or None, request.FILES or None, initial=RightsForm.initial_of(newest.rights))
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        stated = {"valid_from": typed["valid_from"], "valid_until": typed["valid_until"], "marks": typed["marks"]}
        try:
            services.terms.amend(term, rights=form.rights(), **stated, file=_attached(form), by=viewer, at=now())
        except Refused as refusal:
            form.add_error(None, refusal.text(get_language()))
        else:
            messages.success(request, _("The new edition was recorded. The one before it stays readable."))
            return redirect("contributions:term", number)
    return render(request, "contributions/terms/form.html", {"form": form, "term": term})


@require_POST
def end(request, number):
    """Legal ends an agreement before its term."""
    term, form = _term(request, number), EndForm(request.POST)
    if request.POST.get("confirm", "").strip() != term.number:
        return _detail(request, term, form, error=_("This is not the number."), status=422)
    if not form.is_valid():
        return _detail(request, term, form, status=422)
    try:
        services.terms.end(term, **form.cleaned_data, by=request.viewer, at=now())
    except Refused as refusal:
        return _detail(request, term, form, error=refusal.text(get_language()), status=422)
    return redirect("contributions:term", number)


def file(request, number, edition):
    """The file of an edition, for its parties and whoever may see every agreement."""
    found = selectors.terms.file_of(request.viewer, number, edition)
    if found is None:
        raise Http404
    row, annex = found
    services.openings.record(f"terms:{number}", owner=row.agreement.organization, by=request.viewer, at=now())
    return evidence_file(row.file_name, annex, marks=row.marks)


@doors.open_to(doors.FIGURES)
def types(request):
    """The types of agreement there are today; legal lists another."""
    viewer = request.viewer
    form = TypeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.terms.list_type(**form.cleaned_data, by=viewer, at=now())
        except Refused as refusal:
            form.add_error(None, refusal.text(get_language()))
        else:
            return redirect("contributions:term_types")
    at = as_of.read(request)
    rows = sorted(selectors.terms.types(at.day).items())
    context = {
        "rows": rows,
        "as_of": at,
        "form": form,
        "may_list": may(viewer, "terms.type") and not at.is_chosen,
        "history": _type_history(viewer, rows),
    }
    return render(request, "contributions/terms/types.html", context)


def _type_history(viewer, rows) -> list[dict]:
    return history.about(viewer, *(f"termstype:{code}" for code, _name in rows))


def _term(request, number):
    return get_object_or_404(selectors.terms.visible_to(request.viewer), number=number)


def _detail(request, term, form, *, error: str | None = None, status: int = 200) -> HttpResponse:
    viewer, at = request.viewer, as_of.read(request)
    if at.is_chosen and not selectors.terms.then([term], at.day):
        at = as_of.nothing_yet(at)
    state = selectors.terms.state_of(term, at.day)
    current = selectors.terms.edition_at(term, at.day)
    editions = [row for row in term.editions.all() if not at.is_chosen or row.valid_from <= at.day]
    under = selectors.resources.visible_to(viewer).filter(agreement=term)
    if at.is_chosen:
        under = selectors.resources.then(under.prefetch_related("steps"), at.day)
    context = {
        "term": term,
        "state": state,
        "as_of": at,
        "type_name": selectors.terms.type_name(current.type if current else term.type, at.day),
        "editions": sorted(editions, key=lambda row: -row.edition),
        "current": current,
        "parties": term.parties.all(),
        "versions": selectors.datasets.versions_visible_to(viewer).filter(agreement=term, submitted_on__lte=at.day),
        "background": [row for row in under if row.kind == "background"],
        "resources": [row for row in under if row.kind != "background"][:50],
        "may_amend": may(viewer, "terms.amend") and term.ended_seq is None and not at.is_chosen,
        "may_end": may(viewer, "terms.end") and term.ended_seq is None and not at.is_chosen,
        "form": form,
        "error": error,
        "history": history.about(viewer, f"terms:{term.number}"),
    }
    return render(request, "contributions/terms/detail.html", context, status=status)


def _attached(form) -> Attachment | None:
    file = form.cleaned_data["file"]
    return Attachment("agreement", file.content_type or MEDIA, file.read(), shown=file.name) if file else None


def _title(term) -> str:
    return called({"name_ja": term.title_ja, "name_en": term.title_en})
