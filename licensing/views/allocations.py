"""Allocations: the shares, why they are what they are, attestation, adoption. A page prints the viewer's view only."""

from __future__ import annotations

from fractions import Fraction

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from contributions import selectors as contributed
from contributions.core.errors import Refused
from contributions.core.roles import LICENSEE, WORKPLACES, may
from contributions.core.words import Text
from contributions.templatetags.moyai import percent_bare
from licensing import selectors, services
from licensing.core import charts, explanations, policies, prose, rights, strands
from licensing.core.categories import CATEGORIES
from licensing.core.decimals import percent
from licensing.core.disclosure import CATEGORY, EXISTENCE, LEVELS
from licensing.core.methods import NAMES
from licensing.core.views import AllocationView, RightView, ShareView
from licensing.views import confirming, derivations, lists, rails
from licensing.views.doors import RIGHTS, open_to
from licensing.views.policies import LEVEL_NAMES

STATES = ("run", "attested", "proposed", "adopted", "superseded")
SEARCH = ("number", "release__number", "release__name_ja", "release__name_en")
HEADER = ("allocation", "release", "policy", "from", "until", "log_size", lists.coded("state"), "result_sha256")


@require_safe
@open_to(RIGHTS | {LICENSEE})
def index(request):
    found = selectors.allocations.visible_to(request.viewer)
    rows, context = lists.narrowed(request, found, search=SEARCH, states=STATES if request.viewer.is_office else ())
    if lists.wants_csv(request):
        return lists.csv("allocations", HEADER, [_cells(row) for row in rows])
    context |= lists.paged(request, rows) | {"may_run": may(request.viewer, "allocation.run")}
    if request.viewer.workplace == "member":
        for row in context["rows"]:
            row.own_share = _own_share(row, request.viewer)
    return render(request, "licensing/allocations/list.html", context)


def _cells(row) -> tuple:
    window = (row.window_from, row.window_until)
    return row.number, row.release.number, str(row.policy), *window, row.log_size, row.state, row.result_sha256


@require_safe
def detail(request, number):
    return _page(request, find(request, number))


@require_safe
def why(request, number, member):
    """The derivation of one share: a fragment to open in place, or a page of its own."""
    found = find(request, number)
    view = view_of(request, found)
    share = next((share for share in view.shares if share.member == member), None)
    if share is None:
        raise Http404
    rule = selectors.allocations.right(found, view)
    context = {
        "allocation": found,
        "why": _why(request, found, view, share, rule),
        "assets": _by_category(derivations.assets((share,), request.viewer), share),
        "share": share,
    }
    template = "why" if request.htmx else "why_page"
    return render(request, f"licensing/allocations/{template}.html", context)


@require_POST
def attest(request, number):
    """Recompute everything from the journal; the first time by this workplace, record that it agrees."""
    found = find(request, number)
    again = request.viewer.workplace in {done["workplace"] for done in found.attestations}
    if not again and (fault := confirming.fault(request, number)):
        return _page(request, found, error=fault)
    try:
        services.allocations.attest(found, by=request.viewer, at=now())
    except Refused as refusal:
        return _page(request, found, error=refusal)
    messages.success(request, _("Recomputed from the log: every byte of inputs and result is the same."))
    return redirect("licensing:allocation", number)


@require_POST
def adopt(request, number):
    found = find(request, number)
    if fault := confirming.fault(request, number):
        return _page(request, found, error=fault)
    try:
        services.allocations.adopt(found, by=request.viewer, at=now())
    except Refused as refusal:
        return _page(request, found, error=refusal)
    return redirect("licensing:allocation", number)


def find(request, number):
    return get_object_or_404(selectors.allocations.visible_to(request.viewer), number=number)


def _own_share(row, viewer) -> Fraction | None:
    view = selectors.allocations.view(row, viewer)
    return Fraction(view.own.grid, view.grid) if view.own and view.grid else None


