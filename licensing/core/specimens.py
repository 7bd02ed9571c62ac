"""A specimen of an agreement: the standard text with placeholders where the parties would stand.

Names and addresses are placeholders in brackets; figures are customary ones, so that the text reads as one.
Sources of the figures: METI and JPO's model contracts (late interest 14.6 %, auditor's cost from 10 % under), domain.md
1.3 and 2.5. A figure that is not listed is shown as the smallest that makes sense.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from licensing.core.variables import REGIONS, Schema, Variable

MARK = "見本・契約の申込みではありません"
CUSTOMARY: dict[str, object] = {
    "report_days": 60,
    "acceptance_days": 14,
    "incident_hours": 72,
    "late_rate": "146/1000",
    "record_years": 7,
    "audit_notice_days": 15,
    "audit_threshold": "10/100",
    "registration_days": 14,
    "confidentiality_years": 5,
    "liability_months": 12,
    "cure_days": 30,
    "deletion_days": 30,
    "winddown_months": 6,
    "renewal_years": 1,
    "notice_months": 3,
    "extension_months": 3,
    "exit_days": 30,
    "evaluation_fee": "0",
    "liability_floor": "1000000",
}


def values(
    schema: Schema,
    *,
    terms: Mapping[str, Any],
    known: Mapping[str, object],
    start: date,
    until: date | None = None,
    whole: bool = False,
) -> dict[str, object]:
    """A value for every variable that the template asks for; `known` are those that are no placeholders.

    The term is two years from `start` unless it ends on another day (`until`, not including); the terms are those of a
    price list in force; `whole`: optional ones too.

    >>> from contributions.core.words import Text
    >>> schema = {"court": Variable("court", "words", Text("合意管轄裁判所", "Court"))}
    >>> values(schema, terms={}, known={}, start=date(2027, 4, 1))
    {'court': {'ja': '（合意管轄裁判所）', 'en': '[Court]'}}
    """
    term = {"from": start.isoformat(), "until": (until or start.replace(year=start.year + 2)).isoformat()}
    found = {
        name: known[name] if name in known else _value(variable, terms, term)
        for name, variable in schema.items()
        if whole or variable.required or name in known or name in CUSTOMARY
    }
    return {name: value for name, value in found.items() if value is not None}


def _value(variable: Variable, terms: Mapping[str, Any], term: Mapping[str, str]) -> object:
    if variable.name in CUSTOMARY:
        return CUSTOMARY[variable.name]
    match variable.kind:
        case "words":
            return {"ja": f"（{variable.label.ja}）", "en": f"[{variable.label.en}]"}
        case "text":
            return "●●●"
        case "date":
            return term["from"]
        case "period":
            return dict(term)
        case "money":
            return str(terms.get("minimum") or "0")
        case "count":
            return 1
        case "rate":
            return "0"
        case "flag":
            return False
        case "choice":
            return next(iter(variable.choices))
        case "choices":
            return [next(iter(variable.choices))]
        case "regions":
            return [next(iter(REGIONS))]
        case "terms":
            return dict(terms)
        case "digest":
            return "0" * 64
    return None  # what only particular agreements have, the specimen does without
