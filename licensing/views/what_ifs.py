"""What if: an allocation under other assumptions, side by side and drawn; never written anywhere."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from contributions import selectors as contributed
from contributions.core.errors import Refused
from contributions.core.roles import may
from contributions.core.words import Text
from contributions.selectors import kinds
from contributions.templatetags.moyai import text
from licensing import selectors
from licensing.core import methods, pairs, prose, what_ifs
from licensing.core.categories import CATEGORIES
from licensing.core.decimals import exact
from licensing.core.disclosure import CATEGORY
from licensing.core.policies import RIGHTS, Right
from licensing.core.suppression import category_of
from licensing.core.uncorrected import Correction
from licensing.core.views import AllocationView
from licensing.forms.what_ifs import WhatIfForm
from licensing.selectors.what_ifs import Facts
from licensing.views.allocation_runs import checkpoint_label
from licensing.views.allocations import find, view_of

CHECKPOINTS_OFFERED = 50


@require_safe
def what_if(request: HttpRequest, number: str) -> HttpResponse:
    """One right under other assumptions: the desk and the auditor everything, a member its own points and weights."""
    found = find(request, number)
    view = view_of(request, found)
    if not may(request.viewer, "bundle.full") and view.own is None:
        raise Http404
    right = selectors.allocations.right(found, view)
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
        context |= _all(request, found, right, form) if context["all"] else _own(request, found, view, form)
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
    right = selectors.allocations.right(found, view)
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
        }
    sealed = contributed.log.checkpoints()[:CHECKPOINTS_OFFERED]
    choices["known_at"] = [(str(row.size), checkpoint_label(row)) for row in sealed]
    if corrected := _corrected(selectors.what_ifs.corrections(request.viewer), everything):
        choices["uncorrected"] = corrected
    asked = request.GET if set(request.GET) - {"right"} else None
    weighted = categories if right.method and right.method.weights else {}
    return WhatIfForm(asked, categories=weighted, choices=choices, on=localdate())


def _corrected(found: list[Correction], everything: bool) -> list[tuple[str, str]]:
    """All corrections of each member at once, and each alone."""
    names = _names()
    choices = []
    for member in dict.fromkeys(one.member for one in found):
        name = text(names.get(member, Text(member, member)))
        own = [one for one in found if one.member == member]
        whose = {"member": name, "n": len(own)}
        said = ngettext("%(member)s: its one correction", "%(member)s: all %(n)s corrections", len(own)) % whose
        choices.append((member, said if everything else _("all of them (%(n)s)") % whose))
        if len(own) > 1:
            choices += [(one.key, f"{name}{_(': ')}{_named(one)}" if everything else _named(one)) for one in own]
    return choices


def _named(one: Correction) -> str:
    """What was corrected, and by what: B-honda-0001 → B-honda-0002."""
    return f"{text(kinds.label(one.kind))} {one.what}{f' → {one.by}' if one.by else ''}"


def _facts(request: HttpRequest, found, form: WhatIfForm) -> Facts:
    chosen, begun = form.cleaned_data, (found.window_from, found.window_until)
    window = (chosen["window_from"] or begun[0], _after(chosen["window_to"]) or begun[1])
    policies = selectors.policies.visible_to(request.viewer)
    size = int(chosen["known_at"]) if chosen["known_at"] else None
    return Facts(
        policy=next((row for row in policies if str(row) == chosen.get("policy")), None),
        size=selectors.what_ifs.known_on(chosen["known_on"]) if chosen["known_on"] else size,
        window=window if window != begun else None,
        uncorrected=selectors.what_ifs.chosen(request.viewer, chosen.get("uncorrected") or ""),
    )


def _after(last: date | None) -> date | None:
    return last + timedelta(days=1) if last else None


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
    """Everybody's shares, before and after, with the totals behind them."""
    if not form.is_bound or not form.is_valid():
        return {}
    facts = _facts(request, found, form)
    answer = selectors.what_ifs.answer(found, request.viewer, right, _change(form, form.cleaned_data["member"]), facts)
    names = _names()
    rows = [(names.get(row.member, Text(row.member, row.member)), row) for row in answer.rows]
    drawn = [pairs.Pair(name, row.before or Fraction(0), row.after or Fraction(0)) for name, row in rows]
    return {
        "rows": rows,
        "svg": pairs.pairs(drawn, language=request.LANGUAGE_CODE),
        "finding": pairs.finding(drawn),
        "points": [(CATEGORIES[code], before, after, after - before) for code, before, after in answer.totals],
        "assumed": _assumed(found, facts, form),
    }


def _assumed(found, facts: Facts, form: WhatIfForm) -> dict:
    """What is read otherwise than by the allocation: period, knowledge, corrections left out."""
    window = facts.window or (found.window_from, found.window_until)
    return {
        "window": window,
        "window_changed": facts.window is not None,
        "known_on": form.cleaned_data["known_on"],
        "size": facts.size or found.log_size,
        "size_changed": facts.size is not None,
        "left_out": [(kinds.label(one.kind), one) for one in facts.uncorrected],
    }


def _own(request: HttpRequest, found, view: AllocationView, form: WhatIfForm) -> dict:
    """A member's own share before floor, cap and rounding, from its own view; of other times, its own points."""
    if not form.is_bound or not form.is_valid():
        return {}
    assert view.own is not None
    if form.is_of_times():
        return _own_points(request, found, form)
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


def _own_points(request: HttpRequest, found, form: WhatIfForm) -> dict:
    facts = _facts(request, found, form)
    rows = [
        (CATEGORIES[code], before, after)
        for code, before, after in selectors.what_ifs.own_points(found, request.viewer, facts)
    ]
    drawn = [pairs.Pair(*row) for row in rows]
    return {
        "points": [(name, before, after, after - before) for name, before, after in rows],
        "points_svg": pairs.points(drawn, language=request.LANGUAGE_CODE),
        "points_finding": pairs.changes(drawn),
        "assumed": _assumed(found, facts, form),
    }


def _names() -> dict[str, Text]:
    return {code: Text(name["ja"], name["en"]) for code, name in contributed.organizations.names().items()}
