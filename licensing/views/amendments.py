"""Amendments: the list, drafting one, its changes side by side, its steps and files, and the text as of any day."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from contributions.core.errors import Refused
from contributions.core.roles import LICENSEE, may
from contributions.core.words import Text
from contributions.forms.fields import read_date
from contributions.services import independence
from contributions.templatetags.moyai import called
from contributions.templatetags.moyai import day as day_text
from licensing import selectors, services
from licensing.core import agreements as rules
from licensing.core import assembly
from licensing.forms.agreements import ReasonForm
from licensing.forms.amendments import AmendmentForm
from licensing.forms.signatures import CodeForm
from licensing.views import doors, lists, lives, rails, signatures
from licensing.views.acting import Act, answered, bound

STATES = ("drafted", "approved", "offered", "signed", "executed", "declined", "withdrawn")
SEARCH = ("number", "agreement__licensee__organization__name_ja", "agreement__licensee__organization__name_en")
VERBS = {
    "approve": services.amendments.approve,
    "offer": services.amendments.offer,
    "sign": services.amendments.sign,
    "countersign": services.amendments.countersign,
    "decline": services.amendments.decline,
    "withdraw": services.amendments.withdraw,
}
STAGES = {
    "offered": Text("提示した覚書", "Memorandum as offered"),
    "signed": Text("許諾者が署名した覚書", "Memorandum signed by the licensor"),
    "executed": Text("両当事者が署名した覚書", "Memorandum signed by both parties"),
}
_RENEWED = Text("タイムスタンプを更新した覚書", "Memorandum with a renewed timestamp")


@require_safe
@doors.open_to(doors.PARTIES, part=doors.OF_CONTRACTS)
def index(request: HttpRequest) -> HttpResponse:
    """Amendments that the viewer may see."""
    rows = selectors.amendments.visible_to(request.viewer)
    rows, context = lists.narrowed(request, rows, search=SEARCH, states=STATES)
    if lists.wants_csv(request):
        header = [
            _("Number"),
            _("Agreement"),
            _("Licensee"),
            _("Takes effect on"),
            _("What changes"),
            lists.coded(_("State")),
        ]
        cells = (
            [
                row.number,
                row.agreement.number,
                called(row.agreement.licensee.organization),
                row.effective_from,
                _names(row),
                row.state,
            ]
            for row in rows
        )
        return lists.csv("amendments", header, cells)
    context |= lists.paged(request, rows)
    for row in context["page"]:
        row.names = _names(row)
    return render(request, "licensing/amendments/list.html", context)


@doors.open_to(doors.PARTIES)
def new(request: HttpRequest, number: str) -> HttpResponse:
    """Draft an amendment of an agreement."""
    agreement = lives.found(request, number)
    if not may(request.viewer, "amendment.draft"):
        raise Http404
    edition = selectors.lives.editions_of(agreement, localdate())[-1]
    form = AmendmentForm(
        request.POST or None,
        schema=assembly.template(agreement.template.document).schema,
        present=edition.variables,
        schedules=selectors.schedules.visible_to(request.viewer).filter(
            state="adopted",
            field_of_use=agreement.schedule.field_of_use,
            licensee_class=agreement.licensee.licensee_class,
        ),
        newer=selectors.amendments.newer_wording(edition.clauses),
    )
    if request.method == "POST" and form.is_valid():
        try:
            row = services.amendments.draft(agreement, **form.amendment(), by=request.viewer, at=now())
        except Refused as refusal:
            form.add_error(None, refusal.text(get_language()))
        else:
            messages.success(request, _("The amendment is drafted."))
            return redirect("licensing:amendment", row.number)
    status = 422 if request.method == "POST" else 200
    return render(request, "licensing/amendments/form.html", {"agreement": agreement, "form": form}, status=status)


@require_safe
@doors.open_to(doors.PARTIES)
def detail(request: HttpRequest, number: str) -> HttpResponse:
    """One amendment with its next step."""
    row = _found(request, number)
    return _page(request, row, _acts(request, row, ""))


@require_POST
@doors.open_to(doors.PARTIES)
def act(request: HttpRequest, number: str, verb: str) -> HttpResponse:
    """Take a step."""
    row = _found(request, number)
    return answered(request, row, _acts(request, row, verb), verb, page=_page, to="licensing:amendment")


@require_POST
@doors.open_to(doors.PARTIES)
def take_back(request: HttpRequest, number: str) -> HttpResponse:
    """The 覚書 as an outside service has signed it."""
    row = _found(request, number)
    if returned := signatures.taken_back(request, row, services.returns.take_back_amendment):
        return _page(request, row, _acts(request, row, ""), status=422, returned=returned)
    return redirect("licensing:amendment", number)


@require_safe
@doors.open_to(doors.PARTIES)
def pdf(request: HttpRequest, number: str, stage: str) -> HttpResponse:
    """The stored 覚書 of a stage."""
    row = _found(request, number)
    if not row.documents.filter(stage=stage).exists():
        raise Http404
    return lists.attachment(f"{row.number}-{stage}.pdf", services.memoranda.stored(row, stage), "application/pdf")


@require_safe
@doors.open_to(doors.PARTIES)
def consolidated(request: HttpRequest, number: str) -> HttpResponse:
    """The text in force on a day, in both languages."""
    agreement, day = lives.found(request, number), _day(request)
    edition, text = services.editions.consolidated(agreement, day, on=localdate())
    context = {
        "agreement": agreement,
        "day": day,
        "edition": edition,
        "tree": text.tree,
        "sources": [row for row in selectors.lives.executed_amendments(agreement) if row.effective_from <= day],
    }
    return render(request, "licensing/amendments/consolidated.html", context)


@require_safe
@doors.open_to(doors.PARTIES)
def consolidated_pdf(request: HttpRequest, number: str) -> HttpResponse:
    """The same as a PDF that says on every page that it is a consolidation."""
    agreement, day = lives.found(request, number), _day(request)
    edition, text = services.editions.consolidated(agreement, day, on=localdate())
    content = services.memoranda.consolidation(agreement, edition, text, day=day, at=now())
    return lists.attachment(f"{agreement.number}-{day.isoformat()}.pdf", content, "application/pdf")


def _day(request: HttpRequest):
    return read_date(request.GET.get("as_of", "")) or localdate()


def _found(request: HttpRequest, number: str):
    return get_object_or_404(selectors.amendments.visible_to(request.viewer), number=number)


def _names(row) -> str:
    schema = assembly.template(row.agreement.template.document).schema
    names = [schema[name].label.of(get_language()) for name in row.changes if name in schema]
    return ("、" if get_language() == "ja" else ", ").join(names) or _("wording of clauses")


def _page(request, row, acts, *, status: int = 200, returned: tuple | None = None) -> HttpResponse:
    try:
        compared, refusal = services.amendments.compared(row), None
    except Refused as refused:
        compared, refusal = None, refused
    context = {
        "amendment": row,
        "agreement": row.agreement,
        "compared": compared,
        "refusal": refusal,
        "inside": request.viewer.workplace != LICENSEE,
        "acts": acts,
        "barred": _barred(row, request.viewer),
        "files": [
            {
                "label": STAGES.get(each.stage) or _RENEWED,
                "url": reverse("licensing:amendment_pdf", args=[row.number, each.stage]),
                "media": "PDF/A-3",
                "size": each.size,
                "digest": each.sha256,
            }
            for each in row.documents.all()
        ],
        "signatures": signatures.table(row, request.viewer),
        "outside": signatures.outside(row, request.viewer, returned),
        "history": rails.history(request.viewer, f"amendment:{row.number}"),
    }
    return render(request, "licensing/amendments/detail.html", context, status=status)


def _acts(request, row, tried: str) -> list[Act]:
    facts = {
        "number": row.number,
        "agreement": row.agreement.number,
        "licensee": called(row.agreement.licensee.organization),
        "day": day_text(row.effective_from),
        "names": _names(row),
    }
    acts = []
    for verb, (label, sentence, done) in _words().items():
        if verb == "approve" and _barred(row, request.viewer):
            continue
        if verb in rules.verbs(row.state) and may(request.viewer, f"amendment.{verb}"):
            sentence = sentence % facts
            turns = verb in {"decline", "withdraw"}
            form = bound(ReasonForm, request, verb, tried) if turns else None
            asked = signatures.asked(request, row) if verb in signatures.SIGNING else None
            if asked:
                sentence = f"{sentence} {asked['said']}"
                form = bound(CodeForm, request, verb, tried) if asked["form"] else None
            acts.append(
                Act(
                    verb,
                    label,
                    sentence,
                    _run(request, row, verb),
                    done,
                    form=form,
                    plain=turns,
                    hidden=asked["hidden"] if asked else None,
                    url=reverse("licensing:amendment_act", args=[row.number, verb]),
                )
            )
    return acts


def _barred(row, viewer):
    """Why this viewer cannot approve the draft that it wrote, and who can."""
    if row.state != "drafted" or not may(viewer, "amendment.approve"):
        return None
    fit = selectors.agreements.reader_of(row.agreement)
    return independence.barred(viewer, row.authors, name=row.number, at=now(), fit=fit)


def _run(request, row, verb: str):
    def run(typed: dict):
        given = {"reason": typed["reason"]} if "reason" in typed else {}
        if verb in signatures.SIGNING:
            given["act"] = signatures.act_of(request)
        return VERBS[verb](row, by=request.viewer, at=now(), **given)

    return run


def _words() -> dict[str, tuple[str, str, str]]:
    """Per verb: its button, the sentence that says what it does, and what is said when it is done."""
    return {
        "approve": (
            _("Approve the amendment"),
            _("You approve amendment %(number)s of %(agreement)s with %(licensee)s, from %(day)s: %(names)s."),
            _("The amendment is approved. It can be offered now."),
        ),
        "offer": (
            _("Offer the amendment"),
            _("You offer amendment %(number)s to %(licensee)s, from %(day)s: %(names)s. Its memorandum is frozen."),
            _("The amendment is offered."),
        ),
        "sign": (
            _("Sign the amendment"),
            _("You sign amendment %(number)s of agreement %(agreement)s for the licensor, from %(day)s: %(names)s."),
            _("The licensor has signed. The licensee can countersign now."),
        ),
        "countersign": (
            _("Countersign the amendment"),
            _("You sign amendment %(number)s for %(licensee)s. From %(day)s on the agreement reads so: %(names)s."),
            _("Both parties have signed. The amendment is concluded."),
        ),
        "decline": (
            _("Decline the amendment"),
            _("You decline amendment %(number)s for %(licensee)s. The agreement goes on as it is."),
            _("The amendment is declined."),
        ),
        "withdraw": (
            _("Withdraw the amendment"),
            _("You withdraw amendment %(number)s. The agreement goes on as it is."),
            _("The amendment is withdrawn."),
        ),
    }
