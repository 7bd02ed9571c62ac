"""The contract checklist of an agreement: every question with its answer, and who gave it."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods

from contributions.core.errors import Refused
from contributions.core.roles import may
from contributions.templatetags.moyai import text
from licensing import selectors, services
from licensing.core import checklists as rules
from licensing.forms.clauses import AnswerForm
from licensing.views import lists, rails


@require_http_methods(["GET", "POST"])
def review(request: HttpRequest, number: str) -> HttpResponse:
    """Read the review, or answer it: all answers of the page are saved, or none."""
    viewer = request.viewer
    agreement = get_object_or_404(selectors.agreements.visible_to(viewer), number=number)
    if viewer.workplace not in selectors.checklists.READERS:
        raise Http404
    reviewed = selectors.checklists.review_of(viewer, agreement, localdate())
    if lists.wants_csv(request):
        return lists.csv(f"checklist-{number}", *_table(reviewed))
    forms = _forms(request, agreement, reviewed)
    error: object = ""
    if request.method == "POST" and all(form.is_valid() for form in forms):
        given = [form.given for form in forms if form.given is not None]
        try:
            saved = services.checklists.answer(agreement, given, by=viewer, at=now())
        except Refused as refusal:
            error = refusal
        else:
            messages.success(request, _("%(count)d answers were saved.") % {"count": len(saved)})
            return redirect("licensing:agreement_checklist", number)
    context = {
        "agreement": agreement,
        "edition": selectors.checklists.in_force(localdate()),
        "groups": _groups(reviewed, forms),
        "open": [one.item for one in reviewed if one.answer is None],
        "total": len(reviewed),
        "may_answer": may(viewer, "checklist.answer") and agreement.state in ("drafted", "approved"),
        "refusal": error,
        "history": rails.history(viewer, f"checklist:{number}"),
        "csv_url": f"{request.path}?format=csv",
    }
    return render(request, "licensing/checklists/review.html", context, status=422 if error else 200)


def _forms(request: HttpRequest, agreement, reviewed) -> list[AnswerForm]:
    language = request.LANGUAGE_CODE
    held = [(one["id"], f"{one['id']}@{one['version']}") for one in agreement.clauses]
    return [
        AnswerForm(
            request.POST or None,
            item=one.item.code,
            clauses=held,
            language=language,
            initial=_given(one.answer) or {"clause": _likely(one.item, agreement)},
        )
        for one in reviewed
    ]


def _given(answer) -> dict:
    return {"answer": answer.answer, "clause": answer.clause, "note": answer.note} if answer else {}


def _likely(item: rules.Item, agreement) -> str:
    """The clause in which the answer usually stands: the first of the families the question names."""
    families = {version.id: version.family for version in selectors.clauses.for_agreement(agreement)}
    held = [one["id"] for one in agreement.clauses]
    return next((name for family in item.families for name in held if families.get(name) == family), "")


def _groups(reviewed, forms) -> list[dict]:
    """The questions by the side of the contract they are about."""
    pairs = list(zip(reviewed, forms, strict=True))
    return [
        {
            "side": words,
            "rows": [
                {
                    "item": one.item,
                    "matter": rules.MATTERS[one.item.matter],
                    "answer": one.answer,
                    "said": rules.ANSWERS[one.answer.answer] if one.answer else None,
                    "form": form,
                }
                for one, form in pairs
                if one.item.side == side
            ],
        }
        for side, words in rules.SIDES.items()
    ]


def _table(reviewed):
    header = [
        _("Item"),
        _("Side"),
        _("Matter"),
        _("Question"),
        pgettext("to a question", "Answer"),
        _("Clause"),
        _("Reason or remark"),
    ]
    rows = [
        (
            one.item.code,
            text(rules.SIDES[one.item.side]),
            text(rules.MATTERS[one.item.matter]),
            text(one.item.question),
            text(rules.ANSWERS[one.answer.answer]) if one.answer else "",
            one.answer.clause if one.answer else "",
            one.answer.note if one.answer else "",
        )
        for one in reviewed
    ]
    return header, rows
