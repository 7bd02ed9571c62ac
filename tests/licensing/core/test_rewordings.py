"""Typed wording becomes a clause: placeholders return where their print still stands, faults are told at once."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import world
from contributions.core.words import Text
from licensing.core import assembly, clauses, rewordings

DOCUMENT = json.loads(world.LIBRARY.read_text(encoding="utf-8"))
LIBRARY = [clauses.clause(row) for row in DOCUMENT["clauses"]]
TEMPLATE = assembly.template(DOCUMENT["templates"][0])
BY_ID = {one.id: one for one in LIBRARY}
VALUES = json.loads((Path(__file__).parent / "agreement_variables.json").read_text(encoding="utf-8"))
TREE = assembly.assemble(TEMPLATE, LIBRARY, VALUES)
ARTICLES = {one.clause: one for one in TREE.articles}


def test_every_clause_typed_as_it_stands_is_the_same_wording():
    for code, article in ARTICLES.items():
        typed = [rewordings.typed(article, language) for language in ("ja", "en")]
        assert rewordings.sha256(rewordings.reworded(BY_ID[code], article, *typed)) == rewordings.sha256(BY_ID[code])


def test_placeholders_and_references_return_where_their_print_still_stands():
    article = ARTICLES["liability"]
    ja, en = (rewordings.typed(article, language) for language in ("ja", "en"))
    changed = rewordings.reworded(
        BY_ID["liability"],
        article,
        ja.replace("かつ直接", "").replace("に違反", "に重大な違反を"),
        en.replace("and direct ", ""),
    )
    first, second = changed.paragraphs[0], changed.paragraphs[1]
    assert "{liability_months}か月" in first.text.ja and "{liability_months} months" in first.text.en
    assert "{ref:prohibited}" in second.items[1].ja and "重大な違反を" in second.items[1].ja
    assert changed.variables == {"liability_months"}


def test_a_figure_that_was_typed_over_stands_as_text():
    article = ARTICLES["liability"]
    ja, en = (rewordings.typed(article, language) for language in ("ja", "en"))
    changed = rewordings.reworded(
        BY_ID["liability"], article, ja.replace("12か月", "120か月"), en.replace("12 months", "120 months")
    )
    assert "120か月" in changed.paragraphs[0].text.ja and changed.variables == frozenset()
    assert not rewordings.faults(changed, list(TEMPLATE.schema))


def test_a_missing_language_and_unequal_figures_are_told_together():
    base = rewordings.special("special-1", Text("特約", "Special"))
    version = rewordings.with_text(
        base, rewordings.read("30日以内に行う。\n別に定める。"), rewordings.read("Within 20 days.")
    )
    codes = {one.code for one in rewordings.faults(version, list(TEMPLATE.schema))}
    assert {"numbers-differ", "language-missing"} <= codes
    with pytest.raises(rewordings.WordingRefused) as refused:
        rewordings.check(version, list(TEMPLATE.schema))
    assert len(refused.value.findings) >= 2


def test_braces_that_somebody_typed_are_no_placeholders():
    base = rewordings.special("special-1", Text("特約", "Special"))
    version = rewordings.with_text(base, rewordings.read("{secret}を{に}渡す"), rewordings.read("Hand {secret} over"))
    assert rewordings.faults(version, list(TEMPLATE.schema))


@pytest.mark.parametrize("text", ["あ" * 20_001, "\n".join("項" for _ in range(201))])
def test_a_wording_has_bounds(text):
    with pytest.raises(rewordings.TooLong):
        rewordings.read(text)


def test_numbers_of_all_styles_are_taken_off():
    assert rewordings.read("１　甲は払う。\n２　次の場合\n一　故意\n（2）過失") == [
        ("甲は払う。", []),
        ("次の場合", ["故意", "過失"]),
    ]
    assert rewordings.read("1. The Licensee pays.\n2. Except:\n(a) intent") == [
        ("The Licensee pays.", []), ("Except:", ["intent"]),
    ]  # fmt: skip
    assert rewordings.read("2026年に定める。") == [("2026年に定める。", [])]


def test_clauses_are_reworded_taken_out_and_added_in_an_agreement():
    special = rewordings.with_text(
        rewordings.special("special-1", Text("見学", "Visits")),
        rewordings.read("見学を認める。"),
        rewordings.read("Visits are allowed."),
    )
    wordings = {
        "provenance": {"removed": True},
        "special-1": {"document": clauses.document(special), "after": "warranty"},
    }
    tree = assembly.assemble(*rewordings.overlaid(TEMPLATE, LIBRARY, wordings), VALUES)
    codes = [one.clause for one in tree.articles]
    assert "provenance" not in codes
    assert codes[codes.index("warranty") + 1] == "special-1"
    assert [one.number for one in tree.articles] == list(range(1, len(codes) + 1))


def test_a_negotiated_wording_stands_until_an_amendment_brings_its_clause_up_to_date():
    signed = {"liability": BY_ID["liability"].version}
    wordings = {"liability": {"document": {}}, "special-1": {"document": {}}, "audit": {"removed": True}}
    assert set(rewordings.kept(wordings, LIBRARY, signed)) == set(wordings)
    newer = [replace(one, version=one.version + 1) if one.id == "liability" else one for one in LIBRARY]
    assert set(rewordings.kept(wordings, newer, signed)) == {"special-1", "audit"}


def test_a_clause_that_others_refer_to_cannot_be_taken_out():
    with pytest.raises(assembly.AssemblyRefused):
        assembly.assemble(*rewordings.overlaid(TEMPLATE, LIBRARY, {"confidentiality": {"removed": True}}), VALUES)


@given(st.text(alphabet="直前12か月間の、第5条に従う。{}（1）", max_size=60))
def test_what_was_typed_prints_again_as_it_was_typed(text):
    template, printed = "直前{liability_months}か月間の{ref:prohibited}に従う。", "直前12か月間の第5条に従う。"
    values = {"liability_months": "12"}
    filled = rewordings.with_placeholders(template, printed, text, values)
    assert filled.replace("{liability_months}", "12").replace("{ref:prohibited}", "第5条") == text
