"""Corrections form a list: backwards, of one family and member, with one successor."""

from __future__ import annotations

import pytest

from contributions.core import corrections


def said(kind="resource.recorded", member="akane", corrects=None):
    return {"kind": kind, "member": member, "corrects": corrects}


def test_a_chain_of_corrections_passes():
    log = [said(), said("resource.reversed", corrects="a"), None, said(corrects="b")]
    corrections.check_all(["a", "b", "c", "d"], log)


@pytest.mark.parametrize(
    ("log", "refusal"),
    [
        ([said(corrects="a")], corrections.NothingToCorrect),
        ([said(corrects="b"), said()], corrections.NothingToCorrect),
        ([said(corrects="nowhere")], corrections.NothingToCorrect),
        ([said(), said("dataset.revised", corrects="a")], corrections.OtherFamily),
        ([said(), said(member="midori", corrects="a")], corrections.OtherFamily),
        ([said(), said(member=None, corrects="a")], corrections.OtherFamily),
        ([said(), said(corrects="a"), said(corrects="a")], corrections.AlreadyCorrected),
        ([None, said(corrects="a"), said(corrects="a")], corrections.AlreadyCorrected),
    ],
)
def test_what_is_no_list_is_refused(log, refusal):
    with pytest.raises(refusal) as found:
        corrections.check_all([chr(ord("a") + place) for place in range(len(log))], log)
    assert found.value.text("ja") and found.value.text("en").isprintable()


def test_what_an_erased_entry_said_is_taken_on_trust():
    corrections.check_all(["a", "b"], [None, said(corrects="a")])
