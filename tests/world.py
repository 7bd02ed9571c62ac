"""One cast for all tests: an invented consortium, told through the real services.

tetsu and hagane make steel and are rivals; kuruma makes cars; ginko is a bank; tetsuken is the laboratory of tetsu.
robo and arm are licensees, and rivals. Chapters build on one another (`CHAPTERS`); each is told once a session and then
put back from memory, so that a test may start late in the story without paying for its documents again.

Who they are and what they do stands in `told/`, a room for each part of the story; tests import all of it from here.
"""

from __future__ import annotations

import json
from datetime import date, datetime
from uuid import uuid5

from django.apps import apps
from django.core.management.color import no_style
from django.db import connection

from contributions import services as contributed
from contributions.core.roles import Viewer
from contributions.models import Organization, User
from licensing import services as licensed
from told.cast import (
    BY_MEMBERS,
    FACILITIES,
    FUNDING,
    INSTALLATION,
    JOINED,
    JUDGED,
    LIBRARY,
    LICENSEES,
    MEMBERS,
    NAMESPACE,
    ORGANIZATIONS,
    PASSWORD,
    PEOPLE,
    POLICY,
    RECORD,
    REQUIREMENTS,
    REVIEWS,
    SACCT,
    SCREENED,
    SECONDEES,
    TERM,
    TERMS,
    WINDOW,
    identity,
)
from told.licences import Licensing
from told.papers import description, fresh, sacct, variables

__all__ = [
    "BY_MEMBERS",
    "CHAPTERS",
    "FACILITIES",
    "FUNDING",
    "INSTALLATION",
    "JOINED",
    "JUDGED",
    "LIBRARY",
    "LICENSEES",
    "MEMBERS",
    "NAMESPACE",
    "ORGANIZATIONS",
    "PASSWORD",
    "PEOPLE",
    "POLICY",
    "RECORD",
    "REQUIREMENTS",
    "REVIEWS",
    "SACCT",
    "SCREENED",
    "SECONDEES",
    "TERM",
    "TERMS",
    "WINDOW",
    "User",
    "Viewer",
    "World",
    "allocate",
    "contribute",
    "date",
    "description",
    "found",
    "fresh",
    "identity",
    "join",
    "json",
    "license",
    "put_back",
    "rows",
    "sacct",
    "settle",
    "tell",
    "variables",
]


class World(Licensing):
    """The story so far."""


# ---- chapters ----
def found(world: World, *, demo: bool = False) -> None:
    """The ledger is opened."""
    contributed.log.found(
        name={"ja": "もやい", "en": "Moyai"},
        legal_form="kabushiki",
        demo=demo,
        installation=INSTALLATION,
        by=Viewer.system("founding", request=uuid5(NAMESPACE, "founding")),
        at=world.clock,
    )


def join(world: World) -> None:
    """Organizations and people enter, members are admitted, and the common tables are adopted."""
    found(world)
    legal = world.by("legal") | {"by": Viewer.system("joining", request=uuid5(NAMESPACE, "joining"))}
    for code, (name_ja, name_en, kind) in ORGANIZATIONS.items():
        contributed.organizations.register(
            code=code, name_ja=name_ja, name_en=name_en, kind=kind, invented=True, **legal
        )
    found_at = Organization.objects.in_bulk(field_name="code")
    contributed.organizations.affiliate(
        parent=found_at["tetsu"], child=found_at["tetsuken"], control="51/100", valid_from=JOINED, **legal
    )
    for username, (home, workplace, organization) in PEOPLE.items():
        user = contributed.people.invite(
            username=username,
            email=f"{username}@example.invalid",
            name_ja=f"{username}の担当",
            name_en=username,
            home=found_at[home],
            password=PASSWORD,
            identity=identity(username),
            **legal,
        )
        contributed.people.grant(
            user, organization=found_at[organization], workplace=workplace, valid_from=JOINED, **legal
        )
    _common_tables(found_at, legal)
    for code in MEMBERS:
        _admit(found_at[code], legal)


def _common_tables(organizations: dict[str, Organization], legal: dict) -> None:
    for code, (mode, rate) in FUNDING.items():
        contributed.funding.register(code=code, name_ja=code, name_en=code, mode=mode, state_rate=rate, **legal)
    for code, (operator, country, region) in FACILITIES.items():
        contributed.facilities.register(
            code=code,
            name_ja=code,
            name_en=code,
            operator=organizations[operator],
            country=country,
            region=region,
            default_accelerator="h100",
            **legal,
        )
    contributed.requirements.adopt(
        REQUIREMENTS, valid_from=JOINED, source_ja="データ審査規程", source_en="data review rules", **legal
    )
    for card, lines in (("accelerator", {"h100": "1", "cpu": "1"}), ("grade", {"senior": "3/2", "staff": "1"})):
        contributed.ratecards.adopt(
            card=card, lines=lines, valid_from=JOINED, source_ja="換算", source_en="rates", **legal
        )


