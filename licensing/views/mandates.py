"""The negotiation and approval rules: the version of a day in tables, what each changed, proposing and adopting one."""

from __future__ import annotations

from fractions import Fraction

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import localdate, now
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from contributions import selectors as contributed
from contributions.core.errors import Refused
from contributions.core.roles import may
from contributions.core.words import Text
from contributions.forms.fields import read_date
from contributions.services import independence
from contributions.templatetags.moyai import called
from licensing import selectors, services
from licensing.core import approvals as rules
from licensing.core import mandates
from licensing.core.deviations import TIERS
from licensing.forms import mandates as forms
from licensing.views import confirming, doors, rails

EMPTY = {
    "posts": {}, "routes": [], "clauses": {}, "default_tier": "medium", "figures": {},
    "prices": {"acceptable": "0", "approval": "0", "tier": "high"}, "approval_valid_days": 180,
}  # fmt: skip


@doors.open_to(doors.OFFICE)
def index(request: HttpRequest) -> HttpResponse:
    """The version in force, or another by its number, with what it changed; every version; what is proposed."""
    viewer = request.viewer
    rows = list(selectors.mandates.versions_visible_to(viewer))
    present = selectors.approvals.in_force(localdate())
    chosen = next((row for row in rows if str(row.version) == request.GET.get("version", "")), None)
    chosen = chosen or present or (rows[0] if rows else None)
    against = _against(request, rows, chosen)
    context: dict = {
        "versions": rows,
        "present": present,
        "chosen": chosen,
        "against": against,
        "older": [row for row in rows if chosen is not None and row.version < chosen.version],
        "proposals": selectors.mandates.visible_to(viewer),
        "may_propose": may(viewer, "mandate.propose"),
        "history": [],
    }
    if chosen is not None:
        context |= tables(viewer, chosen.document)
        context["changes"] = _changes(against.document if against else None, chosen.document)
        context["history"] = rails.history(viewer, f"mandate:{chosen.version}")
    return render(request, "licensing/mandates/index.html", context)


def detail(request: HttpRequest, number: str, *, error: object = "", wrong: str = "") -> HttpResponse:
    """A proposed version: what it changes of the rules in force, and the whole of it."""
    viewer = request.viewer
    row = get_object_or_404(selectors.mandates.visible_to(viewer), number=number)
    newest = selectors.mandates.newest_beside(row)
    context = {
        "row": row,
        "newest": newest,
        "changes": _changes(newest.document if newest else None, row.document),
        "barred": _barred(row, viewer),
        "step": _step(row, viewer, error if wrong == "adopt" else ""),
        "turn": _turn(row, viewer, error if wrong == "withdraw" else ""),
        "history": rails.history(viewer, f"mandate:{row.number}"),
        **tables(viewer, row.document),
    }
    return render(request, "licensing/mandates/detail.html", context, status=422 if error else 200)


def new(request: HttpRequest) -> HttpResponse:
    """Write the next version, from the one in force, by its fields."""
    viewer = request.viewer
    if not may(viewer, "mandate.propose"):
        raise Http404
    if request.method == "POST":
        given = forms.typed(request.POST)
        if "add" in request.POST:
            return _form(request, given, spare=2)
        try:
            row = _proposed(given, viewer)
        except Refused as refusal:
            return _form(request, given, refusal=refusal)
        messages.success(request, _("The rules are proposed. Another person of the legal staff adopts them."))
        return redirect("licensing:mandate_proposal", row.number)
    newest = selectors.mandates.versions_visible_to(viewer).first()
    words = {"source_ja": newest.source_ja, "source_en": newest.source_en} if newest else {}
    return _form(request, forms.start_from(newest.document if newest else EMPTY, **words))


def _proposed(given: dict, viewer):
    start = read_date(given["valid_from"])
    if start is None:
        raise rules.RulesRefused(field="valid_from", reason=_DAY)
    for name in ("source_ja", "source_en"):
        if not given[name] or len(given[name]) > 200:
            raise rules.RulesRefused(field=name, reason=_SOURCE)
    return services.mandates.propose(
        forms.document(given),
        valid_from=start,
        source_ja=given["source_ja"],
        source_en=given["source_en"],
        reason=given["reason"],
        by=viewer,
        at=now(),
    )


@require_POST
def adopt(request: HttpRequest, number: str) -> HttpResponse:
    """A second person puts a proposed version in force."""
    return _act(request, number, "adopt", services.mandates.adopt, _("The rules are adopted."))


@require_POST
def withdraw(request: HttpRequest, number: str) -> HttpResponse:
    """Legal takes a proposed version back."""
    return _act(request, number, "withdraw", services.mandates.withdraw, _("The proposal is withdrawn."))


def _act(request: HttpRequest, number: str, name: str, verb, done: str) -> HttpResponse:
    row = get_object_or_404(selectors.mandates.visible_to(request.viewer), number=number)
    if error := confirming.fault(request, number):
        return detail(request, number, error=error, wrong=name)
    try:
        verb(row, by=request.viewer, at=now())
    except Refused as refusal:
        return detail(request, number, error=refusal, wrong=name)
    messages.success(request, done)
    return redirect("licensing:mandate_proposal", number)