def _page(request, found, *, error=None):
    """The page of one allocation; with an error, the final action stays open with it."""
    viewer = request.viewer
    view = view_of(request, found)
    policy, rule = policies.read(found.policy.document), selectors.allocations.right(found, view)
    history = rails.history(viewer, f"allocation:{found.number}")
    readable = {line["sequence"]: line for line in history}
    own = view.own
    decisions = list(selectors.ballots.visible_to(viewer).filter(allocation=found))
    context = {
        "allocation": found,
        "view": view,
        "rule": rule,
        "right": policies.RIGHTS[rule.right],
        "rights": _rights(found, view, policy),
        "form_of_share": policies.FORMS[rule.form],
        "method_name": NAMES[rule.method.name],
        "level": LEVELS[policy.disclosure],
        "level_name": LEVEL_NAMES[policy.disclosure],
        "leaving": [{"one": one, "names": _called(one.players)} for one in view.leaving],
        "workplace": WORKPLACES[viewer.workplace],
        "exists_only": view.audience == EXISTENCE,
        "may_read_policy": selectors.policies.visible_to(viewer).filter(pk=found.policy_id).exists(),
        "ballot": selectors.ballots.visible_to(viewer).filter(policy=found.policy, state="carried").first(),
        "checkpoint": contributed.log.checkpoints().filter(size=found.log_size).first(),
        "categories": [
            {"view": row, "name": prose.term(row.category, row.method), "weight": percent(row.weight)}
            for row in view.categories
        ],
        "places": derivations.places(view.grid or rule.grid),
        "unit_name": "ppm" if view.grid == 10**6 else f"1/{view.grid or rule.grid:,}",
        "history": history,
        "attestations": [
            {"workplace": WORKPLACES[done["workplace"]], "seq": done["seq"], "entry": readable.get(done["seq"])}
            for done in found.attestations
        ],
        "attested_here": viewer.workplace in {done["workplace"] for done in found.attestations},
        "may_attest": may(viewer, "allocation.attest"),
        "decisions": decisions,
        "may_put": may(viewer, "ballot.open")
        and found.state == "attested"
        and all(row.state == "lost" for row in decisions),
        "may_adopt": may(viewer, "allocation.adopt")
        and found.state == "attested"
        and any(row.state == "carried" for row in decisions),
        "may_bundle": may(viewer, "bundle.full"),
        "may_take_home": selectors.allocations.may_take_home(found, viewer),
        "may_compare": may(viewer, "bundle.full"),
        "may_ask": may(viewer, "bundle.full") or (own is not None),
        "sentences": view.sentences,
        "error": error,
    }
    if not context["exists_only"]:
        context |= _shares(view)
        context |= _picture(request, view, own, rule)
        counts = any(row.kind == CATEGORY for row in view.categories)
        lines = derivations.assets(tuple(share for share in view.shares if share.lines and counts), viewer)
        context["has_lines"] = bool(lines)
        context["left_out"], context["other_units"], context["outside"] = derivations.left_out(lines)
    if own is not None:
        context["why"] = _why(request, found, view, own, rule)
        context["assets"] = _by_category([line for line in lines if line.member == own.name], own)
        context["share"] = own
    return render(request, "licensing/allocations/detail.html", context, status=422 if error else 200)


def view_of(request, found) -> AllocationView:
    """The right that the address names, as this viewer may know it; one that the policy does not share is none."""
    asked = request.GET.get("right")
    if asked and asked not in {right.right for right in policies.read(found.policy.document).shared}:
        raise Http404
    return selectors.allocations.view(found, request.viewer, asked or None)


def _rights(found, view: AllocationView, policy: policies.Policy) -> list[dict]:
    """Every right of the policy: those shared out with the viewer's own share, the others with what they say."""
    shown = {right.right: right for right in view.rights}
    return [
        {
            "code": right.right,
            "name": policies.RIGHTS[right.right],
            "form": rights.FORM_NAMES[right.form] if right.method else None,
            "method": NAMES[right.method.name] if right.method else None,
            "ownership": rights.OWNERSHIP[right.ownership] if right.ownership else None,
            "use": rights.USE[right.use] if right.use else None,
            "further_training": rights.FURTHER_TRAINING[right.further_training] if right.further_training else None,
            "here": right.right == view.right,
            "own": _own_of(shown.get(right.right)),
            "places": derivations.places(right.grid),
        }
        for right in policy.rights
    ]


def _own_of(right: RightView | None) -> Fraction | None:
    return Fraction(right.own, right.grid) if right is not None and right.own is not None else None


def _called(codes) -> Text:
    """The names of these members, joined as each language does."""
    names = contributed.organizations.names()
    known = [names.get(code, {"ja": code, "en": code}) for code in codes]
    return Text("・".join(name["ja"] for name in known), ", ".join(name["en"] for name in known))


