"""What if: an allocation under other assumptions, side by side and drawn; never written anywhere."""

from __future__ import annotations

from fractions import Fraction

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from contributions import selectors as contributed
from contributions.core.errors import Refused
from contributions.core.roles import may
from contributions.core.words import Text
from contributions.templatetags.moyai import text
from licensing import selectors
from licensing.core import methods, pairs, prose, what_ifs
from licensing.core.categories import CATEGORIES
from licensing.core.decimals import exact
from licensing.core.disclosure import CATEGORY
from licensing.core.policies import RIGHTS, Policy, Right
from licensing.core.suppression import category_of
from licensing.core.views import AllocationView
from licensing.forms.what_ifs import WhatIfForm
from licensing.selectors.what_ifs import Facts
from licensing.views.allocations import find, rule_of, view_of

CHECKPOINTS_OFFERED = 50
ASKED = ("method", "without", "policy", "known_at", "uncorrected", "points")


@require_safe
def what_if(request: HttpRequest, number: str) -> HttpResponse:
    """One right under other assumptions: the desk and the auditor everything, a member its own points and weights."""
    found = find(request, number)
    view = view_of(request, found)
    if not may(request.viewer, "bundle.full") and view.own is None:
        raise Http404
    right = rule_of(found, view)
    form = _form(request, found, view, right)
    context = {
        "allocation": found,
        "view": view,
        "right": RIGHTS[right.right],
        "code": right.right,
        "rights": [(row.right, RIGHTS[row.right]) for row in view.rights],
        "method": prose.told(right.method, _names()),
        "form": form,
        "all": may(request.viewer, "bundle.full"),
    }
    try:
        context |= _all(request, found, right, form) if context["all"] else _own(request, view, form)
    except Refused as refusal:
        context["refusal"] = refusal
    status = 422 if form.errors or "refusal" in context else 200
    return render(request, "licensing/allocations/what_if.html", context, status=status)


@require_safe
def compare(request: HttpRequest, number: str) -> HttpResponse:
    """The usual methods on the same pool, with how concentrated each is and whether anybody would gain by leaving."""
    found = find(request, number)
    if not may(request.viewer, "bundle.full"):
        raise Http404
    view = view_of(request, found)
    rule, pool = selectors.what_ifs.pool(found, request.viewer)
    right = rule_of(found, view)
    game = what_ifs.game_of(right, rule.shared)
    rows = what_ifs.compared(right, pool, game)
    names = _names()
    context = {
        "allocation": found,
        "right": RIGHTS[right.right],
        "code": right.right,
        "rights": [(row.right, RIGHTS[row.right]) for row in view.rights],
        "game": prose.worth(game.game) if game is not None and game.game is not None else None,
        "members": [(member, names.get(member, Text(member, member))) for member in pool.members],
        "columns": [_column(row, pool.members, names, right) for row in rows],
    }
    return render(request, "licensing/allocations/compare.html", context)


def _column(row: what_ifs.Compared, members, names: dict[str, Text], right: Right) -> dict:
    assert right.method is not None
    return {
        "name": methods.NAMES[row.name],
        "identifier": row.name,
        "here": row.name == right.method.name,
        "shares": [row.shares.get(member) for member in members],
        "refusal": row.refusal,
        "largest": row.largest if row.shares else None,
        "concentration": row.concentration if row.shares else None,
        "complaint": row.complaint,
        "leaving": Text(
            "・".join(names[member].ja for member in row.leaving if member in names),
            ", ".join(names[member].en for member in row.leaving if member in names),
        ),
    }


def _form(request: HttpRequest, found, view: AllocationView, right: Right) -> WhatIfForm:
    everything = may(request.viewer, "bundle.full")
    held = {row.category: row.weight for row in view.categories if row.kind == CATEGORY}
    categories = {code: (CATEGORIES[code], "") for code in held if code in CATEGORIES}
    choices = {"category": [(code, text(CATEGORIES[code])) for code in dict.fromkeys(map(category_of, held))]}
    if everything:
        members = [(share.member, text(share.name)) for share in view.shares]
        versions = selectors.policies.visible_to(request.viewer).exclude(pk=found.policy_id)
        choices |= {
            "member": members,
            "method": [(name, text(methods.NAMES[name])) for name in what_ifs.ALTERNATIVES],
            "without": members,
            "policy": [(str(row), _("Version %(n)s") % {"n": row.version}) for row in versions],
            "known_at": [(str(row.size), str(row.size)) for row in contributed.log.checkpoints()[:CHECKPOINTS_OFFERED]],
            "uncorrected": members,
        }
    asked = request.GET if set(request.GET) - {"right"} else None
    return WhatIfForm(asked, categories=categories if right.method and right.method.weights else {}, choices=choices)


def _change(form: WhatIfForm, member: str) -> what_ifs.Change:
    chosen = form.cleaned_data
    points, code = chosen.get("points"), chosen.get("category")
    return what_ifs.Change(
        weights=form.weights(),
        method=chosen.get("method") or "",
        added={(member, code): points} if points and code and member else {},
        without=chosen.get("without") or "",
    )


def _all(request: HttpRequest, found, right: Right, form: WhatIfForm) -> dict:
    """Everybody's shares, before and after."""
    if not form.is_bound or not form.is_valid():
        return {}
    chosen = form.cleaned_data
    policies = selectors.policies.visible_to(request.viewer)
    policy = next((row for row in policies if str(row) == chosen["policy"]), None)
    facts = Facts(policy, int(chosen["known_at"]) if chosen["known_at"] else None, chosen["uncorrected"])
    _, pool = selectors.what_ifs.pool(found, request.viewer)
    before = what_ifs.changed(right, pool, what_ifs.Change())
    other, other_pool = selectors.what_ifs.pool(found, request.viewer, facts)
    after = what_ifs.changed(_same(other, right), other_pool, _change(form, chosen["member"]))
    names = _names()
    rows = [(names.get(row.member, Text(row.member, row.member)), row) for row in what_ifs.beside(before, after)]
    drawn = [pairs.Pair(name, row.before or Fraction(0), row.after or Fraction(0)) for name, row in rows]
    return {
        "rows": rows,
        "svg": pairs.pairs(drawn, language=request.LANGUAGE_CODE),
        "finding": pairs.finding(drawn),
        "clips": {share.member: share.clip for share in after.members if share.clip},
    }


def _same(rule: Policy, right: Right) -> Right:
    """The same right in another version; the one money goes by where that version does not share it."""
    return next((each for each in rule.shared if each.right == right.right), rule.main)


def _own(request: HttpRequest, view: AllocationView, form: WhatIfForm) -> dict:
    """A member's own share before floor, cap and rounding, from its own view."""
    if not form.is_bound or not form.is_valid():
        return {}
    assert view.own is not None
    before, after = what_ifs.own(view, _change(form, view.own.member), view.own.member)
    drawn = [pairs.Pair(view.own.name, before, after)]
    return {
        "rows": [(view.own.name, what_ifs.Row(view.own.member, before, after))],
        "svg": pairs.pairs(drawn, language=request.LANGUAGE_CODE),
        "finding": Text(
            f"{exact(Fraction(round((after - before) * 10**6), 10**4))} ポイントの変化です。",
            f"a change of {exact(Fraction(round((after - before) * 10**6), 10**4))} percentage points",
        ),
    }


def _names() -> dict[str, Text]:
    return {code: Text(name["ja"], name["en"]) for code, name in contributed.organizations.names().items()}
