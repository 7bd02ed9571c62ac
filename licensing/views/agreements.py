"""Licence agreements: the list, one agreement with its next step, its whole text, its files, and the acts upon it."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import IntegerField, Q, Sum, Value
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from contributions.core.errors import Refused
from contributions.core.periods import last_day
from contributions.core.roles import LICENSEE, OF_MODELS, OF_MONEY, OF_USAGE, may, reads
from contributions.core.words import Text
from contributions.services import independence
from contributions.templatetags.moyai import called
from contributions.views import as_of
from licensing import selectors, services
from licensing.core import agreements as rules
from licensing.forms.agreements import ReasonForm
from licensing.views import confirming, doors, lists, lives, rails, signatures, step_ups, turns

OUTSIDE = ("number", "title", "counterparty")
STATES = (
    "drafted", "approved", "offered", "signed", "executed", "declined", "withdrawn",
    "suspended", "terminated", "expired",
)  # fmt: skip
SEARCH = ("number", "licensee__organization__name_ja", "licensee__organization__name_en", "schedule__number")
ACTIONS = ("approve", "offer", "sign", "countersign")
STAGES = {
    "offered": Text("提示した契約書", "Agreement as offered"),
    "signed": Text("許諾者が署名した契約書", "Agreement signed by the licensor"),
    "executed": Text("両当事者が署名した契約書", "Agreement signed by both parties"),
}
_RENEWED = Text("タイムスタンプを更新した契約書", "Agreement with a renewed timestamp")
TURN_DOWN = {
    "send_back": services.agreements.send_back,
    "decline": services.agreements.decline,
    "withdraw": services.agreements.withdraw,
}


@doors.open_to(doors.PARTIES)
def index(request: HttpRequest) -> HttpResponse:
    """Every agreement that the viewer may see."""
    rows, at = selectors.agreements.visible_to(request.viewer), as_of.read(request)
    rows, context = lists.narrowed(request, rows, search=SEARCH, states=() if at.is_chosen else STATES)
    sees_money = reads(request.viewer, OF_MONEY)
    issued = Q(invoices__issued_on__lte=at.day) if at.is_chosen else None
    invoiced = Sum("invoices__gross", filter=issued, default=0) if sees_money else Value(None, IntegerField())
    rows = rows.annotate(invoiced=invoiced).order_by("-number")
    rows = selectors.agreements.then(rows, at.day) if at.is_chosen else rows
    if lists.wants_csv(request):
        return lists.csv("agreements", *_table(rows))
    context |= lists.paged(request, rows)
    if not at.is_chosen:
        lives.with_standing(context["page"], now())
    context |= {"total": sum(row.invoiced or 0 for row in rows), "sees_money": sees_money, "as_of": at}
    outside = lists.matching(selectors.outside.visible_to(request.viewer), context["query"], OUTSIDE)
    context["outside_rows"] = (outside.filter(term_from__lte=at.day) if at.is_chosen else outside)[:10]
    context["may_draft"] = may(request.viewer, "agreement.draft")
    return render(request, "licensing/agreements/list.html", context)


def _table(rows):
    header = [
        _("Number"),
        _("Licensee"),
        _("Schedule"),
        _("Release"),
        _("Term from"),
        _("Term to (last day)"),
        lists.coded(_("State")),
        _("Invoiced (yen)"),
    ]
    cells = (
        [
            row.number,
            called(row.licensee.organization),
            str(row.schedule),
            row.release.number,
            row.term_from,
            last_day(row.term_until),
            row.state,
            row.invoiced,
        ]
        for row in rows
    )
    return header, cells


def detail(
    request: HttpRequest, number: str, *, error: str = "", turning: tuple | None = None, returned: tuple | None = None
) -> HttpResponse:
    """One agreement, and the one next step of this viewer."""
    agreement = _visible(request, number)
    viewer = request.viewer
    context = {
        "agreement": agreement,
        "inside": viewer.workplace != LICENSEE,
        "step": None if selectors.agreements.is_negotiated(agreement) else _step(request, agreement, error),
        **_talks(agreement, viewer),
        "barred": _barred(agreement, viewer),
        "turns": _turns(agreement, viewer, turning),
        "may_report": agreement.executed_at is not None and may(viewer, "report.prepare"),
        "signatures": signatures.table(agreement, viewer),
        "outside": signatures.outside(agreement, viewer, returned),
        "licences": signatures.licence_files(agreement, viewer),
        "files": _files(agreement),
        "checklist": selectors.checklists.review_of(viewer, agreement, localdate()),
        "unanswered": selectors.checklists.missing_of(agreement, localdate()),
        "history": rails.history(viewer, f"agreement:{agreement.number}"),
        **_text(agreement),
        **_below(agreement, viewer),
        **lives.panel(agreement, viewer),
        **step_ups.chain(agreement, viewer),
    }
    context["turn"] = turns.of_agreement(
        agreement,
        viewer,
        talks=context["talks"],
        owed=context["owed"],
        obligations=context.get("life", {}).get("obligations"),
    )
    if context["turn"] and context["barred"] and not context["talks"]:
        context["turn"]["mine"] = False  # the licensor's turn, and not this person's
    return render(
        request, "licensing/agreements/detail.html", context, status=422 if error or turning or returned else 200
    )


def text(request: HttpRequest, number: str) -> HttpResponse:
    """The whole text, Japanese and English side by side."""
    agreement = _visible(request, number)
    context = {"agreement": agreement, **_text(agreement)}
    return render(request, "licensing/agreements/text.html", context)


def pdf(request: HttpRequest, number: str, stage: str) -> HttpResponse:
    """The stored file of a stage, the very bytes whose digest is in the journal."""
    agreement = _visible(request, number)
    if not agreement.documents.filter(stage=stage).exists():
        raise Http404
    content = services.papers.stored(agreement, stage)
    return lists.attachment(f"{agreement.number}-{stage}.pdf", content, "application/pdf")


@require_POST
def approve(request: HttpRequest, number: str) -> HttpResponse:
    return _act(request, number, services.agreements.approve, _("The draft is approved. It can be offered now."))


@require_POST
def offer(request: HttpRequest, number: str) -> HttpResponse:
    return _act(
        request, number, services.agreements.offer, _("The agreement is offered. Its text and file are frozen.")
    )


@require_POST
def sign(request: HttpRequest, number: str) -> HttpResponse:
    done = _("The licensor has signed. The licensee can countersign now.")
    return _act(request, number, services.agreements.sign, done, act=signatures.act_of(request))


@require_POST
def countersign(request: HttpRequest, number: str) -> HttpResponse:
    done = _("Both parties have signed. The agreement is in force.")
    return _act(request, number, services.agreements.countersign, done, act=signatures.act_of(request))


@require_POST
def take_back(request: HttpRequest, number: str) -> HttpResponse:
    """The file as an outside service has signed it."""
    returned = signatures.taken_back(request, _visible(request, number), services.returns.take_back)
    return detail(request, number, returned=returned) if returned else redirect("licensing:agreement", number)


@require_POST
def turn_down(request: HttpRequest, number: str, verb: str) -> HttpResponse:
    """Send back, decline or withdraw, with the reason."""
    agreement = _visible(request, number)
    if verb not in TURN_DOWN:
        raise Http404
    form = ReasonForm(request.POST)
    error = confirming.fault(request, agreement.number)
    if error or not form.is_valid():
        return detail(request, number, turning=(verb, form, error))
    TURN_DOWN[verb](agreement, reason=form.cleaned_data["reason"], by=request.viewer, at=now())
    messages.success(request, _turned()[verb][2])
    return redirect("licensing:agreement", number)


@require_POST
def report(request: HttpRequest, number: str) -> HttpResponse:
    """Prepare an audit report as of now."""
    agreement = _visible(request, number)
    prepared = services.reports.prepare(agreement, by=request.viewer, at=now())
    messages.success(request, _("The audit report is ready, with its bundle."))
    return redirect("licensing:report", prepared.number)


def _visible(request: HttpRequest, number: str):
    return get_object_or_404(selectors.agreements.visible_to(request.viewer), number=number)


def _act(request: HttpRequest, number: str, verb, done: str, **given) -> HttpResponse:
    agreement = _visible(request, number)
    if error := confirming.fault(request, agreement.number):
        return detail(request, number, error=error)
    try:
        verb(agreement, by=request.viewer, at=now(), **given)
    except rules.StepRefused:
        raise
    except Refused as refusal:
        if not given:
            raise
        return detail(request, number, error=refusal.text(get_language()))
    messages.success(request, done)
    return redirect("licensing:agreement", number)


def _step(request: HttpRequest, agreement, error: str) -> dict | None:
    """The next act on the agreement, if it is this viewer's, with the sentence that says what it will do."""
    viewer = request.viewer
    verb = next((verb for verb in ACTIONS if verb in rules.verbs(agreement.state)), None)
    if verb is None or not may(viewer, f"agreement.{verb}") or _barred(agreement, viewer):
        return None
    facts = {
        "number": agreement.number,
        "licensee": called(agreement.licensee.organization),
        "minimum": _minimum(agreement),
        "start": agreement.term_from.isoformat(),
        "until": last_day(agreement.term_until).isoformat(),
    }
    verbs, sentences = _words()
    asked = signatures.asked(request, agreement) if verb in signatures.SIGNING else {}
    return {
        "verb": verbs[verb],
        "sentence": " ".join([sentences[verb] % facts, *filter(None, [asked.get("said")])]),
        "hidden": asked.get("hidden", {}),
        "form": asked.get("form"),
        "url": reverse(f"licensing:agreement_{verb}", args=[agreement.number]),
        "error": error,
    }


