"""The demo's chapter on what shows where things stand, and on a secondee who may see one rival's material.

Everything that is lacking or barred belongs to invented companies: the site without evidence is Minato's, the secondee
comes from Aoba, whom Minato named as a rival.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from uuid import UUID

from contributions import services as contributed
from contributions.core.evidence import Evidence
from contributions.models import Facility, Organization

SECONDEE = "shukko"
DEED = "見本・架空：所在証明（{name}、{country}）\nSpecimen, invented: evidence of the place ({code}, {country})\n"


def tell(act: Callable[[str, str, str], dict], identity: Callable[[str], UUID]) -> None:
    """Sites with evidence of their country and one without, amended since; a clean-team grant for one secondee."""
    auditor = Organization.objects.get(code="kansahojin")
    for facility in Facility.objects.order_by("code"):
        said = DEED.format(name=facility.name_ja, code=facility.code, country=facility.country)
        contributed.places.attest_facility(
            facility,
            country=facility.country,
            on=date(2026, 10, 1),
            attested_by=auditor,
            evidence=Evidence(f"所在証明-{facility.code}（見本）.txt", said.encode()),
            **act("kansa", "2026-10-09 17:40", f"place {facility.code}"),
        )
    works = contributed.facilities.register(
        code="minato-works", name_ja="みなと工場内計算機（見本・架空）", name_en="Minato works computers (invented)",
        operator=Organization.objects.get(code="minato"), country="JP", region="愛知 / Aichi",
        default_accelerator="h100", **act("homu", "2026-10-09 17:45", "minato-works"),
    )  # fmt: skip
    contributed.facilities.amend(
        works, valid_from=date(2026, 10, 15), power_kw=850, pue="1.30", accelerators=["h100", "b200"],
        **act("homu", "2026-10-09 17:46", "amend minato-works"),
    )  # fmt: skip
    _second(act, identity(SECONDEE))


def _second(act: Callable[[str, str, str], dict], person: UUID) -> None:
    secondee = contributed.people.invite(
        username=SECONDEE,
        email=f"{SECONDEE}@example.invalid",
        name_ja="青葉からの出向者（見本・架空）",
        name_en="Secondee from Aoba (invented)",
        home=Organization.objects.get(code="aoba"),
        identity=person,
        **act("homu", "2026-10-09 17:50", "invite a secondee"),
    )
    contributed.people.grant(
        secondee,
        organization=Organization.objects.get(code="consortium"),
        workplace="legal",
        valid_from=date(2026, 10, 10),
        **act("homu", "2026-10-09 17:51", "grant a secondee"),
    )
    contributed.clearances.grant(
        secondee,
        rival=Organization.objects.get(code="minato"),
        purpose="データ審査への回答の事務（見本・架空）",
        valid_from=date(2026, 10, 10),
        valid_until=date(2027, 1, 8),
        **act("homu", "2026-10-09 17:52", "clean team"),
    )
