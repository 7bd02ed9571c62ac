"""Deciding bodies: their rules as they stand and stood, each with its source; legal records them."""

from __future__ import annotations

from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import localdate, now
from django.views.decorators.http import require_http_methods, require_safe

from contributions import selectors as contributed
from contributions.core.errors import Refused
from contributions.core.periods import day_after
from contributions.core.roles import may
from contributions.core.words import Text
from contributions.templatetags.moyai import called
from contributions.views import as_of
from licensing import selectors, services
from licensing.core import bodies as rules
from licensing.forms.bodies import BodyForm, RulesForm
from licensing.views import lists, rails
from licensing.views.doors import RIGHTS, open_to

HEADER = (
    "body",
    lists.coded("kind", rules.KINDS),
    "name_ja",
    "name_en",
    "edition",
    "from",
    "electorate",
    "visibility",
    "source_ja",
    "source_en",
)


@require_safe
@open_to(RIGHTS)
def index(request):
    at = as_of.read(request)
    rows, context = lists.narrowed(
        request, selectors.bodies.visible_to(request.viewer), search=("code", "name_ja", "name_en")
    )
    if lists.wants_csv(request):
        return lists.csv("bodies", HEADER, [_cells(row) for row in rows])
    context |= lists.paged(request, rows)
    for row in context["rows"]:
        row.now = selectors.bodies.as_of(row, at.day)
        row.kind_name = rules.KINDS[row.kind]
        row.matters = [rules.MATTERS[matter] for matter in (row.now.rules["matters"] if row.now else ())]
        row.shows = rules.VISIBILITY[row.now.rules["visibility"]] if row.now else None
    context |= {"may_record": may(request.viewer, "body.constitute") and not at.is_chosen, "as_of": at}
    return render(request, "licensing/bodies/list.html", context)


@require_safe
def detail(request, code):
    found = get_object_or_404(selectors.bodies.visible_to(request.viewer), code=code)
    at = as_of.read(request)
    today = selectors.bodies.as_of(found, at.day)
    ballots, editions = selectors.ballots.visible_to(request.viewer).filter(body=found), found.editions
    if at.is_chosen:
        ballots = ballots.filter(opened_at__lt=day_after(at.day))
        editions = editions.filter(valid_from__lte=at.day)
    ballots = list(ballots)
    for row in ballots:
        if at.is_chosen and row.closed_at is not None and row.closed_at >= day_after(at.day):
            row.state = "open"
    for row in ballots:
        row.about = about(row)
    context = {
        "body": found,
        "kind": rules.KINDS[found.kind],
        "today": today,
        "as_of": at,
        "editions": [_edition(row, row == today) for row in editions.order_by("-edition")],
        "ballots": ballots,
        "may_amend": may(request.viewer, "body.constitute") and not at.is_chosen,
        "history": rails.history(request.viewer, f"body:{found.code}"),
    }
    return render(request, "licensing/bodies/detail.html", context)


@require_http_methods(["GET", "POST"])
def new(request):
    """Legal records a body with its first rules."""
    return _form(request, BodyForm, None)


@require_http_methods(["GET", "POST"])
def amend(request, code):
    """Legal records the rules of a body from a day on."""
    return _form(request, RulesForm, get_object_or_404(selectors.bodies.visible_to(request.viewer), code=code))


def about(ballot) -> Text:
    """What a ballot is on, in words."""
    if ballot.policy is not None:
        number, version = ballot.policy.number, ballot.policy.version
        return Text(f"配分規程 {number} 第{version}版", f"Allocation policy {number}, version {version}")
    return Text(f"配分計算 {ballot.allocation.number}", f"Allocation {ballot.allocation.number}")


def members_of_today() -> list[tuple[str, str]]:
    """Codes and names of today's members, for a form."""
    return [(row.code, called(row.organization)) for row in contributed.members.in_force(localdate())]


def _form(request, kind, body):
    if not may(request.viewer, "body.constitute"):
        raise Http404
    initial = {"valid_from": localdate(), "policy_decides": True, "allocation_decides": True}
    form = kind(request.POST or None, members=members_of_today(), initial=initial)
    findings = []
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        common = {"stated": form.rules(), "by": request.viewer, "at": now()}
        common |= {name: said[name] for name in ("valid_from", "source_ja", "source_en")}
        try:
            if body is None:
                named = {name: said[name] for name in ("code", "kind", "name_ja", "name_en")}
                body = services.bodies.constitute(**named, **common)
            else:
                services.bodies.amend(body, **common)
        except rules.BadBody as refusal:
            findings = refusal.findings
            form.add_error(None, refusal.text(request.LANGUAGE_CODE))
        except Refused as refusal:
            form.add_error(None, refusal.text(request.LANGUAGE_CODE))
        else:
            return redirect("licensing:body", body.code)
    context = {"form": form, "body": body, "findings": findings[1:]}
    return render(request, "licensing/bodies/form.html", context, status=422 if form.errors else 200)


def _edition(row, is_now: bool) -> dict:
    who = row.rules["electorate"]
    return {
        "row": row,
        "is_now": is_now,
        "electorate": rules.ELECTORATES[who["kind"]],
        "named": ", ".join(who.get("classes") or who.get("members") or ()),
        "visibility": rules.VISIBILITY[row.rules["visibility"]],
        "grounds": [rules.GROUNDS[ground] for ground in row.rules["grounds"]],
        "matters": [
            (rules.MATTERS[matter], rules.sentence(rule), in_writing(rule))
            for matter, rule in row.rules["matters"].items()
        ],
    }


def in_writing(rule: dict) -> Text | None:
    """The rule of a written resolution in words, where one is admitted."""
    return rules.sentence({"basis": rule["basis"], **rule["written"]}) if "written" in rule else None


def _cells(row) -> tuple:
    now_ = selectors.bodies.as_of(row, localdate())
    named = (row.code, row.kind, row.name_ja, row.name_en)
    if now_ is None:
        return (*named, "", "", "", "", "", "")
    ruled = (now_.edition, now_.valid_from, now_.rules["electorate"]["kind"], now_.rules["visibility"])
    return (*named, *ruled, now_.source_ja, now_.source_en)
