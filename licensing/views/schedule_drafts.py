"""The builder of price lists: what is typed is rated while it is typed, kept as a draft, and proposed."""

from __future__ import annotations

from datetime import date, timedelta

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import localdate, now
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from contributions.core.errors import Finding, Refused
from contributions.core.roles import may
from contributions.core.terms import WiderThanCameIn
from contributions.core.words import Text
from contributions.forms.fields import read_date
from licensing import selectors, services
from licensing.core import advances, licensees, prices, tariffs
from licensing.core.variables import REGIONS
from licensing.forms import schedules as forms
from licensing.views import lists, pricing

SPARE_ROWS = 1


def new(request: HttpRequest) -> HttpResponse:
    """A price list from nothing, or the next version of one that is published."""
    _check_may(request)
    if request.method == "POST":
        return _posted(request, None)
    return _page(request, None, _begun(request))


def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """A draft that was kept."""
    _check_may(request)
    draft = get_object_or_404(selectors.schedules.drafts_visible_to(request.viewer), pk=pk)
    if request.method == "POST":
        return _posted(request, draft)
    return _page(request, draft, forms.typed({}) | draft.typed)


def _check_may(request: HttpRequest) -> None:
    if request.viewer is None or not may(request.viewer, "schedule.draft"):
        raise Http404


def _begun(request: HttpRequest) -> dict:
    number, _at, version = request.GET.get("from", "").partition("@")
    rows = selectors.schedules.visible_to(request.viewer)
    row = rows.filter(number=number, version=version).first() if version.isdecimal() and len(version) < 6 else None
    if row is None:
        return forms.typed({"unit": "robot", "mode": "graduated", "licensee_class": "japanese"})
    names = {name: getattr(row, name) for name in ("name_ja", "name_en", "field_of_use", "licensee_class")}
    return forms.start_from(row.number, names, row.terms)


def _posted(request: HttpRequest, draft) -> HttpResponse:
    given = forms.typed(request.POST)
    if "preview" in request.POST:
        return render(request, "licensing/schedules/preview.html", _previewed(request, given))
    if "drop" in request.POST and draft is not None:
        services.schedules.drop_draft(draft, by=request.viewer)
        messages.success(request, _("The draft was thrown away."))
        return redirect("licensing:schedules")
    if "add" in request.POST:
        return _page(request, draft, given, spare=SPARE_ROWS + 2)
    try:
        if "save" in request.POST:
            return _saved(request, draft, given)
        return _proposed(request, draft, given)
    except services.schedules.FaultyTerms as refusal:
        return _page(request, draft, given, findings=refusal.findings)
    except Refused as refusal:
        return _page(request, draft, given, refusal=refusal)


def _saved(request: HttpRequest, draft, given: dict) -> HttpResponse:
    revision = request.POST.get("revision", "0")
    kept = services.schedules.save_draft(
        draft, typed=given, revision=int(revision) if revision.isdecimal() else 0, by=request.viewer, at=now()
    )
    messages.success(request, _("The draft is kept. Nobody outside the legal staff sees it."))
    return redirect("licensing:schedule_draft", kept.pk)


def _proposed(request: HttpRequest, draft, given: dict) -> HttpResponse:
    if found := [*forms.faults(given), *_judged(given)]:
        raise services.schedules.FaultyTerms(found)
    schedule = services.schedules.propose(
        number=given["number"],
        name_ja=given["name_ja"],
        name_en=given["name_en"],
        field_of_use=given["field_of_use"],
        licensee_class=given["licensee_class"],
        terms=forms.terms(given),
        valid_from=read_date(given["valid_from"]),
        valid_until=_after(read_date(given["valid_until"])),
        illustrative=lists.is_illustrative(),
        draft=draft,
        by=request.viewer,
        at=now(),
    )
    messages.success(request, _("The price list is proposed. It is frozen once it is published."))
    return redirect("licensing:schedule", schedule.number, schedule.version)


def _after(last: date | None) -> date | None:
    """The end of a period whose last day was typed."""
    return None if last is None else last + timedelta(days=1)


def _judged(given: dict) -> tuple[Finding, ...]:
    terms = forms.terms(given)
    return prices.examine(terms) or prices.unfit(terms)


def _previewed(request: HttpRequest, given: dict) -> dict:
    """The list as it stands: its faults, or its picture, sample sums and cliffs; and whether the rights suffice."""
    findings = _judged(given)
    context: dict = {"findings": findings, "coverage": _coverage(request, given)}
    if not findings:
        context |= pricing.shown(forms.terms(given), language=get_language())
    return context


def _coverage(request: HttpRequest, given: dict) -> Refused | None:
    """What the rights that came in do not cover, if anything."""
    if given["field_of_use"] not in selectors.fields.on(localdate()):
        return None
    try:
        services.schedules.check_covered(
            given["field_of_use"],
            read_date(given["valid_from"]) or localdate(),
            request.viewer,
            valid_until=_after(read_date(given["valid_until"])),
            regions=[row["region"] for row in given["regions"] if row["region"]],
        )
    except WiderThanCameIn as refusal:
        return refusal
    return None


