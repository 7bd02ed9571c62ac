"""Derivatives: lineage without circles, royalties that stack exactly, and never more than the whole."""

from datetime import date
from fractions import Fraction as F

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contributions.core.words import Text
from licensing.core import derivatives
from licensing.core.derivatives import (
    ALL_ANCESTORS,
    PARENT_ONLY,
    Circular,
    Model,
    NotPassedOn,
    OverWhole,
    Parent,
    ParentTwice,
    ParentUnknown,
    UsedTooEarly,
    WeightNothing,
    WeightsNotWhole,
)


def model(number: str, rate: F, **parents: F) -> Model:
    return Model(number, rate, tuple(Parent(name, weight) for name, weight in parents.items()))


def family(*models: Model) -> dict[str, Model]:
    return {one.number: one for one in models}


CHAIN = family(
    model("R", F(1, 10)), model("A", F(1, 20), R=F(1)), model("B", F(1, 50), A=F(1)), model("C", F(0), B=F(1))
)


@pytest.mark.parametrize(
    ("number", "policy", "total"),
    [
        ("A", ALL_ANCESTORS, F(1, 10)),
        ("B", ALL_ANCESTORS, F(15, 100)),
        ("C", ALL_ANCESTORS, F(17, 100)),
        ("A", PARENT_ONLY, F(1, 10)),
        ("B", PARENT_ONLY, F(1, 20)),
        ("C", PARENT_ONLY, F(1, 50)),
    ],
)
def test_a_chain_pays_every_ancestor_or_its_parent_only(number, policy, total):
    """On a chain the stack is the plain sum of percentages, as Story's two policies have it."""
    assert derivatives.stack(number, CHAIN, policy).total == total


def test_one_parent_named_twice_is_refused_and_ancestors_are_all_above():
    edges = (Parent("R", F(1, 2)), Parent("R", F(1, 2)))
    with pytest.raises(ParentTwice):
        derivatives.check_parents("M", family(Model("R", F(0)), Model("M", F(0), edges)))
    assert derivatives.ancestors("C", CHAIN) == {"R", "A", "B"}


def test_a_merge_counts_a_shared_ancestor_once():
    models = family(model("R", F(1, 10)), model("A", F(1, 20), R=F(1)), model("M", F(0), R=F(1, 2), A=F(1, 2)))
    found = derivatives.stack("M", models, ALL_ANCESTORS)
    assert [(line.model, line.reach, line.owed) for line in found.lines] == [
        ("A", F(1, 2), F(1, 40)), ("R", F(1), F(1, 10)),
    ]  # fmt: skip
    assert found.total == F(1, 8)
    assert derivatives.stack("M", models, PARENT_ONLY).total == F(3, 40)


def test_thirds_stay_exact():
    models = family(model("P", F(1, 7)), model("Q", F(1, 11)), model("M", F(0), P=F(1, 3), Q=F(2, 3)))
    assert derivatives.stack("M", models, ALL_ANCESTORS).total == F(1, 21) + F(2, 33)


def test_a_stack_over_the_whole_is_refused_with_its_lines():
    models = family(model("R", F(3, 5)), model("A", F(1, 2), R=F(1)), model("B", F(0), A=F(1)))
    with pytest.raises(OverWhole) as refusal:
        derivatives.stack("B", models, ALL_ANCESTORS)
    assert "110%" in refusal.value.text("ja") and "R 60%" in refusal.value.text("en")
    assert derivatives.stack("B", models, PARENT_ONLY).total == F(1, 2)
    whole = family(model("R", F(1, 2)), model("A", F(1, 2), R=F(1)), model("B", F(0), A=F(1)))
    assert derivatives.stack("B", whole, ALL_ANCESTORS).total == 1


