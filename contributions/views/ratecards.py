"""The tables by which things are valued: every version, and the step that adopts the next."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localdate, now
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from contributions import selectors, services
from contributions.core import ratecards as rules
from contributions.core.errors import Refused
from contributions.core.roles import may
from contributions.forms.ratecards import OWN_NAME, RateCardForm
from contributions.templatetags.contributed import word
from contributions.views import as_of, doors
from contributions.views.exports import csv_file
from contributions.views.lists import wants_csv


@doors.open_to(doors.COMMON)
def index(request: HttpRequest) -> HttpResponse:
    """Every card with the lines that the reader may see; the one in force stands first of its kind."""
    at = as_of.read(request)
    cards = selectors.ratecards.visible_to(request.viewer)
    cards = [each for each in cards if each.card.valid_from <= at.day] if at.is_chosen else cards
    in_force: dict[str, int] = {}
    for each in cards:
        if each.card.valid_from <= at.day:
            in_force[each.card.card] = max(each.card.version, in_force.get(each.card.card, 0))
    if wants_csv(request):
        lines = [
            (_name(each.card.card), each.card.version, each.card.valid_from, key, factor)
            for each in cards
            for key, factor in each.lines.items()
        ]
        return csv_file("ratecards", (_("Card"), _("Version"), _("From"), _("Key"), _("Factor")), lines)
    listed = [
        {
            "card": each.card,
            "name": _name(each.card.card),
            "lines": [(_key(each.card.card, key), key, factor) for key, factor in each.lines.items()],
            "withheld": each.withheld,
            "in_force": in_force.get(each.card.card) == each.card.version,
        }
        for each in sorted(cards, key=lambda each: (each.card.card, -each.card.version))
    ]
    context = {"cards": listed, "as_of": at, "may_adopt": may(request.viewer, "ratecard.adopt")}
    return render(request, "contributions/ratecards/list.html", context)


@doors.open_to(doors.COMMON)
def new(request: HttpRequest) -> HttpResponse:
    """Legal adopts the next version of a table: first what would change is shown, then it is confirmed by name."""
    if not may(request.viewer, "ratecard.adopt"):
        raise Http404
    selectors.ratecards.check_open(request.viewer, request.GET.get("card", ""))
    form = RateCardForm(request.POST or None, initial=_begun(request))
    context: dict = {"form": form}
    if request.method == "POST" and form.is_valid():
        chosen = {name: form.cleaned_data[name] for name in ("card", "lines", "valid_from", "source_ja", "source_en")}
        selectors.ratecards.check_open(request.viewer, chosen["card"])
        try:
            if form.cleaned_data["confirm"]:
                illustrative = selectors.log.head().demo
                made = services.ratecards.adopt(**chosen, illustrative=illustrative, by=request.viewer, at=now())
                messages.success(request, _("Version %(n)s is adopted.") % {"n": made.version})
                return redirect("contributions:ratecards")
            services.ratecards.examine(chosen["card"], chosen["lines"], on=chosen["valid_from"])
            context |= _changes(chosen)
        except Refused as refusal:
            form.refuse(refusal)
    return render(request, "contributions/ratecards/form.html", context, status=422 if form.errors else 200)


def _begun(request: HttpRequest) -> dict:
    """The form as it opens: with the lines of the card in force, where one is named."""
    card = request.GET.get("card", "")
    lines = selectors.ratecards.lines_at(card, localdate()) if card else {}
    fixed = card in rules.CARDS
    return {
        "card": card if fixed else OWN_NAME if card else "",
        "name": "" if fixed else card,
        "valid_from": localdate(),
        "lines": "\n".join(f"{key}, {factor}" for key, factor in lines.items()),
    }


def _changes(chosen: dict) -> dict:
    """What the lines change against the card in force on their first day."""
    card, after = chosen["card"], chosen["lines"]
    before = selectors.ratecards.lines_at(card, chosen["valid_from"])
    keys = [key for key in sorted({*before, *after}) if before.get(key) != after.get(key)]
    rows = [(_key(card, key), before.get(key), after.get(key)) for key in keys]
    return {"examined": True, "changes": rows, "same": len({*before, *after}) - len(rows), "name": card}


def _name(card: str) -> str:
    return rules.name_of(card).of(get_language())


def _key(card: str, key: str) -> str:
    if card in {"grade", "hourly"}:
        return word(key, "grade")
    if card == "dataset":
        name, _slash, factor = key.partition("/")
        return f"{name} " + {"quality": _("quality"), "uniqueness": _("uniqueness")}.get(factor, factor)
    if card != "accelerator":
        return key
    return key.upper() if key != "cpu" else _("CPU only")
