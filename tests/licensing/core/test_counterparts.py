"""A counterpart's file finds its clauses again: by marks, by headings whose numbers moved, by likeness."""

import json
from pathlib import Path

from contributions.core.words import Text
from licensing.core import counterparts
from licensing.core.counterparts import Given
from licensing.core.redlines import Row, Section

LIBRARY = json.loads((Path(__file__).parents[3] / "demo" / "clauses.json").read_text(encoding="utf-8"))["clauses"]


def contract() -> list[Section]:
    """One clause of each family, as a contract holds them."""
    found = []
    for n, row in enumerate({row["family"]: row for row in reversed(LIBRARY)}.values(), 1):
        rows = []
        for m, one in enumerate(row["paragraphs"], 1):
            rows.append(Row(Text(str(m), f"{m}."), Text(one["ja"], one["en"])))
            rows += [Row(Text(f"（{k}）", f"({k})"), Text(i["ja"], i["en"])) for k, i in enumerate(one["items"], 1)]
        heading = Text(row["heading"]["ja"], row["heading"]["en"])
        found.append(Section(row["id"], Text(f"第{n}条", f"Article {n}"), heading, tuple(rows)))
    return found


SECTIONS = contract()
BY_KEY = {one.key: one for one in SECTIONS}


def printed(section: Section, number: int | None = None) -> list[Given]:
    label = section.label if number is None else Text(f"第{number}条", f"Article {number}")
    lines = [f"{label.ja}（{section.heading.ja}）", *(f"{row.number.ja}　{row.text.ja}" for row in section.rows)]
    lines += [f"{label.en} ({section.heading.en})", *(f"{row.number.en} {row.text.en}" for row in section.rows)]
    return [Given(line) for line in lines]


def match(given: list[Given], marks=None) -> counterparts.Matching:
    return counterparts.match(SECTIONS, marks or {}, given)


def test_an_unchanged_file_finds_every_clause_and_leaves_nothing_over():
    matching = match([line for section in SECTIONS for line in printed(section)])
    assert (matching.unmatched, matching.missing) == ([], [])
    assert [one.section.key for one in matching.found] == [section.key for section in SECTIONS]
    audit = next(one for one in matching.found if one.section.key == "audit")
    assert audit.ja.splitlines()[1].startswith("2　許諾者は")


def test_a_clause_is_known_by_its_heading_although_its_number_moved():
    given = [line for n, section in enumerate(SECTIONS[5:], 1) for line in printed(section, n)]
    matching = match(given)
    assert [one.section.key for one in matching.found] == [section.key for section in SECTIONS[5:]]
    assert [section.key for section in matching.missing] == [section.key for section in SECTIONS[:5]]


def test_a_mark_tells_more_than_a_heading():
    marks = {"m_audit_ja_0": ("audit", "ja")}
    matching = match([Given("第99条（全く別の見出し）"), Given("帳簿は十年間保存する。", ("m_audit_ja_0",))], marks)
    (audit,) = matching.found
    assert (audit.section.key, audit.ja) == ("audit", "帳簿は十年間保存する。")


def test_a_new_clause_is_shown_and_never_taken_for_another():
    new = [Given("第31条（工場見学）"), Given("利用者は、年一回、計算施設を見学できる。")]
    matching = match([*printed(SECTIONS[0]), *new, *printed(SECTIONS[1])])
    assert matching.unmatched == ["第31条（工場見学）", "利用者は、年一回、計算施設を見学できる。"]
    assert [one.section.key for one in matching.found] == [SECTIONS[0].key, SECTIONS[1].key]


def test_text_without_a_heading_goes_where_it_is_likest():
    row = BY_KEY["warranty"].rows[-1]
    matching = match([Given(row.text.ja.replace("自ら評価し", "自らの責任で評価し")), Given("本日は晴天なり。")])
    assert [one.section.key for one in matching.found] == ["warranty"]
    assert matching.unmatched == ["本日は晴天なり。"]


def test_items_that_a_word_processor_numbered_by_itself_get_their_numbers_back():
    section = BY_KEY["liability"]
    bare = [Given(f"{section.label.ja}（{section.heading.ja}）"), *(Given(row.text.ja) for row in section.rows)]
    (found,) = match(bare).found
    assert found.ja.splitlines()[2].startswith("（1）　故意")


def test_both_languages_are_told_apart_and_an_added_paragraph_stays_in_its_clause():
    section = BY_KEY["notice"]
    given = printed(section)
    given.insert(3, Given("3　電子メールによる通知も有効とする。"))
    (found,) = match(given).found
    assert "電子メール" in found.ja and "電子メール" not in found.en