def test_a_circle_is_refused_naming_the_path():
    models = family(model("A", F(0), B=F(1)), model("B", F(0), C=F(1)), model("C", F(0), A=F(1)))
    with pytest.raises(Circular) as refusal:
        derivatives.check_parents("A", models)
    assert "A → B → C → A" in refusal.value.text("en")
    with pytest.raises(Circular):
        derivatives.check_parents("X", family(model("X", F(0), X=F(1))))


def test_parents_are_known_and_their_weights_make_one():
    with pytest.raises(ParentUnknown):
        derivatives.check_parents("A", family(model("A", F(0), Z=F(1))))
    with pytest.raises(WeightsNotWhole):
        derivatives.check_parents("A", family(model("R", F(0)), model("A", F(0), R=F(99, 100))))
    with pytest.raises(WeightsNotWhole):
        derivatives.check_parents("A", family(model("R", F(0)), model("A", F(0))))


@given(st.lists(st.integers(1, 9), min_size=1, max_size=4), st.integers(1, 4))
def test_reach_never_passes_one_whatever_the_weights(weights, generations):
    models = family(model("R", F(1, 10)))
    whole = sum(weights)
    names = []
    for number, weight in enumerate(weights):
        models[f"A{number}"] = model(f"A{number}", F(1, 100), R=F(1))
        names.append((f"A{number}", F(weight, whole)))
    models["M0"] = Model("M0", F(0), tuple(Parent(name, weight) for name, weight in names))
    for number in range(generations):
        models[f"M{number + 1}"] = model(f"M{number + 1}", F(0), **{f"M{number}": F(1)})
    found = derivatives.stack(f"M{generations}", models, ALL_ANCESTORS)
    assert {line.model: line.reach for line in found.lines}["R"] == 1
    assert found.total == sum(line.owed for line in found.lines) == F(1, 10) + F(1, 100)


def test_what_gave_nothing_is_no_parent_and_a_merge_has_several():
    with pytest.raises(WeightNothing, match="“A”"):
        derivatives.check_parents(
            "B", family(model("R", F(0)), model("A", F(0), R=F(1)), model("B", F(0), A=F(0), R=F(1)))
        )
    with pytest.raises(derivatives.OneParent):
        derivatives.check_kind("merge", ["R"])
    with pytest.raises(derivatives.NoMerge):
        derivatives.check_kind("fine-tune", ["R", "A"])
    derivatives.check_kind("merge", ["R", "A"])
    derivatives.check_kind("fine-tune", ["R"])


def test_first_use_comes_after_the_days_of_registration():
    derivatives.check_use(date(2026, 8, 1), date(2026, 8, 15), days=14)
    with pytest.raises(UsedTooEarly):
        derivatives.check_use(date(2026, 8, 1), date(2026, 8, 14), days=14)


def test_the_checklist_is_confirmed_whole():
    asked = {"export": Text("第17条", "Article 17"), "residency": Text("第16条", "Article 16")}
    derivatives.check_passed_on({"export": True, "residency": True}, asked)
    with pytest.raises(NotPassedOn) as refusal:
        derivatives.check_passed_on({"export": True, "residency": False}, asked)
    assert "第16条" in refusal.value.text("ja") and "第17条" not in refusal.value.text("ja")


def test_the_notice_says_both_languages_what_it_is_made_of():
    text = derivatives.notice(
        number="V-1", name="調整モデル", parents=[Text("R-0.3 基盤", "R-0.3 base")], licensor=Text("甲", "Ko"),
        licensee=Text("乙", "Otsu"), agreement="L-1", until=date(2028, 6, 24), obligations=[Text("禁止", "Ban")],
        wording=[Text("第5条（禁止）\n解析してはならない。", "Article 5 (Ban)\nNo analysis.")], marked="見本・架空",
    )  # fmt: skip
    assert "解析してはならない。" in text and "読み替えます" in text and "No analysis." in text
    assert text.startswith("見本・架空") and "2028-06-23" in text
    assert text.index("派生モデルです") < text.index("derivative of a model")
