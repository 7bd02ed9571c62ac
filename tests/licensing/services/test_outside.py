"""Contracts concluded outside: taken in once, corrected, linked, shown to whom they concern, kept until their day."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from contributions.core import canonical
from contributions.core.roles import NotAllowed
from contributions.models import Annex, Entry, Organization
from contributions.selectors import journal as entries
from contributions.services import journal
from licensing import selectors
from licensing.core import outside as rules
from licensing.core.outside import Terms
from licensing.core.retention import StillKept
from licensing.services import outside

PDF = b"%PDF-1.4\n%scan of a contract\n"


def terms(**changes) -> Terms:
    stated = {
        "kind": "nda", "title": "秘密保持契約", "counterparty": "架空商事株式会社", "signed_on": date(2025, 11, 4),
        "term_from": date(2025, 11, 4), "term_until": date(2026, 11, 4), "notice_months": 1,
    }  # fmt: skip
    return Terms(**(stated | changes))


def take(world, given: Terms | None = None, *, content: bytes = PDF, by: str = "legal", **more):
    return outside.take(given or terms(), name="契約書.pdf", content=content, **more, **world.by(by))


def test_file_and_terms_are_annexes_and_the_entry_names_no_party(world):
    row = take(world)
    assert (row.number, row.notice_by, row.media) == ("X-2025-001", date(2026, 10, 3), "application/pdf")
    said = bytes(Entry.objects.get(seq=row.seq).statement.content)
    assert canonical.loads(said)["kind"] == "outside.taken" and "架空商事".encode() not in said
    assert selectors.outside.file_of(world.viewer("finance"), row.number).size == len(PDF)
    assert row.verdicts and not row.verdicts[0]["valid"]  # it does not read as a PDF, and the row says so


def test_what_is_not_concluded_yet_is_not_taken_in(world):
    row, tomorrow = take(world), world.clock.date() + timedelta(days=1)
    with pytest.raises(rules.NotYetSigned, match=tomorrow.isoformat()):
        take(world, terms(signed_on=tomorrow), content=PDF + b"2")
    with pytest.raises(rules.NotYetSigned):
        outside.correct(row, terms(signed_on=tomorrow), **world.by("legal"))


def test_the_same_file_again_is_known_by_its_number(world):
    row = take(world)
    with pytest.raises(outside.KnownFile, match=row.number):
        take(world, terms(title="別の件名"))
    assert take(world, content=PDF + b"2").number == "X-2025-002"


def test_a_chain_is_followed_by_typed_links_and_never_in_a_circle(world):
    nda = take(world)
    framework = take(world, terms(kind="framework", relation="succeeds"), content=PDF + b"2", follows=nda.number)
    assert framework.follows == nda
    with pytest.raises(rules.OwnAncestor):
        outside.correct(nda, terms(relation="under"), follows=framework.number, **world.by("legal"))
    for relation, follows, refusal in (
        ("under", "", rules.RelationAlone),
        ("", nda.number, rules.RelationAlone),
        ("under", "X-1", outside.NoSuchAgreement),
    ):
        with pytest.raises(refusal):
            take(world, terms(relation=relation), content=PDF + b"3", follows=follows)


def test_a_correction_changes_the_terms_and_keeps_what_stood_before(world):
    row = take(world)
    corrected = outside.correct(row, terms(amount=110_000), **world.by("legal"))
    assert (corrected.amount, corrected.sha256) == (110_000, row.sha256)
    kept = Annex.objects.filter(entry__subject=f"outside:{row.number}", name=selectors.outside.TERMS).order_by(
        "entry_id"
    )
    amounts = [canonical.loads(journal.store().get(annex.sha256))["amount"] for annex in kept]
    assert amounts == ["", "110000"]


def test_nothing_is_erased_before_its_day_and_afterwards_file_and_terms_are_gone(world):
    row = take(world)
    legal = world.viewer("legal")
    with pytest.raises(StillKept):
        outside.erase(row, by=legal, at=datetime(2037, 5, 31, 3, tzinfo=UTC))
    annex = selectors.outside.file_of(legal, row.number)
    assert journal.store().holds(annex.sha256)
    erased = outside.erase(row, by=legal, at=datetime(2037, 6, 1, 3, tzinfo=UTC))
    assert erased.erased_at and selectors.outside.file_of(legal, row.number) is None
    assert Annex.objects.get(pk=annex.pk).salt is None
    with pytest.raises(outside.AlreadyErased):
        outside.erase(erased, by=legal, at=datetime(2037, 6, 2, 3, tzinfo=UTC))


def test_only_legal_takes_in_and_only_legal_finance_and_the_auditor_see(world):
    row = take(world)
    for username in ("finance", "tetsu", "robo", "desk"):
        with pytest.raises(NotAllowed):
            take(world, content=PDF + b"2", by=username)
    seen = {name for name, viewer in world.viewers().items() if selectors.outside.visible_to(viewer).exists()}
    assert seen == {"legal", "second", "finance", "auditor"}
    assert not selectors.outside.visible_to(None).exists()
    assert selectors.outside.notices(world.viewer("legal"), date(2026, 9, 1)) == [(date(2026, 10, 3), row)]
    waiting = selectors.inbox.waiting_for(world.viewer("legal"), on=date(2026, 9, 1))
    assert [one.due_on for one in waiting if one.number == row.number] == [date(2026, 10, 3)]


def test_an_agreement_of_ours_is_told_beside_what_was_concluded_outside_with_the_same_company(licensed_world):
    world = licensed_world
    world.wait_until("2026-07-10 09:00")
    ours, robo = world.agreement("robo"), Organization.objects.get(code="robo")
    nda = take(world, organization=robo)
    paper = terms(kind="memorandum", relation="amends", signed_on=date(2026, 7, 1))
    paper = take(world, paper, content=PDF + b"2", follows=ours.number)
    other = take(world, content=PDF + b"3", organization=Organization.objects.get(code="tetsu"))
    legal = world.viewer("legal")
    assert list(selectors.outside.beside(legal, ours)) == [nda, paper] and other.follows_agreement is None
    assert not selectors.outside.beside(world.viewer("robo"), ours).exists()


def test_whoever_comes_from_a_rival_does_not_see_its_contracts_nor_those_of_nobody_named(world):
    world.rivals("tetsu", "hagane")
    named = take(world, organization=Organization.objects.get(code="tetsu"))
    other = take(world, content=PDF + b"2", organization=Organization.objects.get(code="kuruma"))
    unnamed = take(world, content=PDF + b"3")
    lent = world.second("lent")
    assert set(selectors.outside.visible_to(lent)) == {other}
    assert set(selectors.outside.closed_to(lent)) == {f"outside:{row.number}" for row in (named, unnamed)}
    subjects = set(entries.open_to(lent).values_list("subject", flat=True))
    assert f"outside:{other.number}" in subjects and f"outside:{named.number}" not in subjects


def test_a_scan_is_taken_by_its_bytes_and_a_program_is_not(world):
    assert take(world, content=b"\x89PNG\r\n\x1a\n").verdicts == []
    with pytest.raises(rules.UnknownMedia):
        take(world, content=b"MZ\x90\x00")
