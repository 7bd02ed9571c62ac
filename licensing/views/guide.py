"""For whoever thinks of using the models: prices, eligibility, the standard text, and how to apply. No account needed.

These pages show what is in force and nothing of any member or licensee; what a visitor answers is judged and forgotten.
"""

from __future__ import annotations

from fractions import Fraction

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localdate, now
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_safe

from contributions.core.errors import Refused
from licensing import selectors, services
from licensing.core import licensees, screening, selfchecks, tariffs
from licensing.forms.guide import RequestForm, SelfCheckForm
from licensing.views import lists, pricing
from licensing.views.open_doors import open_to_all


@require_safe
@open_to_all()
def start(request: HttpRequest) -> HttpResponse:
    """The price lists in force, and the way to a licence in four steps."""
    day = localdate()
    rows = selectors.guide.schedules_on(day)
    for row in rows:
        _name(row, day)
    context = {"rows": rows, "day": day, "rule": screening.said(selectors.licensees.rule_on(day))}
    return render(request, "licensing/guide/start.html", context | {"evaluated": _is_evaluated()})


@require_safe
@open_to_all()
def prices(request: HttpRequest, number: str) -> HttpResponse:
    """One price list in force, with its picture and sample sums."""
    day = localdate()
    schedule = selectors.guide.schedule(number, day)
    if schedule is None:
        raise Http404
    _name(schedule, day)
    context = {"schedule": schedule, "day": day, **pricing.shown(schedule.terms, language=get_language())}
    return render(request, "licensing/guide/prices.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@open_to_all(keep=False)
def eligibility(request: HttpRequest) -> HttpResponse:
    """Questions and what follows from the answers. They come by POST, so that no address and no log holds them."""
    rule = selectors.licensees.rule_on(localdate())
    row = selectors.licensees.rule_row(localdate())
    form = SelfCheckForm(_sent(request), initial={"seat": "JP", "inference": ["JP"], "end_use": "civil"})
    context: dict = {"form": form, "rule": screening.said(rule), "source": row or screening.FIRST_SOURCE}
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data | {"inference": tuple(form.cleaned_data["inference"])}
        verdict = selfchecks.judge(rule, **typed)
        context |= {
            "verdict": verdict,
            "outcome": selfchecks.OUTCOMES[verdict.outcome],
            "kind": licensees.CLASSES[verdict.licensee_class],
            "answers": [(answer, _look(answer.outcome)) for answer in verdict.answers],
        }
    return render(request, "licensing/guide/eligibility.html", context, status=422 if form.errors else 200)


@require_safe
@open_to_all()
def agreement(request: HttpRequest) -> HttpResponse:
    """The standard text with placeholders, of the licence or of the evaluation before it (`?kind=evaluation`)."""
    made = _specimen(request)
    if made is None:
        raise Http404
    context = {"tree": made.tree, "schedule": made.schedule, "kind": _kind(request), "both": _is_evaluated()}
    return render(request, "licensing/guide/agreement.html", context)


@require_safe
@open_to_all("GUIDE_PAPERS", counts=("GET",))
def agreement_pdf(request: HttpRequest) -> HttpResponse:
    """The same as a PDF, marked as a specimen on every page; drawn once for each state of the library."""
    made = _specimen(request)
    if made is None:
        raise Http404
    name = "specimen.pdf" if _kind(request) == selectors.guide.STANDARD else f"specimen-{_kind(request)}.pdf"
    return lists.attachment(name, services.specimens.paper(made), "application/pdf")


@require_http_methods(["GET", "HEAD", "POST"])
@open_to_all("GUIDE_REQUESTS", keep=False, counts=("POST",))
def apply(request: HttpRequest) -> HttpResponse:
    """How to apply, and the request form. It makes no account: legal looks at it and invites."""
    fields = {code: name for code, name in selectors.fields.on(localdate()).items() if code in _priced()}
    form = RequestForm(_sent(request), fields_of_use=fields, initial={"seat": "JP", "inference": ["JP"]})
    if request.method == "POST" and form.is_bound and form.is_from_a_machine:
        return redirect("licensing:guide")
    if request.method == "POST" and form.is_valid():
        try:
            _row, key = services.inquiries.receive(form.kept(), language=request.LANGUAGE_CODE, at=now())
        except Refused as refusal:
            form.add_error(None, refusal.text(get_language()))
        else:
            return redirect("licensing:guide_applied", key)
    context = {"form": form, "consortium": selectors.guide.consortium(), "days": settings.INQUIRY_DAYS}
    return render(request, "licensing/guide/apply.html", context, status=422 if form.errors else 200)


@require_safe
@open_to_all(keep=False)
def applied(request: HttpRequest, key: str) -> HttpResponse:
    """What became of a request, for whoever holds the secret in its address."""
    inquiry = selectors.inquiries.by_key(key[:80])
    if inquiry is None:
        raise Http404
    licensee = inquiry.licensee
    context = {"inquiry": inquiry, "link": request.build_absolute_uri(), "state": inquiry.state}
    if licensee is not None:
        context |= {"state": licensee.state, "reason_ja": licensee.reason_ja, "reason_en": licensee.reason_en}
    else:
        context |= {"reason_ja": inquiry.reason_ja, "reason_en": inquiry.reason_en}
    return render(request, "licensing/guide/applied.html", context)


@require_safe
@open_to_all()
def robots(request: HttpRequest) -> HttpResponse:
    """Nothing but the guide may be read by machines, and in a demo not even that. It names no other address."""
    allowed = "" if selectors.guide.is_demo() else "Allow: /guide/\nDisallow: /guide/apply/\n"
    return HttpResponse(f"User-agent: *\n{allowed}Disallow: /\n", content_type="text/plain; charset=utf-8")


def _sent(request: HttpRequest):
    return request.POST if request.method == "POST" else None


def _specimen(request: HttpRequest):
    """At the prices of the list that is asked for (`?list=S-ROBOT`), else of the first one."""
    day = localdate()
    rows = selectors.guide.schedules_on(day)
    row = selectors.guide.schedule(request.GET.get("list", ""), day) or (rows[0] if rows else None)
    return services.specimens.made(row, day, _kind(request)) if row else None


def _is_evaluated() -> bool:
    """Whether there is a template of an evaluation, to which the pages may lead."""
    return selectors.guide.standard_text(selectors.guide.EVALUATION, localdate()) is not None


def _kind(request: HttpRequest) -> str:
    asked = request.GET.get("kind", "")
    return selectors.guide.EVALUATION if asked == selectors.guide.EVALUATION else selectors.guide.STANDARD


def _priced() -> set[str]:
    return {row.field_of_use for row in selectors.guide.schedules_on(localdate())}


def _name(row, day) -> None:
    row.field = selectors.fields.name(row.field_of_use, day)
    row.kind = licensees.CLASSES[row.licensee_class]
    row.summary = tariffs.summary(tariffs.tariff(row.terms))
    row.minimum, row.advance = (int(Fraction(row.terms.get(name) or "0")) for name in ("minimum", "advance"))


def _look(outcome: str) -> str:
    return {selfchecks.READY: "passed", selfchecks.PAPERS: "waiting", selfchecks.STOP: "refused"}[outcome]
