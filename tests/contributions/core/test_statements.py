"""Ids that follow from a request, a leaf's bytes, and when two statements say the same."""

from __future__ import annotations

from uuid import UUID, uuid5

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contributions.core import canonical, statements

SAID = {
    "v": 1,
    "kind": "resource.recorded",
    "nonce": "00" * 16,
    "subject": "resource:C-akane-0001",
    "member": "akane",
    "by": {"user": None, "workplace": "member", "organization": "akane"},
    "effective": ["2026-04-01", None],
    "movements": [["member:akane:cash", "JPY", "5"], ["source:cash", "JPY", "-5"]],
    "facts": {"quantity": "5", "note": "は"},
    "annexes": [{"name": "a.txt", "media": "text/plain", "sha256": "11" * 32}],
    "corrects": None,
}


@settings(deadline=None)
@given(st.uuids(), st.integers(0, 10**9))
def test_an_id_is_the_uuid_of_the_number_under_the_request(request_id, number):
    assert statements.entry_id(request_id, number) == str(uuid5(request_id, str(number)))


@pytest.mark.parametrize("log", ["ledger.example/1/ledger", 'a"b\\c/日本'])
def test_a_leaf_is_in_canonical_form_whatever_the_log_is_called(log):
    leaf = {"v": 1, "log": log, "id": str(UUID(int=7)), "recorded_at": "2026-10-31T05:00:00Z"}
    leaf |= {"statement_sha256": "ab" * 32}
    assert statements.leaf(log, leaf["id"], leaf["recorded_at"], leaf["statement_sha256"]) == canonical.dumps(leaf)


def test_nonce_and_salted_digests_say_nothing():
    again = SAID | {"nonce": "ff" * 16, "annexes": [SAID["annexes"][0] | {"sha256": "22" * 32}]}
    assert statements.difference(SAID, again) is None


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"kind": "resource.accepted"}, "kind"),
        ({"subject": "resource:C-akane-0002"}, "subject"),
        ({"member": None}, "member"),
        ({"by": SAID["by"] | {"user": "x"}}, "by"),
        ({"effective": ["2026-04-02", None]}, "effective"),
        ({"movements": []}, "movements"),
        ({"corrects": str(UUID(int=1))}, "corrects"),
        ({"facts": {"quantity": "6", "note": "は"}}, "facts.quantity"),
        ({"facts": {"quantity": "5"}}, "facts.note"),
        ({"facts": SAID["facts"] | {"more": None}}, "facts.more"),
        ({"annexes": []}, "annexes"),
        ({"kind": "x.y", "facts": {}}, "kind"),
    ],
)
def test_the_first_field_that_differs_is_named(changes, field):
    assert statements.difference(SAID, SAID | changes) == field
    assert statements.difference(SAID | changes, SAID) == field


@pytest.mark.parametrize(
    ("said", "recorded", "day"),
    [
        ("2026-01-31", "2026-10-31T05:00:00Z", "2026-01-31"),
        (None, "2026-10-31T14:59:59Z", "2026-10-31"),
        (None, "2026-10-31T15:00:00Z", "2026-11-01"),
    ],
)
def test_what_names_no_day_counts_from_the_day_of_its_record_in_japan(said, recorded, day):
    assert statements.day_of(said, recorded) == day


def test_only_a_members_account_is_a_line_of_the_balance_sheet():
    assert statements.line_of("member:honda:data:submitted") == ("honda", "data")
    assert statements.line_of("member:honda") == ("honda", "")
    assert statements.line_of("source:cash") is None and statements.line_of("members:x:y") is None
