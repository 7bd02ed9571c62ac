"""Deviations: the register, one of them, all live agreements that leave a clause, and what a concession costs."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _

from contributions.core.errors import Refused
from contributions.core.roles import may
from contributions.core.words import Text
from contributions.templatetags.moyai import called, text
from licensing import selectors, services
from licensing.core import clauses, concessions, redlines, rewordings
from licensing.core import deviations as rules
from licensing.forms.approvals import GroundsForm
from licensing.views import doors, lists, rails

STATES = ("awaiting", "allowed", "approved", "refused", "withdrawn")
SEARCH = ("number", "subject", "agreement__number", "agreement__licensee__organization__name_ja", "reason")


@doors.open_to(doors.OFFICE)
def index(request: HttpRequest) -> HttpResponse:
    """Every deviation that was recorded."""
    rows = selectors.deviations.visible_to(request.viewer)
    rows, context = lists.narrowed(request, rows, search=SEARCH, states=STATES)
    if lists.wants_csv(request):
        return lists.csv("deviations", *_table(rows))
    context |= lists.paged(request, rows)
    for row in context["rows"]:
        row.label = _label(row)
        row.kind_words, row.tier_words = rules.KINDS[row.kind], rules.TIERS[row.tier]
    return render(request, "licensing/deviations/list.html", context)


def _table(rows):
    header = [
        _("Number"),
        _("Agreement"),
        _("Licensee"),
        _("Clause or figure"),
        lists.coded(_("Kind"), rules.KINDS),
        lists.coded(_("Rung"), clauses.RANKS),
        lists.coded(_("Tier"), rules.TIERS),
        lists.coded(_("State")),
        _("Approver"),
        _("Holds until"),
        _("Approved wording, SHA-256"),
        _("Changed, SHA-256"),
    ]
    cells = (
        [
            row.number,
            row.agreement.number,
            called(row.agreement.licensee.organization),
            row.subject,
            row.kind,
            row.rung,
            row.tier,
            row.state,
            called(row.approver) if row.approver else "",
            row.expires_on or "",
            row.approved_sha256,
            row.changed_sha256,
        ]
        for row in rows
    )
    return header, cells


def detail(request: HttpRequest, number: str) -> HttpResponse:
    """One deviation: both wordings, reason, tier, who approved it and until when."""
    row = get_object_or_404(selectors.deviations.visible_to(request.viewer), number=number)
    context = {
        "deviation": row,
        "label": _label(row),
        "kind": rules.KINDS[row.kind],
        "rung": clauses.RANKS[row.rung],
        "tier": rules.TIERS[row.tier],
        "current": selectors.deviations.is_current(row, localdate()),
        "change": _change(row),
        "approvals": selectors.approvals.visible_to(request.viewer).filter(deviation=row),
        "history": rails.history(request.viewer, f"deviation:{row.number}"),
    }
    return render(request, "licensing/deviations/detail.html", context)


def of_agreement(request: HttpRequest, number: str, *, form=None, tried: str = "") -> HttpResponse:
    """Where one agreement leaves the standard: what is on record, and what stands without."""
    viewer = request.viewer
    agreement = get_object_or_404(selectors.agreements.visible_to(viewer), number=number)
    if viewer.workplace not in doors.OFFICE:
        raise Http404
    if request.method == "POST":
        return _recorded(request, agreement)
    names = selectors.deviations.labels_of(agreement)
    rows = list(selectors.deviations.visible_to(viewer).filter(agreement=agreement))
    for row in rows:
        row.label, row.current = _label(row), selectors.deviations.is_current(row, localdate())
        row.tier_words = rules.TIERS[row.tier]
    left = selectors.deviations.uncovered(agreement, localdate()) if agreement.state in {"drafted", "approved"} else []
    context = {
        "agreement": agreement,
        "rows": rows,
        "left": [
            {
                "subject": one.subject,
                "label": names.get(one.subject, one.subject),
                "kind": rules.KINDS[one.kind],
                "form": form if one.subject == tried else GroundsForm(auto_id=f"{one.subject}-%s"),
                "open": one.subject == tried,
            }
            for one in left
        ],
        "may_record": may(viewer, "deviation.record"),
    }
    status = 422 if form is not None else 200
    return render(request, "licensing/deviations/agreement.html", context, status=status)


def _recorded(request: HttpRequest, agreement) -> HttpResponse:
    subject, form = request.POST.get("subject", ""), GroundsForm(request.POST, auto_id="recording-%s")
    request.method = "GET"
    if not form.is_valid():
        return of_agreement(request, agreement.number, form=form, tried=subject)
    try:
        row = services.deviations.record_standing(
            agreement, subject, reason=form.cleaned_data["reason"], by=request.viewer, at=now()
        )
    except Refused as refusal:
        form.add_error("reason", refusal.text(request.LANGUAGE_CODE))
        return of_agreement(request, agreement.number, form=form, tried=subject)
    messages.success(request, _("The deviation is recorded."))
    return redirect("licensing:deviation", row.number)


@doors.open_to(doors.OFFICE)
def subject(request: HttpRequest, subject: str) -> HttpResponse:
    """All live agreements that deviate from one clause or figure, and what the concession costs the portfolio."""
    viewer = request.viewer
    rows = selectors.deviations.live_from(viewer, subject, localdate())
    known = selectors.deviations.visible_to(viewer).filter(subject=subject)
    chosen = known.filter(number=request.GET.get("as", "")).first() or (rows[0] if rows else known.first())
    for row in rows:
        row.tier_words = rules.TIERS[row.tier]
    if lists.wants_csv(request):
        return lists.csv(f"deviations-{subject}", *_table(rows))
    context = {
        "subject": subject,
        "label": _label(chosen) if chosen else _heading(subject),
        "rows": rows,
        "known": known,
        "chosen": chosen,
        "csv_url": f"{request.path}?format=csv",
        **_cost(viewer, chosen, subject),
    }
    return render(request, "licensing/deviations/subject.html", context)


def _cost(viewer, chosen, subject: str) -> dict:
    """The concession in yen where it is one of prices or of a figure; otherwise who would ask for the same."""
    if chosen is not None and chosen.kind == "variable":
        reached = services.concessions.reached(viewer, subject, chosen.content, localdate())
        _measure, words = concessions.MEASURES.get(subject, (None, None))
        return {"reached": reached, "measure": words, "whole": sum(one.yen or 0 for one in reached)}
    if chosen is None or chosen.kind != "price":
        return {"same": selectors.deviations.live_with(viewer, subject)}
    schedule = chosen.agreement.schedule.number
    costs = concessions.cost(services.concessions.past_usage(viewer, schedule), chosen.content)
    return {
        "costs": costs,
        "schedule": chosen.agreement.schedule,
        "total": {
            "before": sum(one.before for one in costs),
            "after": sum(one.after for one in costs),
            "less": concessions.total(costs),
        },
        "words": rules.price_words(chosen.standard, chosen.content),
    }


def _label(row) -> object:
    names = selectors.deviations.labels_of(row.agreement)
    if row.subject in names:
        return names[row.subject]
    document = (row.content or {}).get("document") if isinstance(row.content, dict) else None
    return clauses.clause(document).heading if document else row.subject


def _heading(subject: str) -> object:
    return next((one.heading for one in selectors.clauses.library() if one.id == subject), subject)


def _change(row) -> redlines.SectionChange:
    """The deviation as a redline from the standard; wordings with their placeholders, as the library has them."""
    before, after = _side(row, row.standard), _side(row, row.content)
    (change,) = redlines.compare([before] if before else [], [after] if after else [])
    return change


def _side(row, value) -> redlines.Section | None:
    label = _label(row)
    label = label if isinstance(label, Text) else Text(text(label), text(label))
    if row.kind == "price":
        return redlines.price_section(value)
    if row.kind == "variable":
        return redlines.figure_section(row.subject, label, Text(str(value), str(value)))
    document = value.get("document", value) if isinstance(value, dict) else None
    if not document or document.get("removed"):
        return None
    version = clauses.clause(document)
    sides = [
        [(_named(one.text, lang, row), [_named(item, lang, row) for item in one.items]) for one in version.paragraphs]
        for lang in ("ja", "en")
    ]
    return redlines.Section(row.subject, rewordings.SPECIAL_LABEL, version.heading, redlines.typed_rows(*sides))


def _named(words: Text, language: str, row) -> str:
    """A wording for people to read: what a placeholder stands for, in brackets, instead of its code."""
    names = dict(clauses.FAMILIES) | selectors.deviations.labels_of(row.agreement)
    found = words.of(language)
    for code in dict.fromkeys(clauses.placeholders(found)):
        name = names.get(code.removeprefix("ref:").split(".")[0], code)
        said = name.of(language) if isinstance(name, Text) else name
        found = found.replace(f"{{{code}}}", f"〔{said}〕" if language == "ja" else f"[{said}]")
    return found
