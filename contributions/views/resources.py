"""Cash, people and background IP: put in by the member, taken step by step through their course by other eyes."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from uuid import uuid4

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from contributions import selectors, services
from contributions.core import eligibility
from contributions.core import resources as rules
from contributions.core.errors import Refused
from contributions.core.evidence import MEDIA, NAME
from contributions.core.imports import ColumnsUnknown
from contributions.core.periods import day_after, jst_date
from contributions.core.roles import MEMBER, may
from contributions.forms.batches import COLUMNS, ColumnsForm
from contributions.forms.fields import choices
from contributions.forms.filters import Narrow
from contributions.forms.resources import RecoveryForm, ReplacementForm, ResourceForm, SheetForm, WorkLogForm
from contributions.services.journal import Attachment
from contributions.services.resources import Appraisal
from contributions.templatetags.contributed import RESOURCE_STATES, word
from contributions.templatetags.moyai import called, decimal_text
from contributions.views import as_of, courses, doors, history, recoveries
from contributions.views.exports import csv_file, evidence_file, until
from contributions.views.lists import page_of, query_of, wants_csv


@doors.open_to(doors.RESOURCES)
def index(request):
    """Every contribution of these three kinds that the reader may see, with its sums."""
    viewer, at = request.viewer, as_of.read(request)
    narrowing = {"kind": (_("Kind"), choices(rules.PLEDGED)), "state": (_("State"), choices(RESOURCE_STATES))}
    filters = Narrow(request.GET, keep=("as_of",), **narrowing)
    rows = selectors.resources.matching(selectors.resources.visible_to(viewer), query_of(request))
    kind, state = filters.chosen("kind"), filters.chosen("state")
    rows = rows.filter(kind=kind) if kind else rows
    if at.is_chosen:
        found = selectors.resources.then(rows.prefetch_related("steps"), at.day)
        rows = [row for row in found if state in {"", row.state}]
    elif state:
        rows = rows.filter(state=state)
    if wants_csv(request):
        return _as_csv(rows)
    page = page_of(request, rows)
    context = {
        "rows": page,
        "page": page,
        "filters": filters,
        "search": True,
        "query": query_of(request),
        "totals": selectors.resources.summed(rows) if at.is_chosen else selectors.resources.totals(rows),
        "as_of": at,
        "may_record": viewer.workplace == MEMBER and may(viewer, "resource.record"),
        "csv_url": request.path,
    }
    return render(request, "contributions/resources/list.html", context)


def new(request):
    """A member records one contribution, or pledges it."""
    viewer = request.viewer
    member = _own_member(viewer)
    kind = request.GET.get("kind", "")
    form = ResourceForm(
        request.POST or None,
        request.FILES or None,
        initial={
            "kind": kind if kind in rules.PLEDGED else rules.CASH,
            "pledged": kind in rules.PROMISED,
            "sheet": uuid4(),
        },
        agreements=selectors.terms.visible_to(viewer),
        sources=selectors.funding.visible_to(viewer),
    )
    if request.method == "POST" and form.is_valid():
        verb = services.resources.pledge if form.cleaned_data["pledged"] else services.resources.record
        appraisal, act, at = form.appraisal(), form.act() or uuid4(), now()
        viewer, before = replace(viewer, request=act), services.acts.is_done(act)

        def record() -> dict:
            resource = verb(
                member=member,
                illustrative=selectors.log.head().demo,
                evidence=_attached(form),
                appraisal=Appraisal(**appraisal) if appraisal else None,
                by=viewer,
                at=at,
                **form.named(),
            )
            return {"number": resource.number}

        try:
            answer = services.acts.once(act, sent={"path": request.path}, work=record, by=viewer, at=at)
        except Refused as refusal:
            form.add_error(None, refusal.text(get_language()))
        else:
            said = (
                _("This was recorded before, as %(number)s. Nothing was added.")
                if before
                else _("Recorded as %(number)s.")
            )
            messages.success(request, said % answer)
            return redirect("contributions:resource", answer["number"])
    return render(request, "contributions/resources/form.html", _of_kind(form))


def _of_kind(form) -> dict:
    """The form with the kinds to choose from; of some of them nothing but a promise is recorded here."""
    return {"form": form, "kinds": rules.PLEDGED, "kind": form.kind, "is_promise": form.kind in rules.PROMISED}


def upload(request):
    """A member sends a spreadsheet: first every line and finding is shown, then all of it is recorded or nothing."""
    viewer = request.viewer
    member = _own_member(viewer)
    form, preview, refusal, columns = SheetForm(request.POST or None, request.FILES or None), None, "", None
    if request.method == "POST" and form.is_valid():
        kind = form.cleaned_data["kind"]
        try:
            if "naming" in request.POST:
                columns = _columns_form(form.sent, kind, request.POST)
                if columns is not None and columns.is_valid():
                    services.spreadsheets.name_columns(
                        form.sent, columns.mapping(), kind=kind, member=member, by=viewer, at=now()
                    )
            preview = services.spreadsheets.read(form.sent, kind=kind, member=member, by=viewer, at=now())
            if request.POST.get("confirm") == preview.sha256[:8] and not preview.findings:
                demo = selectors.log.head().demo
                rows = services.spreadsheets.post(
                    form.sent, kind=kind, member=member, illustrative=demo, by=viewer, at=now()
                )
                messages.success(request, _("%(count)s contributions were recorded.") % {"count": len(rows)})
                return redirect("contributions:resources")
        except ColumnsUnknown:
            columns = columns if columns is not None and columns.errors else _columns_form(form.sent, kind)
        except Refused as refused:
            refusal = refused.text(get_language())
    context = {"form": form, "preview": preview, "refusal": refusal, "mark": preview.sha256[:8] if preview else ""}
    if preview is not None or columns is not None:
        context["content"] = form.sent.decode("utf-8-sig", "replace")
    if preview is None and columns is not None and not refusal:
        context |= {"columns": columns, "kept": [("kind", kind), ("content", context["content"]), ("naming", "1")]}
    if preview is not None:
        context["findings"] = [(found, found.text(get_language())) for found in preview.findings]
    context["blanks"] = [
        (kind, text, [(name, COLUMNS[name], name in needed) for name in services.spreadsheets.columns_wanted(kind)])
        for kind, text in rules.KINDS.items()
        for needed in [services.spreadsheets.columns_needed(kind)]
    ]
    return render(request, "contributions/resources/upload.html", context, status=422 if refusal else 200)


def form_file(request, kind):
    """The form of one kind to fill in: its columns, and nothing below them."""
    if kind not in rules.KINDS or request.viewer.workplace != MEMBER:
        raise Http404
    columns = ",".join(services.spreadsheets.columns_wanted(kind))
    response = HttpResponse(f"\ufeff{columns}\r\n", content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{kind}.csv"'
    return response


def _columns_form(content: bytes, kind: str, data=None) -> ColumnsForm | None:
    """Which column of the file each item is; none where the file names its columns as the form does."""
    printed = services.spreadsheets.printed_columns(content, kind)
    if printed is None:
        return None
    return ColumnsForm(
        data,
        printed=printed,
        wanted=services.spreadsheets.columns_wanted(kind),
        needed=services.spreadsheets.columns_needed(kind),
    )


def detail(request, number):
    """One contribution: what it is, line by line what of it can count, its course, and what stands behind it."""
    return page(request, noted(request, resource_of(request, number)))


@require_POST
def step(request, number, verb):
    """Take one step of its course."""
    resource = resource_of(request, number)
    act = courses.act(request.viewer, resource, verb, request.POST)
    if act is None:
        raise Http404
    if request.POST.get("confirm", "").strip() != resource.number:
        act.error = _("This is not the number.")
    elif act.form is None or act.form.is_valid():
        try:
            courses.take(act, resource, by=request.viewer, at=now())
        except Refused as refusal:
            act.error = refusal.text(get_language())
        else:
            return redirect("contributions:resource", number)
    return page(request, resource_of(request, number), tried=act, status=422)


def accept(request, number):
    """The secretariat accepts it; from now on it counts."""
    return step(request, number, "accept")


def supersede(request, number):
    """A member puts another contribution in the place of this one."""
    viewer, resource = request.viewer, resource_of(request, number)
    if "supersede" not in selectors.resources.steps_open_to(viewer, resource):
        raise Http404
    form = ReplacementForm(request.POST or None, request.FILES or None, kind=resource.kind, currency=resource.currency)
    if request.method == "POST" and form.is_valid():
        try:
            replacement = services.resources.supersede(
                resource, **form.much(), evidence=_attached(form), by=viewer, at=now()
            )
        except Refused as refusal:
            form.add_error(None, refusal.text(get_language()))
        else:
            messages.success(request, _("Recorded as %(number)s.") % {"number": replacement.number})
            return redirect("contributions:resource", replacement.number)
    return render(
        request,
        "contributions/resources/supersede.html",
        {"form": form, "resource": resource, "foreign": _foreign(resource)},
    )


@require_POST
def recover(request, number):
    """Declare that a part of the cost came back from elsewhere."""
    resource = resource_of(request, number)
    if (form := recoveries.declared(request, resource)) is None:
        return redirect("contributions:resource", number)
    return page(request, resource, recovery=form, status=422)


def evidence(request, number, sha256):
    """A file that stands behind a contribution, for whoever may see the contribution."""
    annex = selectors.resources.evidence(request.viewer, number, sha256)
    if annex is None:
        raise Http404
    noted(request, resource_of(request, number))
    return evidence_file(annex.name, annex)


def _own_member(viewer):
    return get_object_or_404(selectors.members.visible_to(viewer), organization__code=viewer.acting)


def resource_of(request, number):
    """The contribution, where the reader may see it."""
    return get_object_or_404(selectors.resources.visible_to(request.viewer), number=number)


def noted(request, resource):
    """The contribution, once its owner can read who opened it."""
    owner = resource.member.organization
    services.openings.record(f"resource:{resource.number}", owner=owner, by=request.viewer, at=now())
    return resource


def page(request, resource, *, tried=None, recovery=None, worklog=None, findings=(), status: int = 200):
    """The page of a contribution; what was typed in one of its forms comes back with what was wrong."""
    viewer, at = request.viewer, as_of.read(request)
    people = resource.kind == rules.PEOPLE
    own = viewer.workplace == MEMBER
    acts = [] if at.is_chosen else courses.acts(viewer, resource, tried=tried)
    may_supersede = not at.is_chosen and "supersede" in selectors.resources.steps_open_to(viewer, resource)
    if at.is_chosen and not selectors.resources.then([resource], at.day):
        at = as_of.nothing_yet(at)
    lines = selectors.resources.eligibility_of(resource, at.day)
    work_logs, evidence_rows = resource.work_logs.select_related("person"), selectors.resources.evidence_of(resource)
    replacements = resource.replacements.order_by("-number")
    if at.is_chosen:
        work_logs = selectors.resources.work_logs_then(work_logs, at.day)
        evidence_rows = evidence_rows.filter(entry__recorded_at__lt=day_after(at.day))
        replacements = selectors.resources.then(replacements, at.day)
    replacement = next(iter(replacements), None)
    context = {
        "resource": resource,
        "as_of": at,
        "acts": acts,
        "refused": tried.error if tried is not None and tried not in acts else "",
        "may_supersede": may_supersede,
        "foreign": _foreign(resource),
        "months": rules.engineer_months(resource.quantity) if people else None,
        "valued": selectors.resources.valued(resource),
        "logged": sum(row.minutes for row in work_logs if row.withdrawn_seq is None) if people else None,
        "work_logs": work_logs if people else [],
        "lines": lines,
        "counted": eligibility.left(lines),
        "steps": _steps(viewer, resource, at),
        "evidence": evidence_rows,
        "recoveries": selectors.recoveries.of(resource, at.day if at.is_chosen else None),
        "replacement": replacement,
        "may_recover": may(viewer, "resource.recover") and resource.state == "accepted" and not at.is_chosen,
        "recovery_form": recovery or RecoveryForm(),
        "recover_number": resource.number,
        "recover_url": reverse("contributions:resource_recover", args=[resource.number]),
        "may_log": people and own and may(viewer, "worklog.receive") and not at.is_chosen,
        "worklog_form": worklog or WorkLogForm(),
        "findings": findings,
        "sees_terms": selectors.terms.visible_to(viewer).filter(pk=resource.agreement_id).exists(),
        "sees_funding": selectors.funding.visible_to(viewer).filter(pk=resource.funding_id).exists(),
        "history": history.about(viewer, f"resource:{resource.number}"),
    }
    return render(request, "contributions/resources/detail.html", context, status=status)


def _steps(viewer, resource, at) -> list[dict]:
    """The course up to the day: who means the workplace, with its organization where the reader may know of it."""
    names = history.names_for(viewer)
    return [
        {"row": row, "by": history.author({"workplace": row.workplace, "organization": row.organization}, names)}
        for row in resource.steps.all()
        if not at.is_chosen or jst_date(row.taken_at) <= at.day
    ]


def _attached(form) -> list[Attachment]:
    file = form.cleaned_data["evidence"]
    return [Attachment(NAME, file.content_type or MEDIA, file.read(), shown=file.name)] if file else []


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
            until(row.period_until),
            row.funding.code if row.funding else "",
            word(row.state, "resource_state"),
        )
        for row in rows
    ]
    return csv_file("resources", header, lines)
