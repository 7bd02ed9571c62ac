"""What a new agreement begins from: what our records settle, and what is usual.

Names, release and prices follow from the rows that were chosen and are never typed. All else is proposed: from
the evaluation that it steps up from, from the licensee's newest agreement, else from the newest under that template.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.conf import settings

from contributions.models import Organization
from licensing.core import assembly, drafts
from licensing.models import Agreement, AgreementTemplate, Licensee, Release, Schedule
from licensing.selectors import evaluation_fees
from licensing.services.editions import priced


def settled(
    licensee: Licensee,
    *,
    schedule: Schedule,
    release: Release,
    term: tuple[date, date],
    evaluation: Agreement | None = None,
) -> dict:
    """The variables that follow from what was chosen; a step-up states what its evaluation's clause promises."""
    fee = evaluation_fees.fee_of(evaluation) if evaluation is not None else 0
    return {
        "licensor": Organization.objects.get(code=settings.CONSORTIUM).named,
        "licensee": licensee.organization.named,
        "release": release.number,
        "release_sha256": release.weights_sha256,
        "term": {"from": term[0].isoformat(), "until": term[1].isoformat()},
        **priced(schedule),
        **({"evaluation": evaluation.number, "evaluation_credit": str(fee)} if evaluation is not None and fee else {}),
    }


def usual(licensee: Licensee, template: AgreementTemplate, evaluation: Agreement | None = None) -> dict:
    """What is proposed for the variables that are typed; what the licensee agreed to before goes first."""
    rows = Agreement.objects.exclude(state__in=(Agreement.State.WITHDRAWN, Agreement.State.DECLINED))
    of_licensee = rows.filter(licensee=licensee).order_by("-drafted_at", "-pk").first()
    same = rows.filter(template__code=template.code).order_by("-drafted_at", "-pk").first()
    own = evaluation or of_licensee
    proposed = drafts.proposed(
        assembly.template(template.document).schema,
        own=own.variables if own else {},
        house=same.variables if same else {},
    )
    return proposed | _seats(licensee)


def _seats(licensee: Licensee) -> dict:
    """The addresses on record, as far as both languages are."""
    parties = {"licensor": Organization.objects.get(code=settings.CONSORTIUM), "licensee": licensee.organization}
    return {
        f"{name}_address": {"ja": row.address_ja, "en": row.address_en}
        for name, row in parties.items()
        if row.address_ja and row.address_en
    }


def variables(template: AgreementTemplate, settled: Mapping, typed: Mapping) -> dict:
    """The document of variables: what was settled, and what was typed, as far as the template asks for it."""
    schema = assembly.template(template.document).schema
    return {name: value for name, value in {**typed, **settled}.items() if name in schema and value is not None}
