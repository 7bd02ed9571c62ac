"""Inbound agreements: concluded by legal, with typed rights that the journal holds whole."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from contributions import services
from contributions.core import canonical
from contributions.core.roles import NotAllowed
from contributions.models import Entry, InboundAgreement, Organization

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
    with pytest.raises(IntegrityError), transaction.atomic():
        conclude(world, rights=(RIGHT, RIGHT))
    assert (InboundAgreement.objects.count(), Entry.objects.count()) == (4, size)


@pytest.mark.parametrize("username", ["tetsu", "finance", "auditor", "robo"])
def test_only_legal_concludes(world, username):
    with pytest.raises(NotAllowed):
        conclude(world, by=username)
