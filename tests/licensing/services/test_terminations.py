"""Suspension and termination: for both sides at the same instant, with wind-down, deletion and what survives."""

import io
from datetime import date, timedelta

import pypdf
import pytest

import world as cast
from contributions.core.evidence import Evidence
from contributions.core.roles import NotAllowed, Viewer
from contributions.models import Annex, Entry
from licensing import selectors, services
from licensing.core.lives import NotInForce
from licensing.core.obligations import EvidenceNeeded
from licensing.core.terminations import DemandNeeded
from licensing.models import Agreement
from licensing.services.terminations import TerminatedAlready
from licensing.services.usage import LicenceEnded

PAPER = Evidence("合意解約書.pdf", b"%PDF-1.7 signed by both")


def seen(world, code: str, at) -> list[str]:
    """How the agreement stands for legal and for its licensee at the instant."""
    number = agreement_of(code).number
    found = []
    for viewer in (world.viewer("legal"), world.licensee(code)):
        row = selectors.agreements.visible_to(viewer).get(number=number)
        found.append(selectors.lives.standing(row, at))
    return found


def read(content: bytes) -> str:
    return "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages)


def agreement_of(code: str):
    return cast.fresh(Agreement.objects.get(licensee__organization__code=code, executed_at__isnull=False))


def test_a_suspension_holds_for_both_sides_at_once_and_is_lifted_for_both(licensed_world):
    world = licensed_world
    world.wait_until("2026-09-01 09:00")
    with pytest.raises(NotAllowed):
        services.terminations.suspend(agreement_of("robo"), reason="x", **world.by("robo"))
    row = services.terminations.suspend(agreement_of("robo"), reason="混入のおそれ", **world.by("legal"))
    assert seen(world, "robo", row.effective_at - timedelta(seconds=1)) == ["in_force"] * 2
    assert seen(world, "robo", row.effective_at) == ["suspended"] * 2
    assert not selectors.agreements.in_force(world.licensee("robo"), at=world.clock).exists()
    with pytest.raises(NotInForce):
        services.terminations.suspend(agreement_of("robo"), reason="x", **world.by("legal"))
    row = services.terminations.reinstate(agreement_of("robo"), reason="是正済み", **world.by("legal"))
    assert seen(world, "robo", row.lifted_at) == ["in_force"] * 2


def test_a_termination_takes_effect_for_both_at_midnight_and_winds_down(licensed_world):
    world = licensed_world
    world.wait_until("2026-10-10 09:00")
    row = services.terminations.terminate(
        agreement_of("robo"),
        ground="agreed",
        reason="合意",
        ends_on=date(2026, 11, 1),
        paper=PAPER,
        **world.by("legal"),
    )
    held = Annex.objects.exclude(name="reason.txt").get(entry__seq=row.seq)
    assert held.size == len(PAPER.content), "what both signed is kept with the entry"
    assert row.wind_down_until == date(2027, 5, 1)
    assert seen(world, "robo", row.effective_at - timedelta(seconds=1)) == ["in_force"] * 2
    assert seen(world, "robo", row.effective_at) == ["winding_down"] * 2
    with pytest.raises(TerminatedAlready):
        services.terminations.terminate(agreement_of("robo"), ground="grave", reason="再", **world.by("robo"))
    world.wait_until("2027-05-10 09:00")
    assert seen(world, "robo", world.clock) == ["terminated"] * 2
    services.terminations.move_due(by=Viewer.system("nightly"), at=world.clock)
    services.terminations.move_due(by=Viewer.system("nightly"), at=world.clock)
    assert agreement_of("robo").state == "terminated"
    assert Entry.objects.filter(kind="agreement.ended").count() == 1
    for start in (cast.TERM[0], date(2026, 7, 1), date(2026, 10, 1), date(2027, 1, 1), date(2027, 4, 1)):
        report = services.usage.submit(
            agreement_of("robo"), period_from=start, on=world.clock.date(),
            rows=[{"metric": "robot", "region": "JP", "units": "1"}], **world.by("robo"),
        )  # fmt: skip
    assert report.period_until == date(2027, 5, 1), "the last period is cut where the wind-down ends"
    for each in agreement_of("robo").usage_reports.order_by("period_from"):
        services.usage.accept(each, **world.by("finance"))
    charged = sum(int(each.fee["yen"]) for each in agreement_of("robo").usage_reports.all())
    assert charged == 6_000_000 * 130 // 365, "the minimum is of the days to 31 October, and not of the wind-down"
    with pytest.raises(LicenceEnded):
        services.usage.submit(
            agreement_of("robo"), period_from=date(2027, 7, 1), on=date(2027, 12, 1),
            rows=[{"metric": "robot", "region": "JP", "units": "1"}], **world.by("robo"),
        )  # fmt: skip


def test_antisocial_forces_end_it_at_once_and_what_is_left_is_owed_with_evidence(licensed_world):
    world = licensed_world
    world.wait_until("2026-10-10 09:00")
    with pytest.raises(DemandNeeded):
        services.terminations.terminate(agreement_of("robo"), ground="cause", reason="x", **world.by("legal"))
    row = services.terminations.terminate(agreement_of("robo"), ground="antisocial", reason="該当", **world.by("legal"))
    assert row.wind_down_until is None and agreement_of("robo").state == "terminated"
    assert seen(world, "robo", world.clock) == ["terminated"] * 2
    ends = {one["reference"]: one["until"] for one in row.survivors}
    assert ends["confidentiality"] == "2031-10-10" and ends["law"] is None
    services.obligations.follow_agreement(number=row.agreement.number, by=Viewer.system("follower"), at=world.clock)
    owed = agreement_of("robo").obligations.get(rule="delete")
    assert owed.due_on == date(2026, 11, 9)
    letter, form = read(services.notices.termination(row)), read(services.notices.deletion(owed))
    assert "契約解除通知書" in letter and "2026年11月9日" in letter and "該当" in letter
    assert "削除証明書" in form and owed.number in form and "責任者" in form
    with pytest.raises(EvidenceNeeded):
        services.obligations.fulfil(owed, **world.by("robo"))
    done = services.obligations.fulfil(owed, evidence=Evidence("証明書.txt", b"deleted"), **world.by("robo"))
    assert done.state == "done"
    assert [one.size for one in selectors.obligations.evidence_of(done)] == [7]
    assert selectors.obligations.evidence(world.licensee("arm"), done.number, "0" * 64) is None
