"""Derivative models: a licensee sees its own, legal and the auditor all; rivals never see one another's."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from fractions import Fraction

from django.db.models import QuerySet

from contributions.core.money import fraction
from contributions.core.roles import AUDITOR, LEGAL, LICENSEE, OF_MODELS, Viewer, reads
from licensing.core import derivatives as rules
from licensing.core.derivatives import Model, Parent
from licensing.models import Derivative, Release
from licensing.selectors import agreements, lives


def visible_to(viewer: Viewer | None) -> QuerySet[Derivative]:
    """The derivatives registered under the agreements that the viewer may see; finance has no part in them."""
    rows = Derivative.objects.filter(agreement__in=agreements.visible_to(viewer)).select_related(
        "agreement__licensee__organization", "agreement__release", "registered_by"
    )
    if viewer is None or viewer.workplace not in {LEGAL, AUDITOR, LICENSEE, "system"}:
        return rows.none()
    return rows if reads(viewer, OF_MODELS) else rows.none()


def waiting_for(viewer: Viewer | None) -> QuerySet[Derivative]:
    """Registrations that legal has still to decide."""
    rows = visible_to(viewer).filter(state=Derivative.State.SUBMITTED)
    return rows if viewer is not None and viewer.workplace == LEGAL else rows.none()


def family_of(code: str) -> list[Derivative]:
    """Every derivative of one licensee that still stands, for the rules on lineage."""
    rows = Derivative.objects.filter(agreement__licensee__organization__code=code).select_related("agreement__release")
    return list(rows.exclude(state__in=(Derivative.State.REFUSED, Derivative.State.WITHDRAWN)))


def models_of(rows: Iterable[Derivative], *, rates: Mapping[str, Fraction]) -> dict[str, Model]:
    """Derivatives and the releases they came from as nodes; `rates`: what the licensor asks for each release."""
    rows = list(rows)
    found = {row.number: Model(row.number, fraction(row.rate), parents_of(row.parents)) for row in rows}
    named = {parent.model for model in found.values() for parent in model.parents}
    for release in Release.objects.filter(number__in=named - set(found)):
        found[release.number] = Model(release.number, rates.get(release.number, Fraction(0)))
    return found


def rates_of(rows: Iterable[Derivative], day: date) -> dict[str, Fraction]:
    """What the licensor asks for each release that these came from, by the agreement under which the first stands."""
    found: dict[str, Fraction] = {}
    for row in rows:
        agreement = row.agreement
        if agreement.release.number not in found:
            found[agreement.release.number] = terms_of(agreement, day)[1]
    return found


def parents_of(document: Iterable[dict]) -> tuple[Parent, ...]:
    """The stored edges of a derivative."""
    return tuple(Parent(row["model"], fraction(row["weight"])) for row in document)


def terms_of(agreement, day) -> tuple[str, Fraction, int]:
    """What the agreement says on a day: royalty policy, the licensor's rate, days of prior registration."""
    variables = lives.variables_on(agreement, day)
    policy = variables.get("royalty_policy") or rules.ALL_ANCESTORS
    return policy, fraction(variables.get("derivative_rate") or "0"), int(variables.get("registration_days") or 0)
