"""What a new draft proposes for its variables, before anybody types."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from contributions.core import countries
from contributions.core.terms import field_of
from contributions.core.words import Text
from licensing.core import particulars
from licensing.core.variables import Schema, VariableRefused

# What our records settle once licensee, price list, release and term are chosen: never typed.
SETTLED = frozenset(
    {
        "number", "licensor", "licensee", "release", "release_sha256", "term", "terms", "minimum", "schedule",
        "evaluation", "evaluation_credit",
    }
)  # fmt: skip
# What is the licensee's own, whatever others agreed to.
OWN = frozenset({"licensee_address", "licensee_signatory", "fields", "regions", "purpose", "foreign_law"})
# What others negotiated is no proposal for the next; all but the table of changes is typed.
NEGOTIATED = frozenset({"alternatives", "destinations", "on_board", "mfn", "changes", "evaluation_rest"})
UNTYPED = SETTLED | {"changes"}
# What is typed only where an evaluation goes before.
STEPPING = frozenset({"evaluation_rest"})


def proposed(schema: Schema, *, own: Mapping[str, Any], house: Mapping[str, Any]) -> dict[str, Any]:
    """A value for every variable that is typed, where one is known.

    `own`: the licensee's evaluation or newest agreement; `house`: the newest agreement under the same template. Where
    the template has a default it goes before the house's, so that what one licensee was granted is not offered to all.

    Worked example: cure_days 45 under the evaluation, 30 in the house: 45. Regions of another licensee: none.
    """
    found: dict[str, Any] = {}
    for name, variable in schema.items():
        if name in SETTLED | NEGOTIATED or variable.part_of:
            continue
        usual = variable.default
        if usual is None and name not in OWN:
            usual = house.get(name)
        value = own.get(name) if own.get(name) is not None else usual
        if value is not None:
            found[name] = value
    return found


def check_destinations(names: Schema, document: Mapping[str, object]) -> None:
    """Where products are exported with the model on board, every licensed field has its destinations, and no other."""
    variable, placed = names.get("destinations"), document.get("destinations")
    if variable is None or not document.get("on_board") or not isinstance(placed, Mapping):
        return
    fields = document.get("fields")
    lacking, stray = particulars.destinations_amiss(fields if isinstance(fields, list) else [], placed)
    for codes, reason in ((lacking, _WITHOUT_DESTINATION), (stray, _FIELD_NOT_LICENSED)):
        for code in codes:
            label = variable.choices.get(code, Text(code, code))
            raise VariableRefused(
                variable=variable.name,
                label=variable.label,
                reason=Text(reason.ja.format(field=label.ja), reason.en.format(field=label.en)),
            )


def check(names: Schema, document: Mapping[str, Any], *, field: str) -> None:
    """Refuse destinations of what is not licensed, and a licence of what its price list has no price for."""
    check_destinations(names, document)
    check_priced(names, document, field=field)


def check_priced(names: Schema, document: Mapping[str, Any], *, field: str) -> None:
    """Refuse a licence for a field, or for use in a country, that its price list sets no price for.

    `field`: the price list's field of use. A price list without regions charges use anywhere alike; an evaluation has a
    fee of its own, and no price terms.

    Worked example: a list of robots that prices use in Japan: vehicles are refused, and so is inference in Thailand.
    """
    priced = (document.get("terms") or {}).get("regions") or {}
    unpriced = (
        ("fields", [code for code in document.get("fields") or () if field_of(code) != field_of(field)], _OTHER_FIELD),
        ("regions", [code for code in document.get("regions") or () if priced and code not in priced], _NO_PRICE),
    )
    for name, codes, reason in unpriced:
        for code in codes:
            word = names[name].choices.get(code, Text(code, code)) if name == "fields" else countries.name(code)
            raise VariableRefused(
                variable=name,
                label=names[name].label,
                reason=Text(reason.ja.format(word=word.ja), reason.en.format(word=word.en)),
            )


_OTHER_FIELD = Text(
    "料金表に「{word}」の料金がありません。分野ごとに、その分野の料金表による契約としてください。",
    "The price list has no price for “{word}”. Make an agreement for each field, on the price list of that field.",
)
_NO_PRICE = Text(
    "料金表に、{word}での利用の料金がありません。推論地域から除くか、その地域を含む料金表を選んでください。",
    "The price list has no price for use in {word}. Leave it out, or choose a price list that includes it.",
)
_WITHOUT_DESTINATION = Text(
    "許諾分野「{field}」の仕向地を定めてください。", "State where products of the field “{field}” may go."
)
_FIELD_NOT_LICENSED = Text(
    "「{field}」は許諾分野に含まれていないため、仕向地を定められません。",
    "“{field}” is not a licensed field, so it has no destinations.",
)