def _barred(agreement, viewer):
    """Why this viewer cannot approve the draft that it wrote, and who can."""
    if agreement.state != "drafted" or not may(viewer, "agreement.approve"):
        return None
    fit = selectors.agreements.reader_of(agreement)
    return independence.barred(viewer, agreement.authors, name=agreement.number, at=now(), fit=fit)


def _talks(agreement, viewer) -> dict:
    """The negotiation of the agreement, if there is one, and what legal may begin on a draft."""
    talks = selectors.negotiations.visible_to(viewer).filter(agreement=agreement).first()
    draft = agreement.state == "drafted"
    sentence = _("You lay the draft of %(number)s before %(licensee)s. From then on both sides see the same text.")
    return {
        "talks": talks,
        "may_open": draft and talks is None and may(viewer, "negotiation.open"),
        "open_sentence": sentence % {"number": agreement.number, "licensee": called(agreement.licensee.organization)},
        "may_apply": draft and may(viewer, "approval.apply"),
        "deviations": selectors.deviations.visible_to(viewer).filter(agreement=agreement).count(),
        "approvals": selectors.approvals.visible_to(viewer).filter(agreement=agreement),
    }


def _turns(agreement, viewer, turning: tuple | None) -> list[dict]:
    """The ways in which this viewer may turn the agreement down, the one that was tried kept open with its fault."""
    tried, form, error = turning or ("", None, "")
    return [
        {
            "verb": words[0],
            "sentence": words[1] % {"number": agreement.number, "licensee": called(agreement.licensee.organization)},
            "form": form if verb == tried else ReasonForm(auto_id=f"{verb}-%s"),
            "error": error if verb == tried else "",
            "open": verb == tried,
            "id": f"turn-{verb}",
            "url": reverse("licensing:agreement_turn_down", args=[agreement.number, verb]),
        }
        for verb, words in _turned().items()
        if verb in rules.verbs(agreement.state) and may(viewer, f"agreement.{verb}")
    ]


