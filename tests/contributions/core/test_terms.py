"""What came in against what is asked: each excess is found, named with source and clause, and all at once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from contributions.core import terms
from contributions.core.terms import Asked, Right

RIGHT = Right(
    agreement="T-a-0001",
    edition=1,
    subject="data",
    purposes=frozenset({"training"}),
    fields=frozenset({"vehicles"}),
    territory=frozenset({"JP"}),
    sublicensing=False,
    further_training=False,
    after_withdrawal="trained-releases-remain",
    start=date(2026, 4, 1),
    until=date(2028, 4, 1),
)
WITHIN = Asked(frozenset({"training"}), frozenset({"vehicle"}), frozenset({"JP"}), start=date(2026, 6, 1),
               until=date(2026, 7, 1))  # fmt: skip


def clauses(asked: Asked, right: Right | None = RIGHT) -> list[str]:
    return [excess.clause for excess in terms.excesses("D-a-0001@1", right, asked)]


def test_what_lies_within_what_came_in_is_no_excess() -> None:
    assert clauses(WITHIN) == []


@pytest.mark.parametrize(
    ("changes", "clause"),
    [
        ({"purposes": frozenset({"training", "evaluation"})}, "purpose"),
        ({"fields": frozenset({"robot"})}, "field"),
        ({"territory": frozenset({"JP", "TH"})}, "territory"),
        ({"sublicensing": True}, "sublicensing"),
        ({"further_training": True}, "further-training"),
        ({"until": date(2028, 4, 2)}, "term"),
        ({"until": None}, "term"),
        ({"start": date(2026, 3, 31)}, "term"),
    ],
)
def test_each_respect_is_compared(changes: dict[str, object], clause: str) -> None:
    assert clauses(replace(WITHIN, **changes)) == [clause]  # type: ignore[arg-type]


def test_without_a_right_nothing_may_be_done() -> None:
    assert clauses(WITHIN, None) == ["no-right"]


def test_all_holds_everything_and_silence_sets_no_limit() -> None:
    wide = replace(RIGHT, fields=frozenset({"all"}), territory=frozenset())
    assert clauses(replace(WITHIN, fields=frozenset({"games"}), territory=frozenset({"US"})), wide) == []


def test_a_right_that_outlasts_its_agreement_covers_what_was_trained_already() -> None:
    licence = replace(WITHIN, until=date(2030, 1, 1), trained_already=True)
    assert clauses(licence) == []
    assert clauses(licence, replace(RIGHT, after_withdrawal="delete")) == ["term"]
    assert clauses(replace(licence, trained_already=False)) == ["term"]


def test_every_excess_of_every_source_is_told_at_once() -> None:
    asked = replace(WITHIN, sublicensing=True, territory=frozenset({"TH"}))
    with pytest.raises(terms.WiderThanCameIn) as refusal:
        terms.check([("D-a-0001@1", RIGHT), ("D-b-0002@1", None)], asked)
    assert len(refusal.value.findings) == 3
    said = refusal.value.text("ja")
    assert "D-a-0001@1（T-a-0001・地域）：求める範囲はTH、受け入れた範囲はJPです。" in said and "D-b-0002@1" in said


def test_who_may_not_know_the_source_is_told_the_clause_alone() -> None:
    asked = replace(WITHIN, sublicensing=True)
    with pytest.raises(terms.WiderThanCameIn) as refusal:
        terms.check([("D-a-0001@1", RIGHT), ("D-a-0002@1", RIGHT)], asked, named=False)
    for language in ("ja", "en"):
        said = refusal.value.text(language)
        assert "D-a" not in said and "T-a" not in said
    assert refusal.value.text("ja").count("再許諾の定めを超えます。") == 1, "not even how many sources there are"


def test_what_all_rights_grant_together() -> None:
    wide = replace(RIGHT, agreement="T-b-0001", fields=frozenset({"all"}), territory=frozenset({"JP", "TH"}),
                   sublicensing=True, start=date(2026, 5, 1), until=None)  # fmt: skip
    found = terms.common([RIGHT, wide])
    assert found is not None
    assert (found.fields, found.territory, found.sublicensing, found.start) == (
        {"vehicles"}, {"JP"}, False, date(2026, 5, 1),
    )  # fmt: skip
    assert terms.common([]) is None


def stated(**changes: object) -> dict[str, object]:
    right = {"subject": "data", "purposes": ["training"], "fields": ["all"], "territory": ["JP"], "sublicensing": True,
             "further_training": True, "after_withdrawal": "ends"}  # fmt: skip
    return {**right, **changes}


def test_rights_are_stated_in_known_words_each_subject_once() -> None:
    assert terms.check_rights([stated()]) == [stated()]
    with pytest.raises(terms.SubjectTwice):
        terms.check_rights([stated(), stated()])
    with pytest.raises(terms.NoRights):
        terms.check_rights([stated(purposes=[])])
    for wrong in ({"subject": "gold"}, {"purposes": ["fun"]}, {"fields": ["x"]}, {"territory": ["Japan"]}):
        with pytest.raises(terms.UnknownWord):
            terms.check_rights([stated(**wrong)])


LISTED = terms.Listed("C-a-0001", "T-a-0001", frozenset({"vehicles"}), frozenset({"consortium", "licensees"}))


def test_background_that_is_not_listed_is_not_licensed() -> None:
    def found(*named: str, field: str = "vehicle", user: str = "licensees") -> list[str]:
        return [one.clause for one in terms.unlisted(named, [LISTED], fields=[field], user=user)]

    assert found("C-a-0001") == []
    assert found("C-a-0009") == ["unlisted"]
    assert found("C-a-0001", field="games", user="members") == ["field", "sublicensing"]
