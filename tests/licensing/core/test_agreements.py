"""An agreement is assembled, numbered, proved equal in both languages, and stepped from draft to execution."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contributions.core.words import Text
from licensing.core import agreements, clauses, tariffs
from licensing.core.variables import VariableRefused

LIBRARY = json.loads((Path(__file__).parents[3] / "demo" / "clauses.json").read_text(encoding="utf-8"))
CLAUSES = [clauses.clause(row) for row in LIBRARY["clauses"]]
TEMPLATE = agreements.template(LIBRARY["templates"][0])
RATE = {
    "unit": "robot",
    "mode": "graduated",
    "tiers": [
        {"from": "0", "until": "500", "price": "12000"},
        {"from": "500", "until": "2000", "price": "9000"},
        {"from": "2000", "until": None, "price": "7500"},
    ],
    "minimum": "6000000",
}
VARIABLES: dict[str, object] = {
    "licensor": {"ja": "日本AI基盤モデル開発株式会社", "en": "Japan AI Foundation Model Development Co., Ltd."},
    "licensor_address": {"ja": "東京都（見本）", "en": "Tokyo (specimen)"},
    "licensor_signatory": {"ja": "代表取締役　髙﨑　一郎", "en": "Ichiro Takasaki, Representative Director"},
    "licensee": {"ja": "株式会社東雲ロボティクス", "en": "Shinonome Robotics Inc."},
    "licensee_address": {"ja": "大阪府（見本）", "en": "Osaka (specimen)"},
    "licensee_signatory": {"ja": "代表取締役　𠮷田　花子", "en": "Hanako Yoshida, Representative Director"},
    "release": "R-0.3",
    "release_sha256": "9c1e03f75ab2" + "0" * 52,
    "fields": ["robot"],
    "regions": ["JP", "TH"],
    "term": {"from": "2026-12-01", "until": "2028-12-01"},
    "renewal": "automatic",
    "renewal_years": 1,
    "notice_months": 6,
    "schedule": {"ja": "ロボット 2026年版（第4版）", "en": "Robots 2026 (version 4)"},
    "terms": RATE,
    "minimum": "6000000",
    "report_period": "quarter",
    "report_days": 30,
    "acceptance_days": 14,
    "incident_hours": 72,
    "late_rate": "146/1000",
    "record_years": 7,
    "audit_notice_days": 15,
    "audit_threshold": "10/100",
    "further_training": True,
    "registration_days": 14,
    "confidentiality_years": 5,
    "liability_months": 12,
    "cure_days": 30,
    "deletion_days": 30,
    "winddown_months": 6,
    "court": {"ja": "東京地方裁判所", "en": "Tokyo District Court"},
}


def assembled(**changes: object) -> agreements.Tree:
    return agreements.assemble(TEMPLATE, CLAUSES, VARIABLES | changes)


def article(tree: agreements.Tree, clause: str) -> agreements.Article:
    return next(article for article in tree.articles if article.clause == clause)


def test_articles_are_numbered_without_a_gap_and_references_resolve_in_both_languages():
    tree = assembled()
    assert [item.number for item in tree.articles] == list(range(1, len(tree.articles) + 1))
    ownership = article(tree, "ownership").number
    line = article(tree, "derivatives-registered").paragraphs[2].line
    assert f"第{ownership}条第1項を適用する" in line.text.ja
    assert f"Article {ownership}, paragraph 1 applies" in line.text.en


def test_a_reference_inside_its_own_article_leaves_the_article_out():
    assert "第2項第5号に該当する" in article(assembled(), "termination").paragraphs[2].line.text.ja


def test_a_clause_whose_condition_is_false_falls_out_and_its_alternative_takes_its_number():
    overseas, domestic = assembled(), assembled(regions=["JP"])
    assert article(overseas, "residency-overseas").number == article(domestic, "residency-domestic").number


def test_a_single_paragraph_carries_no_number():
    assert article(assembled(), "survival").paragraphs[0].line.number.ja == ""


def test_amounts_dates_and_rates_read_as_contracts_write_them():
    tree = assembled()
    assert "6,000,000円" in article(tree, "fees").paragraphs[1].line.text.ja
    assert "JPY 6,000,000" in article(tree, "fees").paragraphs[1].line.text.en
    assert "2026年12月1日から2028年11月30日まで" in article(tree, "term-renewing").paragraphs[0].line.text.ja
    assert "年14.6%の割合" in article(tree, "payment").paragraphs[1].line.text.ja
    assert tree.tiers[1].range == Text("500台を超え2,000台まで", "over 500 up to 2,000 robots")


def test_every_figure_is_proved_against_the_json_and_the_rating_engine():
    proofs = agreements.prove_equal(assembled(), TEMPLATE, VARIABLES, RATE)
    assert {proof.variable for proof in proofs} >= {"minimum", "terms", "late_rate", "term", "audit_threshold"}


def test_another_price_in_the_rating_engine_is_refused_with_the_figure():
    rate = RATE | {"tiers": [*RATE["tiers"][:2], {"from": "2000", "until": None, "price": "7600"}]}
    with pytest.raises(agreements.Unequal) as refusal:
        agreements.prove_equal(assembled(), TEMPLATE, VARIABLES, rate)
    assert "7,500円" in refusal.value.text("ja") and "7600" in refusal.value.text("ja")


def test_another_minimum_in_the_json_is_refused():
    with pytest.raises(agreements.Unequal):
        agreements.prove_equal(assembled(), TEMPLATE, VARIABLES | {"minimum": "5000000"}, RATE)


def test_a_number_changed_in_one_language_is_refused_with_its_article():
    tree = _tampered(assembled(), "fees", "JPY 6,000,000", "JPY 6,500,000")
    with pytest.raises(agreements.Unequal) as refusal:
        agreements.prove_equal(tree, TEMPLATE, VARIABLES, RATE)
    assert "（利用料）" in refusal.value.text("ja")


def test_a_number_changed_alike_in_both_languages_is_refused_too():
    tree = _tampered(_tampered(assembled(), "payment", "14.6%", "18%"), "payment", "14.6%", "18%", language="ja")
    with pytest.raises(agreements.Unequal):
        agreements.prove_equal(tree, TEMPLATE, VARIABLES, RATE)


def test_a_missing_variable_is_refused_by_its_name():
    with pytest.raises(VariableRefused) as refusal:
        agreements.assemble(TEMPLATE, CLAUSES, {k: v for k, v in VARIABLES.items() if k != "court"})
    assert "合意管轄裁判所" in refusal.value.text("ja")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("minimum", 6000000),
        ("minimum", "6,000,000"),
        ("late_rate", "14.6%"),
        ("late_rate", "3/2"),
        ("term", {"from": "2026-12-01"}),
        ("regions", ["XX"]),
        ("regions", []),
        ("fields", ["robot", "robot"]),
        ("report_days", "30"),
        ("unknown", "x"),
        ("licensee", {"ja": "東雲", "en": ""}),
        ("licensee", {"ja": "{minimum}", "en": "x"}),
        ("release_sha256", "abc"),
        ("terms", RATE | {"tiers": [{"from": "1", "until": None, "price": "1"}]}),
    ],
)
def test_an_ill_typed_variable_is_refused(name, value):
    with pytest.raises(VariableRefused):
        assembled(**{name: value})


@pytest.mark.parametrize(
    "name", ["renewal_years", "notice_months", "report_days", "liability_months", "cure_days", "winddown_months"]
)
def test_a_count_that_makes_no_sense_in_its_clause_is_refused(name):
    with pytest.raises(VariableRefused, match="1 or more"):
        assembled(**{name: 0})
    assert assembled(termination_months=0), "nought is how a right to terminate at will is left out"


@pytest.mark.parametrize("minimum", ["6000000", "0"])
def test_the_text_says_how_use_is_counted_and_whose_year_a_period_belongs_to_as_the_engine_has_it(minimum):
    tree = assembled(minimum=minimum, terms=RATE | {"minimum": minimum})
    *_, counted, periods = article(tree, "fees" if minimum != "0" else "fees-without-minimum").paragraphs
    assert len(counted.items) == len({words.ja for words in tariffs.UNITS.values()}) == 5
    assert all(item.text.ja.startswith(unit.ja) for item, unit in zip(counted.items, UNITS_IN_ORDER, strict=True))
    assert (
        "初日が属する許諾年度" in periods.line.text.ja
        and "in which the Reporting Period begins" in periods.line.text.en
    )
    assert (
        "暦年の四半期" in article(tree, "fees" if minimum != "0" else "fees-without-minimum").paragraphs[0].line.text.ja
    )


UNITS_IN_ORDER = [tariffs.UNITS[name] for name in ("robot", "cell", "gpu_hour", "call", "JPY")]


def test_a_reference_to_a_clause_that_fell_out_is_refused_not_printed_blank():
    library = [
        dataclasses.replace(clause, condition="further_training") if clause.id == "export" else clause
        for clause in CLAUSES
    ]
    with pytest.raises(agreements.AssemblyRefused):
        agreements.assemble(TEMPLATE, library, VARIABLES | {"further_training": False})


def test_two_alternatives_of_one_family_are_contradictory():
    library = [dataclasses.replace(clause, condition=None) for clause in CLAUSES]
    with pytest.raises(agreements.AssemblyRefused):
        agreements.assemble(TEMPLATE, library, VARIABLES)


def test_the_embedded_json_changes_its_digest_with_any_variable():
    def digest(**changes):
        tree = assembled(**changes)
        return agreements.digest(
            agreements.embedded("L-2026-0001", 1, TEMPLATE, CLAUSES, tree, VARIABLES | changes, "S-ROBOT@4")
        )

    assert digest() == digest() != digest(cure_days=31)


@settings(max_examples=100, deadline=None)
@given(
    days=st.integers(1, 400),
    minimum=st.integers(0, 10**12),
    late=st.integers(0, 200),
    regions=st.lists(st.sampled_from(["JP", "TH", "US", "DE"]), min_size=1, unique=True),
    training=st.booleans(),
    renewal=st.sampled_from(["automatic", "none"]),
    price=st.integers(0, 10**9),
    until=st.integers(1, 10**9),
)
def test_any_agreement_has_no_blank_no_dangling_reference_and_equal_languages(
    days, minimum, late, regions, training, renewal, price, until
):
    tiers = [
        {"from": "0", "until": str(until), "price": str(price)},
        {"from": str(until), "until": None, "price": f"{price}/8"},
    ]
    rate = RATE | {"tiers": tiers, "minimum": str(minimum)}
    chosen = VARIABLES | {
        "report_days": days,
        "minimum": str(minimum),
        "late_rate": f"{late}/1000",
        "regions": regions,
        "further_training": training,
        "renewal": renewal,
        "terms": rate,
    }
    tree = agreements.assemble(TEMPLATE, CLAUSES, chosen)
    assert agreements.prove_equal(tree, TEMPLATE, chosen, rate)
    for item in tree.articles:
        for paragraph in item.paragraphs:
            for line in (paragraph.line, *paragraph.items):
                assert line.text.ja and line.text.en and "{" not in line.text.ja + line.text.en


def test_an_agreement_walks_from_draft_to_execution_and_lives_on():
    state = "drafted"
    for verb in ("approve", "offer", "sign", "countersign"):
        state = agreements.step(state, verb)
    assert state == "executed" and agreements.verbs(state) == ("suspend", "end", "expire")


@pytest.mark.parametrize(
    ("state", "verb"), [("drafted", "offer"), ("offered", "countersign"), ("executed", "withdraw")]
)
def test_a_step_out_of_turn_is_refused_with_the_reason(state, verb):
    with pytest.raises(agreements.StepRefused) as refusal:
        agreements.step(state, verb)
    assert agreements.STATES[state].ja in refusal.value.text("ja")


@pytest.mark.parametrize(
    "tiers",
    [
        [{"from": "0", "until": "5", "price": "1"}],
        [{"from": "0", "until": "5", "price": "1"}, {"from": "6", "until": None, "price": "1"}],
        [{"from": "0", "until": None, "price": "-1"}],
        [],
    ],
)
def test_tiers_with_a_gap_a_closed_end_or_a_negative_price_are_refused(tiers):
    with pytest.raises(tariffs.TariffRefused):
        tariffs.tariff(RATE | {"tiers": tiers})


WHOLE = {
    "unit": "robot", "mode": "graduated", "minimum": "6000000", "free_units": "50", "free_per": "group",
    "tiers": [
        {"from": "0", "until": "500", "price": "12000", "flat": "300", "standard": "15000"},
        {"from": "500", "until": None, "price": "9000"},
    ],
    "credit": "25000", "cap": "70000000", "category_cap": "90000000", "group_cap": "95000000", "advance": "1000000",
    "regions": {"JP": "1", "TH": "1/3"},
}  # fmt: skip


def test_every_figure_beside_the_tiers_is_proved_from_both_prints_against_the_rating_engine():
    tree, document = assembled(terms=WHOLE), VARIABLES | {"terms": WHOLE}

    def proved(rows):
        proofs = agreements.prove_equal(dataclasses.replace(tree, conditions=rows), TEMPLATE, document, WHOLE)
        return [proof.value for proof in proofs if proof.place.ja == "別紙1（料金）"]

    beside = ["300", "15000", "50", "25000", "70000000", "90000000", "95000000", "1000000", "1", "1/3"]
    assert proved(tree.conditions)[: len(beside)] == beside
    for at, row in enumerate(tree.conditions):
        wrong = dataclasses.replace(row, price=Text(row.price.ja, row.price.en.replace("0", "1")))
        if wrong != row:
            with pytest.raises(agreements.Unequal):
                proved((*tree.conditions[:at], wrong, *tree.conditions[at + 1 :]))


def test_percentages_are_printed_and_read_as_percentages():
    terms = tariffs.tariff(
        {
            "unit": "JPY",
            "mode": "graduated_percentage",
            "minimum": None,
            "tiers": [
                {"from": "0", "until": "100000000", "price": "3/100"},
                {"from": "100000000", "until": None, "price": "1/40"},
            ],
        }
    )
    row = tariffs.rows(terms)[1]
    assert row.price.ja == "2.5%" and tariffs.read_row(terms, row, "en")[2] == terms.tiers[1].price


def _tampered(tree, clause, before, after, language="en"):
    def line(old):
        texts = {"ja": old.text.ja, "en": old.text.en}
        texts[language] = texts[language].replace(before, after)
        return dataclasses.replace(old, text=Text(**texts))

    def paragraph(old):
        return dataclasses.replace(old, line=line(old.line), items=tuple(line(item) for item in old.items))

    changed = tuple(
        dataclasses.replace(item, paragraphs=tuple(paragraph(old) for old in item.paragraphs))
        if item.clause == clause
        else item
        for item in tree.articles
    )
    return dataclasses.replace(tree, articles=changed)