def _shares(view: AllocationView) -> dict:
    """The table of shares, and its totals where every share is shown."""
    rows = [
        {
            "share": share,
            "mine": share.own,
            "figure_text": percent_bare(Fraction(share.grid, view.grid), derivations.places(view.grid)),
            "parts": share.parts,
            "up": None if share.exact is None else share.grid - (share.exact * view.grid).__floor__(),
        }
        for share in sorted(view.shares, key=lambda share: (-share.grid, share.member))
    ]
    context: dict = {
        "rows": rows,
        "with_parts": any(share.parts for share in view.shares),
        "has_lines": any(share.lines for share in view.shares),
        "held": Fraction(view.held or 0, view.grid),
    }
    if len(rows) > 1:
        context["total"] = Fraction(sum(share.grid for share in view.shares) + (view.held or 0), view.grid)
        context["totals"] = [
            sum((share.parts[i].part for share in view.shares), Fraction(0)) if row.shown else None
            for i, row in enumerate(view.categories)
        ]
    return context


def _picture(request, view: AllocationView, own: ShareView | None, rule: policies.Right) -> dict:
    """Everybody's flow for those who see everybody's parts, else the member's own."""
    language, right = request.LANGUAGE_CODE, policies.RIGHTS[rule.right]
    bands = [charts.Band(row.category, prose.term(row.category, row.method), row.weight) for row in view.categories]
    known = all(share.parts and all(part.part is not None for part in share.parts) for share in view.shares)
    if known and len(view.shares) > 1:
        sources = [
            charts.Source(share.name, {part.category: part.part for part in share.parts}) for share in view.shares
        ]
        return {
            "svg": charts.flow(sources, bands, right, language=language),
            "picture_title": Text("だれの何が、どの権利になったか", "Who put in what, and what it became"),
            "caption": Text(
                "線の太さは、下限・上限と丸めの前の配分比率です。",
                "The thickness of a band is its part of the right, before floor, cap and rounding.",
            ),
        }
    if own is None or not own.lines or any(row.category not in CATEGORIES for row in view.categories):
        return {}
    parts = {part.category: part.part for part in own.parts if part.points} if view.recomputed else None
    asset_names = {(line.code, line.asset): line.name for line in derivations.assets((own,), request.viewer)}
    held = [strands.Strand(asset_names[line.category, line.asset], line.category, line.points) for line in own.lines]
    return {
        "svg": strands.strands(held, bands, right, parts=parts, language=language),
        "picture_title": Text("自社の何が、どの区分の点数になったか", "Which of your contributions made which points"),
        "caption": Text(
            "線の太さは、自社の配分比率に占める大きさです（下限・上限と丸めの前）。",
            "The thickness of a band is its part of your share, before floor, cap and rounding.",
        )
        if parts is not None
        else Text(
            "各区分の高さは規程の重み、その中の線の太さは自社の点数の内訳です。区分どうしの高さは配分比率を表しません。",
            "The height of a category is its weight in the policy; within it, bands divide your own points."
            " Heights of different categories do not compare as shares.",
        ),
    }


def _why(request, found, view: AllocationView, share: ShareView, rule: policies.Right) -> dict:
    entry = selectors.entries.visible_to(request.viewer).filter(seq=found.seq).first()
    links = [
        {
            "label": Text(f"配分規程 第{found.policy.version}版", f"Policy, version {found.policy.version}"),
            "url": reverse("licensing:policy", args=[found.policy.number, found.policy.version]),
        }
    ]
    if entry is not None:
        links.append({"label": Text("証明", "Proof"), "url": reverse("contributions:proof", args=[entry.seq])})
    plain = {"because": explanations.why(view, share, rule), "raising": explanations.raising(view, share, rule)}
    return derivations.of_share(view, share, rule) | plain | {"sequence": entry.seq if entry else None, "links": links}


def _by_category(lines: list[derivations.AssetLine], share: ShareView) -> list[dict]:
    """The lines of a share, one table for each category it has any in."""
    return [
        {
            "name": name,
            "anchor": f"lines-{share.member}-{code}",
            "lines": held,
            "points": sum((line.points for line in held), Fraction(0)),
        }
        for code, name in CATEGORIES.items()
        if (held := [line for line in lines if line.code == code])
    ]
