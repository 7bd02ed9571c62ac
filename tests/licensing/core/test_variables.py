"""Agreement variables: every fault named at once, defaults filled in, and print that is read back to the same value."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contributions.core import money
from licensing.core import readings, variables
from licensing.core.variables import VariableRefused, VariablesRefused

LABEL = {"ja": "題", "en": "label"}
SCHEMA = variables.schema(
    [
        {"name": "days", "kind": "count", "label": {"ja": "日数", "en": "Days"}},
        {"name": "fee", "kind": "money", "label": {"ja": "利用料", "en": "Fee"}},
        {"name": "layout", "kind": "choice", "label": LABEL, "choices": {"a": LABEL, "b": LABEL}, "default": "a"},
        {"name": "seat", "kind": "words", "label": LABEL, "required": False},
    ]
)


def test_every_fault_of_a_document_is_named_at_once():
    document = {"days": "30", "layout": "z", "weather": 1}
    with pytest.raises(VariablesRefused) as refusal:
        variables.values(SCHEMA, document)
    told = refusal.value.text("ja")
    assert "4件" in told and all(name in told for name in ("日数", "利用料", "layout", "weather"))
    assert [finding.field for finding in variables.findings(SCHEMA, document)] == ["weather", "days", "fee", "layout"]
    assert all(finding.text("en") for finding in variables.findings(SCHEMA, document))


def test_one_fault_is_said_plainly_and_a_sound_document_has_none():
    with pytest.raises(VariableRefused, match="Days") as refusal:
        variables.values(SCHEMA, {"fee": "1"})
    assert not isinstance(refusal.value, VariablesRefused)
    assert variables.findings(SCHEMA, {"days": 3, "fee": "1"}) == []


def test_a_default_stands_in_for_what_is_left_out_and_for_nothing_else():
    assert variables.filled(SCHEMA, {"days": 3, "layout": None}) == {"layout": "a", "days": 3}
    assert variables.values(SCHEMA, {"days": 3, "fee": "1", "layout": "b"})["layout"] == "b"
    assert "seat" not in variables.values(SCHEMA, {"days": 3, "fee": "1"})


def test_a_default_that_its_own_kind_refuses_is_no_schema():
    with pytest.raises(VariableRefused):
        variables.schema([{"name": "days", "kind": "count", "label": LABEL, "default": "x"}])


def _one(kind: str):
    return variables.schema([{"name": "x", "kind": kind, "label": LABEL}])["x"]


@given(
    st.one_of(
        st.tuples(st.just("money"), st.integers(0, 10**15).map(str)),
        st.tuples(st.just("count"), st.integers(0, 10**6)),
        st.tuples(st.just("date"), st.dates(min_value=variables.date(1900, 1, 1)).map(lambda day: day.isoformat())),
        st.tuples(st.just("rate"), st.fractions(0, 1, max_denominator=1000).map(money.fraction_text)),
    )
)
def test_what_is_printed_is_read_back_in_both_languages(case):
    kind, stated = case
    value = variables.values({"x": _one(kind)}, {"x": stated})["x"]
    printed = variables.printed(_one(kind), value)
    for language in ("ja", "en"):
        read = readings.read_back(kind, printed.of(language), language)
        assert read == stated or (kind == "rate" and money.fraction(str(read)) == value)
