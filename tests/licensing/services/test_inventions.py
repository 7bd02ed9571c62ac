"""Inventions: entered by those who made them, hidden from rivals until published, with the state's notices on time."""

from __future__ import annotations

from datetime import date

import pytest

from contributions.core import canonical
from contributions.core.roles import NotAllowed
from contributions.models import Entry, FundingSource, Organization
from contributions.services import journal
from licensing import selectors, services
from licensing.core import inventions as rules
from licensing.core.inventions import Named
from licensing.models import Invention
from licensing.selectors import entries

DUTIES = [
    {"code": "report", "ja": "発明等届出", "en": "report", "modes": ["commission"], "trigger": "made", "days": 30,
     "source_ja": "産業技術力強化法17条", "source_en": "Act, art. 17"},
    {"code": "approval", "ja": "移転承認", "en": "approval of transfer", "modes": ["commission"],
     "trigger": "transfer", "source_ja": "同条", "source_en": "same"},
]  # fmt: skip


def register(world, by="legal", inventors=None, **more) -> Invention:
    inventors = inventors or [Named("𠮷田", "tetsu", "2/3"), Named("髙橋", "kuruma", "1/3")]
    stated = {"title_ja": "異常検知", "title_en": "Anomaly detection", "made_on": date(2026, 4, 1)} | more
    return services.inventions.register(inventors=inventors, **stated, **world.by(by))


def facts_of(seq: int) -> dict:
    return canonical.loads(bytes(Entry.objects.get(seq=seq).statement.content))["facts"]


def test_the_statement_says_employers_and_shares_and_the_annex_who(world):
    invention = register(world)
    facts = facts_of(invention.seq)
    assert facts["holders"] == {"kuruma": "1/3", "tetsu": "2/3"}
    assert "𠮷田" not in str(facts) and "異常検知" not in str(facts)
    (annex,) = Entry.objects.get(seq=invention.seq).annexes.all()
    assert "𠮷田\ttetsu\t2/3" in journal.store().get(annex.sha256).decode()


def test_a_member_enters_only_what_one_of_its_own_invented(world):
    register(world, by="tetsu")
    with pytest.raises(services.inventions.NotAnInventorOfYours):
        register(world, by="hagane")
    with pytest.raises(services.inventions.UnknownEmployer):
        register(world, inventors=[Named("x", "nobody", "1")])
    with pytest.raises(NotAllowed):
        register(world, by="robo")


def test_a_rivals_unpublished_invention_is_invisible_and_a_published_one_is_not(world):
    invention = register(world)

    def seen() -> list[str]:
        people = ("tetsu", "kuruma", "hagane", "legal", "auditor", "desk", "finance", "robo")
        return [name for name in people if selectors.inventions.visible_to(world.viewer(name)).exists()]

    assert seen() == ["tetsu", "kuruma", "legal", "auditor"]
    for name in ("hagane", "desk", "finance"):
        assert not entries.visible_to(world.viewer(name)).filter(kind__startswith="invention.").exists()
    world.rivals("hagane", "tetsu")
    world.second("lent")
    assert not selectors.inventions.visible_to(world.viewer("lent")).exists()
    services.inventions.route(invention, route="published", on=date(2026, 4, 3), **world.by("legal"))
    assert "hagane" in seen() and "robo" not in seen()


def test_a_secret_may_be_filed_later_and_filing_is_recorded_once(world):
    invention = register(world)
    services.inventions.route(invention, route="kept", on=date(2026, 4, 3), **world.by("legal"))
    stated = {"country": "JP", "number": "特願2026-000001", "filed_on": date(2026, 4, 5)}
    services.inventions.file(invention, **stated, **world.by("tetsu"))
    assert Invention.objects.get().state == "filed"
    with pytest.raises(services.inventions.FiledTwice):
        services.inventions.file(invention, **stated, **world.by("legal"))
    with pytest.raises(services.inventions.NotAnInventorOfYours):
        services.inventions.file(invention, **stated | {"number": "2"}, **world.by("hagane"))
    with pytest.raises(rules.RouteTaken):
        services.inventions.route(invention, route="published", on=date(2026, 4, 6), **world.by("legal"))


def test_what_the_state_commissioned_is_reported_and_moves_only_with_approval(world):
    services.inventions.adopt_duties(
        DUTIES, valid_from=date(2026, 4, 1), source_ja="約款", source_en="terms", **world.by("legal")
    )
    invention = register(world, funding=FundingSource.objects.get(code="F-03"))
    due = selectors.inventions.waiting_for(world.viewer("legal"), on=date(2026, 4, 2))
    assert [(row.number, duty.code, duty.due) for row, duty in due] == [("IV-2026-001", "report", date(2026, 5, 1))]
    move = {
        "giver": Organization.objects.get(code="kuruma"), "taker": Organization.objects.get(code="tetsu"),
        "share": "1/3", "on": date(2026, 5, 1),
    }  # fmt: skip
    with pytest.raises(rules.ApprovalFirst, match="approval of transfer"):
        services.inventions.transfer(invention, **move, **world.by("legal"))
    with pytest.raises(services.inventions.UnknownDuty):
        services.inventions.notify(invention, duty="other", done_on=date(2026, 4, 9), **world.by("legal"))
    for duty in ("report", "approval"):
        services.inventions.notify(invention, duty=duty, done_on=date(2026, 4, 9), **world.by("legal"))
    assert selectors.inventions.waiting_for(world.viewer("legal"), on=date(2026, 4, 2)) == []
    services.inventions.transfer(invention, **move, **world.by("legal"))
    assert selectors.inventions.holders_of(invention) == {"tetsu": 1}