def _form(request: HttpRequest, given: dict, *, refusal: Refused | None = None, spare: int = 1) -> HttpResponse:
    language = get_language()
    names = _names()
    posts = [*given["posts"], *({} for _n in range(spare))]
    kinds = {row["code"]: row[language if language == "ja" else "en"] or row["code"] for row in given["posts"]}
    steps = [
        (value, f"{kinds[value.partition(':')[2]]}（{rules.STEP_KINDS[kind].of(language)}）")
        for value, kind in forms.step_choices(given["posts"])
    ]
    routes = [*given["routes"], *({} for _n in range(spare))]
    context = {
        "given": given,
        "refusal": refusal,
        "tiers": list(TIERS.items()),
        "posts": list(enumerate(posts, 1)),
        "routes": [_route_row(n, row, steps) for n, row in enumerate(routes, 1)],
        "steps_max": range(1, forms.STEPS_MAX + 1),
        "tier_names": list(rules.ROUTED.items()),
        "figures": [(n, row, names.get(row["name"], row["name"])) for n, row in enumerate(given["figures"], 1)],
        "clauses": [
            (n, row, names.get(row.get("code", ""), ""))
            for n, row in enumerate([*given["clauses"], *({} for _n in range(spare))], 1)
        ],
        "clause_names": sorted((one.id, one.heading) for one in selectors.clauses.library()),
    }
    return render(request, "licensing/mandates/form.html", context, status=422 if refusal else 200)


def _route_row(n: int, row: dict, steps: list[tuple[str, str]]) -> dict:
    return {
        "n": n,
        "row": row,
        "tiers": [(tier, words, bool(row.get(tier))) for tier, words in rules.ROUTED.items()],
        "steps": [(at, row.get(f"step{at}", ""), steps) for at in range(1, forms.STEPS_MAX + 1)],
    }


def tables(viewer, document: dict) -> dict:
    """A version's document as the pages print it."""
    read, names = rules.read(document), _names()
    return {
        "rules": read,
        "posts": _posts(viewer, read),
        "routes": [_route(one, read) for one in read.routes],
        "clauses": [_clause(code, read, names) for code in read.clauses],
        "price": [mandates.figure(one) for one in (Fraction(0), *read.price[:2])],
        "price_tier": TIERS[read.price[2]],
        "default_tier": TIERS[read.default_tier],
        "figures": _figures(read, names),
    }


def _names() -> dict[str, Text]:
    return {**{one.id: one.heading for one in selectors.clauses.library()}, **selectors.clauses.labels()}


def _posts(viewer, read) -> list[tuple]:
    """Each post and who holds it, by name where the viewer may know the person."""
    holders = [each for post in read.posts.values() for each in post.holders]
    known = contributed.people.visible_to(viewer).filter(username__in=holders)
    names = {one.username: called(one) for one in known}
    return [(post.name, [names.get(each, each) for each in post.holders]) for post in read.posts.values()]


def _route(route: rules.Route, read: rules.Rules) -> dict:
    return {
        "start": route.start,
        "until": route.until,
        "tiers": [rules.ROUTED[tier] for tier in route.tiers],
        "steps": [(rules.STEP_KINDS[step.kind], read.posts[step.post].name) for step in route.steps],
    }


def _clause(code: str, read: rules.Rules, names: dict) -> tuple:
    tier, fixed = rules.tier_of(read, code, code)
    return names.get(code, code), TIERS[tier], fixed


def _figures(read: rules.Rules, names: dict) -> list[dict]:
    return [
        {
            "label": names.get(name, name),
            "bounds": [mandates.figure(one) for one in (limits.standard, limits.acceptable, limits.approval)],
            "tier": TIERS[limits.tier],
        }
        for name, limits in read.figures.items()
    ]


def _against(request: HttpRequest, rows: list, chosen):
    older = [row for row in rows if chosen is not None and row.version < chosen.version]
    wanted = request.GET.get("against", "")
    return next((row for row in older if str(row.version) == wanted), older[0] if older else None)


def _changes(before: dict | None, after: dict) -> list[tuple[Text, mandates.Change]]:
    return [(mandates.PARTS[one.part], one) for one in selectors.mandates.differences(before, after)]


def _barred(row, viewer):
    """Why this viewer cannot adopt what it proposed, and who can."""
    if row.state != "proposed" or not may(viewer, "mandate.adopt"):
        return None
    return independence.barred(viewer, [row.proposed_by_id], name=row.number, at=now())


def _step(row, viewer, error: object) -> dict | None:
    if row.state != "proposed" or not may(viewer, "mandate.adopt") or _barred(row, viewer):
        return None
    sentence = _(
        "You adopt the rules %(number)s, in force from %(start)s on. Approvals that were asked for before keep the"
        " steps they have."
    )
    return {"sentence": sentence % {"number": row.number, "start": row.valid_from.isoformat()}, "error": error}


def _turn(row, viewer, error: object) -> dict | None:
    if row.state != "proposed" or not may(viewer, "mandate.propose"):
        return None
    sentence = _("You take back the proposed rules %(number)s. They cannot be adopted afterwards.")
    return {"sentence": sentence % {"number": row.number}, "error": error}


_DAY = Text("日付を入力してください（例：2027-04-01）。", "Write a day such as 2027-04-01.")
_SOURCE = Text(
    "根拠を200字以内で、日本語と英語の両方で記載してください。",
    "State the source in both languages, in 200 characters.",
)