def _page(
    request: HttpRequest, draft, given: dict, *, findings=(), refusal: Refused | None = None, spare: int = SPARE_ROWS
) -> HttpResponse:
    beside: dict[str, list[Finding]] = {}
    for finding in findings:
        beside.setdefault(finding.field, []).append(finding)
    tiers = [*given["tiers"], *({} for _n in range(max(spare, 3 - len(given["tiers"]))))]
    regions = [*given["regions"], *({} for _n in range(max(spare, 2 - len(given["regions"]))))]
    context = {
        "draft": draft,
        "given": given,
        "groups": [(title, [_cell(name, given, beside) for name in names]) for title, names in _groups()],
        "tier_rows": [_row("tier", "tiers", n, row, forms.TIER, beside) for n, row in enumerate(tiers, 1)],
        "region_rows": [_region(n, row, beside) for n, row in enumerate(regions, 1)],
        "region_choices": list(REGIONS.items()),
        "tier_errors": beside.get("tiers", []) + beside.get("terms", []),
        "all_findings": findings,
        "refusal": refusal,
        **_previewed(request, given),
    }
    status = 422 if findings or refusal else 200
    return render(request, "licensing/schedules/builder.html", context, status=status)


def _groups() -> list[tuple[str, tuple[str, ...]]]:
    return [
        (
            _("What it is"),
            ("number", "name_ja", "name_en", "field_of_use", "licensee_class", "valid_from", "valid_until"),
        ),
        (_("What is counted"), ("unit", "mode", "free_units", "free_per", "package_size", "fixed", "free_events")),
        (_("Bounds of a licence year"), ("minimum", "cap", "category_cap", "group_cap", "credit")),
        (_("When the licence begins"), ("advance", "advance_credit")),
    ]


def _cell(name: str, given: dict, beside: dict) -> dict:
    label, help_text = _labels()[name]
    return {
        "name": name,
        "label": label,
        "help": help_text,
        "value": given.get(name, ""),
        "choices": _choices().get(name),
        "errors": beside.get(name, []),
        "wide": name in {"name_ja", "name_en"},
    }


def _row(prefix: str, field: str, n: int, row: dict, names: tuple[str, ...], beside: dict) -> dict:
    cells = [
        {
            "name": f"{prefix}-{n}-{name}",
            "id": f"{field}.{n}.{name}",
            "value": row.get(name, ""),
            "errors": beside.get(f"{field}.{n}.{name}", []),
            "label": f"{_labels()[name][0]} {n}",
        }
        for name in names
    ]
    return {"n": n, "cells": cells}


def _region(n: int, row: dict, beside: dict) -> dict:
    code = row.get("region", "")
    return {
        "n": n,
        "code": code,
        "rate": row.get("rate", ""),
        "errors": beside.get(f"regions.{code}", []) if row else [],
    }


def _choices() -> dict[str, list[tuple[str, Text]]]:
    return {
        "field_of_use": list(selectors.fields.on(localdate()).items()),
        "licensee_class": list(licensees.CLASSES.items()),
        "unit": [(code, Text(words.ja, words.one)) for code, words in tariffs.UNITS.items()],
        "mode": list(tariffs.MODES.items()),
        "free_per": list(prices.FREE_PER.items()),
        "advance_credit": list(advances.KINDS.items()),
    }


def _labels() -> dict[str, tuple[str, str]]:
    """Each field's label and, where needed, a word of help."""
    return {
        "number": (_("Number"), _("Of the list, not of the version: S-ROBOT")),
        "name_ja": (_("Name in Japanese"), ""),
        "name_en": (_("Name in English"), ""),
        "field_of_use": (_("Field of use"), ""),
        "licensee_class": (_("Class"), ""),
        "valid_from": (_("Valid from"), ""),
        "valid_until": (_("Last day it is valid"), ""),
        "unit": (_("Unit"), ""),
        "mode": (_("How prices apply"), ""),
        "free_units": (_("Free units in each report"), ""),
        "free_per": (_("The free units are for"), ""),
        "package_size": (_("Units in a package"), _("Only where prices are by package")),
        "fixed": (_("Fixed fee per event (yen)"), _("Only with a percentage")),
        "free_events": (_("Events free of the fixed fee"), _("Only with a percentage")),
        "minimum": (_("Minimum fee for each licence year"), ""),
        "cap": (_("Cap of the licence"), ""),
        "category_cap": (_("Cap of the group in this field"), ""),
        "group_cap": (_("Cap of the group in all fields"), ""),
        "credit": (_("Credit in each report, not carried over"), ""),
        "advance": (_("Advance (yen)"), _("Invoiced once, when the licence begins")),
        "advance_credit": (_("What becomes of the advance"), ""),
        "until": (_("Up to and including"), ""),
        "price": (_("Price"), ""),
        "flat": (_("Flat fee"), ""),
        "standard": (_("Standard price"), ""),
        "region": (_("Region"), ""),
        "rate": (_("Rate"), ""),
    }
