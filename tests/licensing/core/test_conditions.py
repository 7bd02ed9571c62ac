"""Conditions of clauses as people read them, in both languages."""

import pytest

from contributions.core.words import Text
from licensing.core import conditions

LABELS = {
    "minimum": Text("最低利用料", "Minimum Fee"),
    "regions": Text("推論地域", "Inference regions"),
    "renewal": Text("更新", "Renewal"),
    "further_training": Text("追加学習の許諾", "Further Training permitted"),
}
CHOICES = {
    "regions": {"JP": Text("日本", "Japan"), "TH": Text("タイ", "Thailand")},
    "renewal": {"automatic": Text("自動更新", "automatic")},
}


@pytest.mark.parametrize(
    ("condition", "ja", "en"),
    [
        ("renewal == 'automatic'", "更新が「自動更新」である場合", "where Renewal is “automatic”"),
        ("regions != ['JP']", "推論地域が「日本」以外である場合", "where Inference regions is not “Japan”"),
        ("minimum >= 1000000", "最低利用料が 1,000,000 以上である場合", "where Minimum Fee is at least 1,000,000"),
        ("not further_training", "追加学習の許諾がない場合", "where not “Further Training permitted”"),
        (
            "'TH' in regions and minimum > 0",
            "推論地域が「タイ」を含む、かつ最低利用料が 0 を超える場合",
            "where Inference regions include “Thailand” and Minimum Fee exceeds 0",
        ),
        ("unknown == 1", "unknownが1である場合", "where unknown is 1"),
    ],
)
def test_a_condition_reads_as_a_sentence(condition, ja, en) -> None:
    said = conditions.sentence(condition, LABELS, CHOICES)
    assert (said.ja, said.en) == (ja, en)


def test_what_the_grammar_refuses_has_no_sentence() -> None:
    with pytest.raises(conditions.ConditionRefused):
        conditions.sentence("__import__('os')", LABELS, CHOICES)