def _turned() -> dict[str, tuple[str, str, str]]:
    """Per verb: its button, the sentence that says what it does, and what is said when it is done."""
    return {
        "send_back": (
            _("Send the draft back"),
            _("You send the draft of %(number)s with %(licensee)s back. Its approval is taken off; it can be mended."),
            _("The draft was sent back."),
        ),
        "decline": (
            _("Decline the offer"),
            _(
                "You decline agreement %(number)s for %(licensee)s. It cannot be signed afterwards;"
                " ask for a new offer."
            ),
            _("The offer is declined."),
        ),
        "withdraw": (
            _("Withdraw"),
            _("You withdraw agreement %(number)s with %(licensee)s. It cannot be offered or signed afterwards."),
            _("The agreement is withdrawn."),
        ),
    }


def _minimum(agreement) -> str:
    yen = int(agreement.variables.get("minimum") or 0)
    if not yen:
        return _("no minimum fee")
    return _("minimum fee ¥%(yen)s for each licence year") % {"yen": f"{yen:,}"}


def _words() -> tuple[dict, dict]:
    verbs = {
        "approve": _("Approve the draft"),
        "offer": _("Offer it"),
        "sign": _("Sign"),
        "countersign": _("Countersign"),
    }
    sentences = {
        "approve": _(
            "You approve the draft of agreement %(number)s with %(licensee)s: %(minimum)s, term %(start)s –"
            " %(until)s. It can then be offered."
        ),
        "offer": _(
            "You offer agreement %(number)s to %(licensee)s: %(minimum)s, term %(start)s – %(until)s."
            " Its text and its PDF are frozen from then on."
        ),
        "sign": _(
            "You sign agreement %(number)s with %(licensee)s for the licensor: %(minimum)s, term %(start)s"
            " – %(until)s. The signature certifies the offered file."
        ),
        "countersign": _(
            "You sign agreement %(number)s for %(licensee)s: %(minimum)s, term %(start)s – %(until)s."
            " With this the agreement is in force."
        ),
    }
    return verbs, sentences


def _text(agreement) -> dict:
    """The text as it assembles from the library, and whether it still is what was frozen."""
    try:
        assembled = services.agreements.assembled(agreement)
    except Refused as refusal:
        return {"refusal": refusal}
    return {
        "tree": assembled.tree,
        "proofs": assembled.proofs,
        "same": rules.digest(assembled.embedded) == agreement.terms_sha256,
    }


def _files(agreement) -> list[dict]:
    return [
        {
            "label": STAGES.get(row.stage) or _RENEWED,
            "url": reverse("licensing:agreement_pdf", args=[agreement.number, row.stage]),
            "media": "PDF/A-3",
            "size": row.size,
            "digest": row.sha256,
        }
        for row in agreement.documents.all()
    ]


def _below(agreement, viewer) -> dict:
    """What was used, invoiced and reported under the agreement."""
    invoices = selectors.invoices.visible_to(viewer).filter(agreement=agreement)
    totals = {name: sum(getattr(row, name) for row in invoices) for name in ("net", "tax", "gross", "received")}
    return {
        "sees": {part: reads(viewer, part) for part in (OF_USAGE, OF_MONEY, OF_MODELS)},
        "usage_reports": selectors.usage.visible_to(viewer).filter(agreement=agreement),
        "owed": [row for row in selectors.usage.owed(viewer, on=localdate()) if row.agreement == agreement],
        "may_submit": may(viewer, "usage.submit"),
        "invoices": invoices,
        "totals": totals | {"open": totals["gross"] - totals["received"]},
        "reports": selectors.reports.visible_to(viewer).filter(agreement=agreement),
    }
