"""The first chapters: the ledger is opened, and members join."""

from __future__ import annotations

from datetime import date
from uuid import UUID, uuid5

from contributions import services as contributed
from contributions.core.roles import Viewer
from contributions.models import Organization
from licensing.services.story.cast import FIRST_YEAR, NAMESPACE, PASSWORD, act, identity, moment, read


def found(installation: UUID | None = None) -> None:
    """The ledger is opened; organizations, people and the common tables enter."""
    cast, start = read("consortium.json"), moment("2026-04-01 09:00")
    system = Viewer.system("demo", request=uuid5(NAMESPACE, "found"))
    contributed.log.found(
        name=cast["name"], legal_form=cast["legal_form"], demo=True, by=system, at=start, installation=installation
    )
    for row in cast["organizations"]:
        contributed.organizations.register(**row, by=system, at=start)
    for row in cast["people"]:
        user = contributed.people.invite(
            username=row["username"],
            email=f"{row['username']}@example.invalid",
            name_ja=row["name_ja"],
            name_en=row["name_en"],
            home=Organization.objects.get(code=row["home"]),
            password=PASSWORD,
            identity=identity(row["username"]),
            by=system,
            at=start,
        )
        organization = Organization.objects.get(code=row["organization"])
        contributed.people.grant(
            user, organization=organization, workplace=row["workplace"], role="demo", by=system, at=start
        )


def admit() -> None:
    """Members join with their stakes; funding sources, inbound agreements, rate cards and facilities are recorded."""
    cast = read("consortium.json")
    legal = act("homu", "2026-04-01 10:00", "admit")
    for row in cast["funding"]:
        decided_on = date.fromisoformat(row["decided_on"]) if "decided_on" in row else None
        contributed.funding.register(**{**row, "decided_on": decided_on}, **legal)
    for row in cast["facilities"]:
        operator = Organization.objects.get(code=row["operator"])
        contributed.facilities.register(**{**row, "operator": operator}, **legal)
    for row in cast["rate_cards"]:
        contributed.ratecards.adopt(**row, valid_from=FIRST_YEAR[0], **legal)
    contributed.requirements.adopt(
        {kind: dict.fromkeys(kinds, 1) for kind, kinds in cast["requirements"].items()},
        valid_from=FIRST_YEAR[0],
        source_ja="データ審査規程（見本）",
        source_en="Rules of data review (specimen)",
        **legal,
    )
    for row in cast["members"]:
        _admit(row, legal)
    found = Organization.objects.in_bulk(field_name="code")
    for row in cast["affiliations"]:
        contributed.organizations.affiliate(
            parent=found[row["parent"]], child=found[row["child"]], control=row["control"],
            valid_from=FIRST_YEAR[0], **legal,
        )  # fmt: skip


def _admit(row: dict, legal: dict) -> None:
    organization, start = Organization.objects.get(code=row["code"]), date.fromisoformat(row["from"])
    member = contributed.members.admit(organization, member_class=row["class"], admitted_on=start, **legal)
    contributed.stakes.declare(
        member,
        share=row["share"],
        valid_from=start,
        public_statement_ja=row["statement_ja"],
        public_statement_en=row["statement_en"],
        **legal,
    )
    contributed.terms.conclude(
        organization=organization,
        type="participation",
        title_ja="参加契約（データ・計算資源・従事・知財の提供条件、見本）",
        title_en="Participation agreement (terms for data, compute, people and IP; specimen)",
        rights=[right(subject) for subject in ("data", "compute", "people", "background")],
        valid_from=start,
        illustrative=True,
        **legal,
    )


def right(subject: str) -> dict:
    return {
        "subject": subject,
        "purposes": ["training", "evaluation"],
        "fields": ["all"],
        "territory": ["all"],
        "sublicensing": subject == "data",
        "further_training": True,
        "after_withdrawal": "trained-releases-remain",
    }
