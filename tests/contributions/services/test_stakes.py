"""Stakes are corrected by a new record that names the wrong one; both stay."""

from __future__ import annotations

from datetime import date

import pytest

from contributions import selectors, services
from contributions.core import canonical
from contributions.core import members as rules
from contributions.models import Entry, Stake

APRIL = date(2026, 4, 1)


def test_a_correction_links_to_the_entry_it_corrects(world):
    wrong = Stake.objects.get(member=world.of("tetsu"))
    right = services.stakes.restate(wrong, share="1/5", valid_from=APRIL, **world.by("legal"))
    entry = Entry.objects.select_related("statement").get(kind="stake.restated")
    said = canonical.loads(bytes(entry.statement.content))
    assert said["corrects"] == str(Entry.objects.get(pk=wrong.seq).id)
    assert said["facts"]["restates"] == {"entry": wrong.seq, "share": "1/4", "from": "2026-04-01"}
    shown = {row.member.code: row.share for row in selectors.stakes.as_of(world.viewer("legal"), APRIL)}
    assert shown["tetsu"] == "1/5" and right.restates == wrong


def test_a_checkpoint_before_the_correction_still_tells_the_wrong_share(world):
    sealed = world.seal()
    services.stakes.restate(
        Stake.objects.get(member=world.of("tetsu")), share="1/5", valid_from=APRIL, **world.by("legal")
    )
    (row,) = selectors.stakes.as_of(world.member("tetsu"), APRIL, known_at=sealed.size)
    assert row.share == "1/4"


def test_a_record_is_corrected_once(world):
    wrong = Stake.objects.get(member=world.of("tetsu"))
    services.stakes.restate(wrong, share="1/5", valid_from=APRIL, **world.by("legal"))
    with pytest.raises(rules.AlreadyRestated):
        services.stakes.restate(wrong, share="1/6", valid_from=APRIL, **world.by("legal"))


def test_stakes_never_sum_to_more_than_the_whole(world):
    with pytest.raises(rules.OverWhole):
        services.stakes.declare(world.of("tetsu"), share="26/100", valid_from=APRIL, **world.by("legal"))
    with pytest.raises(rules.BadStake):
        services.stakes.declare(world.of("tetsu"), share="-1/4", valid_from=APRIL, **world.by("legal"))
    assert [row.share for row in selectors.stakes.as_of(world.viewer("legal"), APRIL)] == ["1/4"] * 4
