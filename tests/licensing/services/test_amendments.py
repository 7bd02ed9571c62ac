"""Amendments: both sign, the text of each day is its own, usage is rated by its day, and nothing billed moves."""

import io
from datetime import date

import pypdf
import pytest

import world as cast
from contributions.core.independence import OwnDraft
from contributions.core.roles import NotAllowed
from contributions.core.terms import WiderThanCameIn
from licensing import selectors, services
from licensing.core import editions
from licensing.core.amendments import NotAmendable, NothingChanges, Stale
from licensing.models import Renewal
from licensing.services.agreements import NotYourAgreement

NEW_YEAR = date(2027, 1, 1)


def draft(world, **more):
    given = {"changes": {"report_days": 45}, "effective_from": NEW_YEAR, "reason": "期限の短縮"} | more
    return services.amendments.draft(world.agreement("robo"), **given, **world.by("legal"))


def conclude(world, row):
    for step, username in (
        (services.amendments.approve, "second"),
        (services.amendments.offer, "legal"),
        (services.amendments.sign, "legal"),
        (services.amendments.countersign, "robo"),
    ):
        row = step(row, **world.by(username))
    return row


def test_whoever_drafted_an_amendment_does_not_approve_it_and_it_waits_for_the_others(licensed_world):
    row = draft(licensed_world)
    with pytest.raises(OwnDraft, match=row.number):
        services.amendments.approve(row, **licensed_world.by("legal"))
    waits = {who: selectors.amendments.waiting_for(licensed_world.viewer(who)).count() for who in ("legal", "second")}
    assert waits == {"legal": 0, "second": 1}


def test_each_day_has_its_text_and_usage_its_price_and_nothing_billed_moves(licensed_world):
    """From October another price list and Viet Nam; from January a shorter time to report."""
    amended = licensed_world
    amended.wait_until("2026-07-10 09:00")
    _conclude_both(amended)
    _read_three_days(amended)
    _look_at_the_memorandum(amended)
    _rate_by_the_day(amended)


def test_a_memorandum_is_drawn_from_the_template_of_its_day(licensed_world):
    world = licensed_world
    held = next(row for row in selectors.clauses.in_force() if row.code == "amendment")
    source = {**held.document, "title": {"ja": "変更覚書", "en": "Memorandum of Change"}}
    row = services.templates.propose(source, opened="", **world.by("legal"))
    services.templates.approve(row, valid_from=NEW_YEAR, **world.by("second"))
    amendment = draft(world)
    compared = services.amendments.compared(amendment)

    def title(at):
        return services.memoranda.document(amendment, compared, at=at).tree.title.ja

    assert title(world.clock) == "覚書"
    world.wait_until("2027-01-04 09:00")
    assert title(world.clock) == "変更覚書"


def _conclude_both(world):
    dearer = world.schedule(tiers=[{"from": "0", "until": None, "price": "13000"}])
    first = draft(
        world, changes={"regions": ["JP", "TH", "VN"]}, schedule=dearer, effective_from=date(2026, 10, 1), reason="増床"
    )
    conclude(world, first)
    conclude(world, draft(world))


def _read_three_days(amended):
    agreement = amended.agreement("robo")
    on = amended.clock.date()
    read = {
        day: services.editions.consolidated(agreement, day, on=on)
        for day in (date(2026, 9, 30), date(2026, 10, 1), NEW_YEAR)
    }
    versions = [edition.version for edition, _ in read.values()]
    assert versions == [1, 2, 3]
    texts = ["".join(line.text.ja for line in text.tree.terms) for _, text in read.values()]
    assert ["ベトナム" in text for text in texts] == [False, True, True]
    prices = [[row.price.ja for row in text.tree.tiers] for _, text in read.values()]
    assert [len(rows) for rows in prices] == [2, 1, 1] and "13,000" in prices[1][0]
    days = [edition.variables["report_days"] for edition, _ in read.values()]
    assert days == [60, 60, 45]
    assert all(text.proofs for _, text in read.values())


