"""Differences: applying gives the new text, undoing the old one; bounded; and readable to a lawyer."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from licensing.core.differences import ADDED, REMOVED, SAME, Budget, Run, align, alike, applied, diff, matched, undone

TEXT = st.text(alphabet="利用料は、第12条に従い支払う。abc the Fees 3,000.5", max_size=80)


@given(TEXT, TEXT, st.sampled_from(["ja", "en"]))
def test_applying_gives_the_new_text_and_undoing_the_old_one(old, new, language):
    runs = diff(old, new, language)
    assert (undone(runs), applied(runs)) == (old, new)
    assert all(run.text for run in runs)


@given(TEXT, TEXT, st.integers(0, 40))
def test_a_spent_budget_replaces_whole_but_never_wrongly(old, new, steps):
    runs = diff(old, new, "ja", Budget(steps))
    assert (undone(runs), applied(runs)) == (old, new)


@given(st.lists(st.sampled_from("abc"), max_size=12), st.lists(st.sampled_from("abc"), max_size=12))
def test_what_matches_is_equal_and_in_order(old, new):
    pairs = matched(old, new, Budget())
    assert all(old[one] == new[two] for one, two in pairs)
    assert pairs == sorted(pairs) and len({one for one, _ in pairs}) == len(pairs) == len({two for _, two in pairs})


def test_japanese_differs_by_character_and_figures_stay_whole():
    assert diff("30日以内に支払う", "60日以内に、支払う", "ja") == (
        Run(REMOVED, "30"),
        Run(ADDED, "60"),
        Run(SAME, "日以内に"),
        Run(ADDED, "、"),
        Run(SAME, "支払う"),
    )


def test_english_differs_by_word():
    runs = diff("within 30 days of notice", "within 60 business days of notice", "en")
    assert [run.text for run in runs if run.kind == REMOVED] == ["30"]
    assert [run.text for run in runs if run.kind == ADDED] == ["60 business"]


def test_a_word_that_stayed_by_chance_does_not_break_a_sentence_up():
    runs = diff("甲は速やかに代金を支払う", "乙が書面で代わりに通知を行う", "ja")
    assert len([run for run in runs if run.kind == SAME]) <= 1


def test_texts_that_have_nothing_in_common_are_replaced_whole():
    assert [run.kind for run in diff("損害賠償の上限", "ABCDEFG", "ja")] == [REMOVED, ADDED]


@pytest.mark.parametrize("size", [3_000, 20_000])
def test_a_hostile_pair_ends_within_the_budget(size):
    budget = Budget(50_000)
    old, new = "ab" * size, "ba" * (size // 2) + "c" * size
    runs = diff(" ".join(old), " ".join(new), "en", budget)
    assert undone(runs) == " ".join(old) and applied(runs) == " ".join(new)


def test_rows_pair_by_likeness_and_keep_their_order():
    old = ["利用者は利用料を支払う。", "許諾者は記録を監査できる。", "費用は許諾者の負担とする。"]
    new = ["利用者は利用料を速やかに支払う。", "全く別の項を新たに置く。", "費用は利用者の負担とする。"]
    pairs = align(old, new)
    assert (0, 0) in pairs and (2, 2) in pairs
    assert (1, 1) not in pairs
    assert sorted(one for one, _ in pairs if one is not None) == [0, 1, 2]
    assert sorted(two for _, two in pairs if two is not None) == [0, 1, 2]


def test_very_long_lists_pair_by_equality():
    old = [f"項{n}" for n in range(200)]
    new = [*old[:50], "新しい項", *old[51:]]
    pairs = align(old, new)
    assert (50, 50) in pairs and (199, 199) in pairs


def test_likeness_does_not_ask_for_order():
    assert alike("利用料の支払", "支払の利用料") == 100
    assert alike("", "") == 100
    assert alike("甲", "乙") == 0
