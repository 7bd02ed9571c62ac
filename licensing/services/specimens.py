"""The specimen of the standard agreement: assembled from the approved library, drawn once, the same for everybody."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time

from contributions.core import canonical
from contributions.core.errors import Refused
from contributions.core.periods import JST
from contributions.core.terms import SAME_FIELD
from contributions.core.words import Text
from licensing.adapters import pdf
from licensing.core import agreements, assembly, documents, specimens
from licensing.core.letterhead import Fact, Party
from licensing.models import Schedule
from licensing.selectors import guide

NUMBER = "SPECIMEN"
DRAWN_MAX = 24
EVALUATION_MONTHS = 3


@dataclass(frozen=True, slots=True)
class Specimen:
    """The standard text with placeholders: its tree, the values placed in it, and what it was made from."""

    tree: assembly.Tree
    values: dict
    schedule: Schedule
    digest: str
    day: date


def made(schedule: Schedule, day: date, kind: str = guide.STANDARD) -> Specimen | None:
    """Put the specimen together at the prices of a list in force; nothing without a library that it can be made of.

    `kind` is the licence, or the evaluation that may go before it.
    """
    found = guide.standard_text(kind, day)
    if found is None:
        return None
    template, library = found
    start = date(day.year + 1, 4, 1)  # a day to come, the same for a whole year of readers
    until = start.replace(month=start.month + EVALUATION_MONTHS) if kind == guide.EVALUATION else None
    known = _known(template, schedule)
    for whole in (False, True):  # with as few placeholders as the text can do with
        values = specimens.values(
            template.schema, terms=schedule.terms, known=known, start=start, until=until, whole=whole
        )
        try:
            tree = assembly.assemble(template, library, values)
        except Refused:
            continue
        break
    else:
        return None
    embedded = agreements.embedded(NUMBER, 1, template, library, tree, values, str(schedule))
    return Specimen(tree, embedded, schedule, agreements.digest(embedded), start)


def _draw(specimen: Specimen) -> bytes:
    """The specimen as a PDF, with its terms inside; marked on every page."""
    values = specimen.values["variables"]
    document = documents.SpecimenDocument(
        number=NUMBER,
        revision=1,
        tree=specimen.tree,
        digest=specimen.digest,
        licensor=_party(values, "licensor"),
        licensee=_party(values, "licensee"),
        particulars=(Fact(_RELEASE, Text("（契約時に記載）", "[filled in on conclusion]")),),
        made_at=datetime.combine(specimen.day, time(12), tzinfo=JST),
        demo=guide.is_demo(),
        test_signature=False,
    )
    attached = pdf.Attachment("agreement.json", canonical.dumps(specimen.values), "見本の契約条件 / Specimen terms")
    return pdf.write(document, [attached])


def paper(specimen: Specimen) -> bytes:
    """The same, drawn once in this process for each state of the library and prices."""
    if (held := _drawn.get(specimen.digest)) is None:
        if len(_drawn) >= DRAWN_MAX:
            _drawn.clear()
        held = _drawn[specimen.digest] = _draw(specimen)
    return held


_drawn: dict[str, bytes] = {}


def _known(template: assembly.Template, schedule: Schedule) -> dict[str, object]:
    company = guide.consortium()
    name = f"{schedule.name_ja}（第{schedule.version}版）", f"{schedule.name_en} (version {schedule.version})"
    known: dict[str, object] = {"schedule": {"ja": name[0], "en": name[1]}, "number": NUMBER}
    if company is not None:
        known |= {"licensor": company.named, "licensor_address": {"ja": company.address_ja, "en": company.address_en}}
    if (fields := template.schema.get("fields")) is not None:
        same = [code for code in fields.choices if SAME_FIELD.get(code, code) == schedule.field_of_use]
        known |= {"fields": same} if same else {}
    known = {key: value for key, value in known.items() if key in template.schema}
    return {key: value for key, value in known.items() if not isinstance(value, dict) or all(value.values())}


def _party(values: dict, party: str) -> Party:
    def text(name: str) -> Text:
        found = values.get(name) or {"ja": "", "en": ""}
        return Text(found["ja"], found["en"])

    return Party(name=text(party), address=text(f"{party}_address"), signatory=text(f"{party}_signatory"))


_RELEASE = Text("モデルリリース", "Model release")
