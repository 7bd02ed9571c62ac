"""Rows to set: every line of the tree once, with its place, and annexes numbered as they come."""

from __future__ import annotations

import documents

from licensing.core import agreements, assembly, layouts


def tree(**changes):
    return agreements.assemble(documents.TEMPLATE, documents.CLAUSES, documents.VARIABLES | changes)


def test_the_rows_say_what_the_tree_says_in_the_same_order():
    sample = tree()
    said = [line.text.ja for _place, line in assembly.lines(sample)][1 + len(sample.terms) :]
    rows = [row for row in layouts.rows(sample) if row.kind != layouts.CHAPTER]
    headings = [article.heading.ja for article in sample.articles]
    below = [row.text.ja for row in rows if row.kind != layouts.ARTICLE]
    assert below == [text for text in said if text not in headings]
    assert len({row.key for row in rows}) == len(rows)


def test_a_heading_reads_as_its_style_has_it():
    assert layouts.heading(tree().articles[1], "house").en == "Article 2 (Grant and field of use)"
    assert layouts.heading(tree(numbering="statute").articles[1], "statute") == layouts.Text(
        "第二条（許諾及び利用分野）", "2. Grant and field of use"
    )


def test_annexes_are_numbered_as_they_come():
    assert layouts.annexes(tree(), particulars=True)["particulars"].ja == "別紙2"
    assert set(layouts.annexes(tree(), particulars=False)) == {"prices"}
