"""Inbound agreements: concluded by legal, with typed rights that the journal holds whole."""

from __future__ import annotations

from datetime import date

import pytest

from contributions import services
from contributions.core import canonical
from contributions.core import terms as rules
from contributions.core.roles import NotAllowed
from contributions.models import Entry, InboundAgreement, Organization
from contributions.selectors import terms

RIGHT = {
    "subject": "data",
    "purposes": ["training"],
    "fields": ["vehicles"],
    "territory": ["JP"],
    "sublicensing": False,
    "further_training": False,
    "after_withdrawal": "delete",
}


def conclude(world, *, by="legal", rights=(RIGHT,)):
    return services.terms.conclude(
        organization=Organization.objects.get(code="tetsu"), type="data", title_ja="データ提供契約",
        title_en="Data agreement", rights=rights, valid_from=date(2026, 5, 1), valid_until=date(2027, 5, 1),
        **world.by(by),
    )  # fmt: skip


def test_an_agreement_is_recorded_with_every_right(world):
    agreement = conclude(world)
    assert (agreement.number, agreement.rights.get().fields) == ("T-tetsu-0002", ["vehicles"])
    facts = canonical.loads(bytes(Entry.objects.get(seq=agreement.seq).statement.content))["facts"]
    assert facts["rights"] == [RIGHT] and (facts["from"], facts["until"]) == ("2026-05-01", "2027-05-01")


def test_two_rights_in_one_subject_are_refused_whole(world):
    size = Entry.objects.count()
    with pytest.raises(rules.SubjectTwice):
        conclude(world, rights=(RIGHT, RIGHT))
    assert (InboundAgreement.objects.count(), Entry.objects.count()) == (4, size)


@pytest.mark.parametrize("username", ["tetsu", "finance", "auditor", "robo"])
def test_only_legal_concludes(world, username):
    with pytest.raises(NotAllowed):
        conclude(world, by=username)


def test_an_amendment_stands_from_its_day_and_the_edition_before_it_stays_readable(world):
    agreement = conclude(world)
    before = Entry.objects.count()
    wider = {**RIGHT, "sublicensing": True}
    services.terms.amend(agreement, rights=[wider], valid_from=date(2026, 9, 1), **world.by("legal"))
    august, september = (terms.rights_in(agreement, "data", date(2026, month, 1)) for month in (8, 9))
    assert (august.sublicensing, august.edition, august.until) == (False, 1, date(2027, 5, 1))
    assert (september.sublicensing, september.edition, september.until) == (True, 2, None)
    assert terms.rights_in(agreement, "data", date(2026, 9, 1), known_at=before).edition == 1
    assert terms.rights_in(agreement, "compute", date(2026, 9, 1)) is None
    assert terms.rights_in(agreement, "data", date(2026, 4, 30)) is None


def test_an_edition_does_not_reach_back(world):
    agreement = conclude(world)
    with pytest.raises(rules.BackwardEdition):
        services.terms.amend(agreement, rights=[RIGHT], valid_from=date(2026, 5, 1), **world.by("legal"))


def test_an_ended_agreement_bounds_its_rights_and_takes_no_more_editions(world):
    agreement = conclude(world)
    before = Entry.objects.count()
    ended = services.terms.end(agreement, ended_from=date(2026, 8, 1), **world.by("legal"))
    assert terms.rights_in(ended, "data", date(2026, 9, 1)).until == date(2026, 8, 1)
    assert terms.rights_in(ended, "data", date(2026, 9, 1), known_at=before).until == date(2027, 5, 1)
    assert terms.state_of(ended, date(2026, 8, 1)) == "terminated"
    with pytest.raises(rules.AlreadyEnded):
        services.terms.end(ended, ended_from=date(2026, 9, 1), **world.by("legal"))


def test_the_file_is_an_erasable_annex_under_a_salted_digest(world):
    file = services.journal.Attachment("契約書.pdf", "application/pdf", b"%PDF-1.7")
    agreement = services.terms.conclude(
        organization=Organization.objects.get(code="tetsu"), type="nda", title_ja="秘密保持契約", title_en="NDA",
        rights=[RIGHT], valid_from=date(2026, 5, 1), file=file, marks=["trade-secret"], **world.by("legal"),
    )  # fmt: skip
    edition, annex = terms.file_of(world.viewer("tetsu"), agreement.number, 1)
    assert (annex.name, edition.marks) == ("契約書.pdf", ["trade-secret"])
    assert terms.file_of(world.viewer("hagane"), agreement.number, 1) is None


def test_every_party_reads_the_agreement_and_nobody_else(world):
    agreement = _joint(world, "kuruma", "consortium")
    seen = {code: terms.visible_to(world.viewer(code)).filter(pk=agreement.pk).exists() for code in
            ("tetsu", "kuruma", "hagane", "robo", "legal", "finance")}  # fmt: skip
    assert seen == {"tetsu": True, "kuruma": True, "hagane": False, "robo": False, "legal": True, "finance": False}


def _joint(world, *others):
    return services.terms.conclude(
        organization=Organization.objects.get(code="tetsu"), type="consortium", title_ja="共同", title_en="joint",
        rights=[RIGHT], valid_from=date(2026, 5, 1), parties=Organization.objects.filter(code__in=others),
        **world.by("legal"),
    )  # fmt: skip


def test_two_members_among_themselves_make_no_inbound_agreement(world):
    for others in (["kuruma"], ["tetsu", "kuruma"], ["robo"]):
        with pytest.raises(services.terms.ConsortiumNeeded, match="consortium is not among the parties"):
            _joint(world, *others)
    assert _joint(world, "tetsu").parties.count() == 0


def test_the_list_of_types_is_dated(world):
    listed = {"code": "joint", "name_ja": "共同研究契約", "name_en": "Joint research agreement"}
    before = Entry.objects.count()
    services.terms.list_type(**listed, valid_from=date(2026, 7, 1), **world.by("legal"))
    assert "joint" not in terms.types(date(2026, 6, 30)) and "joint" in terms.types(date(2026, 7, 1))
    assert "joint" not in terms.types(date(2026, 7, 1), known_at=before)
    with pytest.raises(rules.UnknownWord, match="handshake"):
        services.terms.conclude(
            organization=Organization.objects.get(code="tetsu"), type="handshake", title_ja="x", title_en="x",
            rights=[RIGHT], valid_from=date(2026, 5, 1), **world.by("legal"),
        )  # fmt: skip