def _admit(organization: Organization, legal: dict) -> None:
    member = contributed.members.admit(organization, member_class="founder", admitted_on=JOINED, **legal)
    contributed.stakes.declare(member, share="1/4", valid_from=JOINED, **legal)
    right = {
        "purposes": ["training"],
        "fields": ["all"],
        "territory": ["all"],
        "sublicensing": True,
        "further_training": True,
        "after_withdrawal": "trained-releases-remain",
    }
    contributed.terms.conclude(
        organization=organization,
        type="participation",
        title_ja="参加契約",
        title_en="Participation agreement",
        rights=[{"subject": subject, **right} for subject in ("data", "compute", "people", "background")],
        valid_from=JOINED,
        **legal,
    )


def contribute(world: World) -> None:
    """Every member puts something in; one dataset lies abroad, one is not cleared, and some waits to be accepted."""
    world.wait_until("2026-06-01 09:00")
    world.clear(world.dataset("tetsu", "高炉", quantity=3_000_000))
    world.clear(world.dataset("hagane", "転炉", quantity=2_000_000))
    world.clear(world.dataset("kuruma", "走行", quantity=4_000_000, countries=("JP", "US")))
    world.dataset("kuruma", "衝突", quantity=5_000_000)
    world.rate_datasets()
    world.batch("kuruma", sacct((1, "2026-05-10", 4, 8), (2, "2026-05-11", 2, 8)), funding="F-02")
    world.batch("hagane", sacct((3, "2026-05-12", 3, 4)), attested=False)
    world.cash("ginko", 5_000_000)
    world.cash("ginko", 90_000_000, nature="equity")
    world.cash("tetsu", 1_000_000)
    world.cash("hagane", 2_000_000, accepted=False)
    world.people("hagane", 9_600)


def allocate(world: World) -> None:
    """A policy is adopted, a release published, and an allocation calculated, attested and adopted."""
    world.wait_until("2026-06-13 09:00")
    world.policy()
    world.release()
    licensed.allocations.adopt(world.carry(world.attest(world.run())), **world.by("legal"))


def license(world: World) -> None:
    """Both licensees are approved and sign; robo's agreement and arm's are real PDFs with real signatures."""
    world.wait_until("2026-06-20 09:00")
    world.library()
    world.schedule()
    for code in LICENSEES:
        licensee = world.apply(code)
        world.screen(licensee)
        world.approve(licensee)
        world.execute(world.draft(code))


def settle(world: World) -> None:
    """Both report June, are invoiced and pay; the money is split, approved, and waits for the members."""
    world.wait_until("2026-10-10 09:00")
    receipts = [world.receive(world.invoice(world.usage(code))) for code in LICENSEES]
    licensed.distributions.approve(world.split(receipts), approved_on=date(2026, 10, 30), **world.by("legal"))


CHAPTERS = {"join": join, "contribute": contribute, "allocate": allocate, "license": license, "settle": settle}
_told: dict[str, tuple[datetime, int, list]] = {}


def tell(chapter: str) -> World:
    """The story up to the end of that chapter, in the current database."""
    if chapter in _told:
        clock, acts, held = _told[chapter]
        put_back(held)
        return World(clock, acts)
    names = list(CHAPTERS)
    before = names.index(chapter) - 1
    world = tell(names[before]) if before >= 0 else World()
    CHAPTERS[chapter](world)
    _told[chapter] = (world.clock, world.acts, rows())
    return world


def _models() -> list:
    configs = [apps.get_app_config(label) for label in ("contributions", "licensing")]
    models = [model for config in configs for model in config.get_models(include_auto_created=True)]
    return [model for model in models if model.__name__ not in {"TaxRate", "RetentionRule"}]  # by a migration


def rows() -> list:
    """Every row of both wings, to be put back later."""
    return [(model, list(model._base_manager.all())) for model in _models()]


def put_back(held: list) -> None:
    """Rows as they were. Foreign keys are checked at the end of the transaction, so that their order is free."""
    for model, found_rows in held:
        model._base_manager.bulk_create(found_rows, batch_size=200)
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), [model for model, _ in held]):
            cursor.execute(statement)