def _rate_by_the_day(amended):
    amended.wait_until("2026-10-10 09:00")
    june = amended.usage("robo", "100", start=cast.TERM[0])
    summer = amended.usage("robo", "100", start=date(2026, 7, 1))
    amended.wait_until("2027-01-10 09:00")
    autumn = amended.usage("robo", "100", start=date(2026, 10, 1))
    assert [int(row.fee["yen"]) for row in (june, summer, autumn)] == [1_200_000, 1_200_000, 1_300_000]
    assert services.fees.terms_of(summer) != services.fees.terms_of(autumn)
    with pytest.raises(editions.EffectTooEarly) as refusal:
        draft(amended, effective_from=date(2026, 12, 31))
    assert "2027-01-01" in refusal.value.text("ja")


def _look_at_the_memorandum(amended):
    row = selectors.amendments.visible_to(amended.licensee("robo")).get(number__endswith="-1")
    assert [one.stage for one in row.documents.all()] == ["offered", "signed", "executed"]
    assert {one.party for one in row.signatures.all()} == {"licensor", "licensee"}
    reader = pypdf.PdfReader(io.BytesIO(services.memoranda.stored(row, "executed")))
    words = "".join(page.extract_text() for page in reader.pages).replace("\n", "")
    assert "なお従前の例による" in words and "別紙1の新旧対照表のとおり3か所" in words, "the clause library's own text"
    assert "amendment.json" in reader.attachments
    changes = {change.name for change in services.amendments.compared(row).changes}
    assert changes == {"regions", "terms", "schedule"}
    assert not selectors.amendments.visible_to(amended.licensee("arm")).exists()


def test_what_is_wrong_with_an_amendment_is_refused(licensed_world):
    world = licensed_world
    world.wait_until("2026-07-10 09:00")
    with pytest.raises(NothingChanges):
        draft(world, changes={"report_days": 60})
    with pytest.raises(NotAmendable):
        draft(world, changes={"licensee": {"ja": "他社", "en": "Another"}})
    with pytest.raises(NotAllowed):
        services.amendments.draft(
            world.agreement("robo"), changes={}, effective_from=NEW_YEAR, reason="x", **world.by("robo")
        )
    one, other = draft(world), draft(world, changes={"cure_days": 20})
    conclude(world, one)
    with pytest.raises(Stale):
        services.amendments.approve(other, **world.by("second"))
    again = draft(world, changes={"cure_days": 20})
    for step, username in ((services.amendments.approve, "second"), (services.amendments.offer, "legal")):
        again = step(again, **world.by(username))
    with pytest.raises(NotYourAgreement):
        services.amendments.decline(again, reason="他社", **world.by("arm"))
    assert services.amendments.decline(again, reason="受けられません。", **world.by("robo")).state == "declined"


def test_an_amendment_asks_no_more_than_came_in(licensed_world):
    world = licensed_world
    world.narrow("tetsu", territory=["JP", "TH"])
    world.wait_until("2026-07-10 09:00")
    with pytest.raises(WiderThanCameIn):
        draft(world, changes={"regions": ["JP", "TH", "VN"]})
    assert draft(world, changes={"regions": ["JP"]}).changes == {"regions": ["JP"]}


def test_a_longer_term_is_a_renewal_by_agreement(licensed_world):
    world = licensed_world
    world.wait_until("2026-07-10 09:00")
    conclude(world, draft(world, changes={"term": {"from": "2026-06-24", "until": "2030-06-24"}}))
    renewal = Renewal.objects.get()
    assert (renewal.mode, renewal.term_from, renewal.term_until) == ("agreed", cast.TERM[1], date(2030, 6, 24))
    assert selectors.lives.until(world.agreement("robo"), world.clock.date()) == date(2030, 6, 24)
