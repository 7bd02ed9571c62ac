"""Counting again from the log: what was changed is found, what was erased is passed over, no adoption hangs in air."""

from __future__ import annotations

import pytest

from licensing.core import recounts
from licensing.core.recounts import NoMandate, RecountDiffers

OPENED = {
    "ballot": 1, "policy_sha256": "aa", "electorate": {"a": "1", "b": "1", "c": "1"},
    "rule": {"basis": "both", "quorum": "1/2", "threshold": "1/2", "strict": True, "of": "decided"},
}  # fmt: skip
CLOSED = {"ballot": 1, "carried": True, "quorum_met": True, "for": "2", "against": "1", "abstain": "0"}
LOG = [
    ("ballot.opened", OPENED),
    ("ballot.weighed", {"ballot": 1, "stakes": {"a": "1/2", "b": "1/4", "c": "1/4"}}),
    ("vote.cast", {"ballot": 1, "voter": "a", "choice": "for"}),
    ("vote.sealed", {"ballot": 1, "voter": "b", "choice": "for"}),
    ("vote.cast", {"ballot": 1, "voter": "c", "choice": "against"}),
    ("ballot.counted", {"ballot": 1, "for": "3/4", "against": "1/4", "abstain": "0", "electorate": "1"}),
    ("ballot.closed", CLOSED),
    ("policy.adopted", {"policy_sha256": "aa", "ballot": 1}),
]


def told(**changes):
    """The log with the facts of some entries changed, by kind; None for a statement that was erased."""
    rows = []
    for seq, (kind, facts) in enumerate(LOG):
        change = changes.get(kind.replace(".", "_"), {})
        rows.append((seq, None, {}) if change is None else (seq, kind, facts | change))
    return recounts.recount(rows)


def test_a_faithful_log_recounts():
    assert told() == [1]


@pytest.mark.parametrize(
    "changes",
    [
        {"vote_sealed": {"choice": "against"}},
        {"vote_sealed": {"voter": "a"}},
        {"vote_sealed": {"voter": "z"}},
        {"ballot_weighed": {"stakes": {"a": "1/8", "b": "1/8", "c": "3/4"}}},
        {"ballot_counted": {"for": "1/2"}},
        {"ballot_closed": {"for": "3"}},
        {"ballot_closed": {"carried": False}},
        {"ballot_opened": {"electorate": {"a": "1"}}},
    ],
)
def test_whatever_is_changed_is_found(changes):
    with pytest.raises(RecountDiffers, match="Ballot 1"):
        told(**changes)


@pytest.mark.parametrize("changes", [{"policy_sha256": "bb"}, {"ballot": 2}])
def test_an_adoption_rests_on_the_ballot_that_carried_it(changes):
    with pytest.raises(NoMandate):
        told(policy_adopted=changes)


def test_a_decision_taken_elsewhere_carries_too():
    recorded = {"ballot": 3, "policy_sha256": "cc", "carried": True}
    adopted = {"policy_sha256": "cc", "ballot": 3}
    assert recounts.recount([(0, "decision.recorded", recorded), (1, "policy.adopted", adopted)]) == []
    with pytest.raises(NoMandate):
        recounts.recount([(0, "decision.recorded", recorded | {"carried": False}), (1, "policy.adopted", adopted)])


def test_a_ballot_with_an_erased_statement_is_not_judged():
    assert told(vote_sealed=None) == []


def test_an_adoption_of_before_ballots_were_named_is_left_alone():
    assert recounts.recount([(0, "allocation.adopted", {"allocation": "A-1"})]) == []
