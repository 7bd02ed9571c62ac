"""An assembled agreement as rows to set: one list for the page, the PDF and the word-processor file.

Each row is a chapter, an article's heading, a paragraph or an item, with its number and its text in both languages, and
the key of the place it came from, so that what comes back from the other side can be matched.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from contributions.core.words import Text
from licensing.core.assembly import Article, Tree
from licensing.core.numbering import STATUTE

SIDE, AFTER = "side", "after"
LAYOUTS = {
    SIDE: Text("対訳（左右）", "side by side"),
    AFTER: Text("日本語に続けて英語", "one after the other"),
}
LEAD_MAX = 120  # characters of Japanese
CHAPTER, ARTICLE, PARAGRAPH, ITEM = "chapter", "article", "paragraph", "item"


@dataclass(frozen=True, slots=True)
class Row:
    """One line to set. `key` is clause.paragraph.item, as far as it goes; `opens`: leads into items and stays by them.

    A long paragraph does not: kept together with its first item it would leave half a page open.
    """

    kind: str
    key: str
    number: Text
    text: Text
    opens: bool = False


def rows(tree: Tree) -> tuple[Row, ...]:
    """The whole body in reading order."""
    return tuple(row for article in tree.articles for row in _of(article, tree.numbering))


def heading(article: Article, preset: str) -> Text:
    """An article's heading with its number: 第3条（目的）, Article 3 (Purpose); or 3. Purpose."""
    ja = f"{article.label.ja}（{article.heading.ja}）"
    if preset == STATUTE:
        return Text(ja, f"{article.label.en}. {article.heading.en}")
    return Text(ja, f"{article.label.en} ({article.heading.en})")


def annexes(tree: Tree, particulars: bool) -> dict[str, Text]:
    """What stands behind the signatures, and how it is numbered: prices, particulars of the model, table of changes."""
    present = [("prices", bool(tree.tiers)), ("particulars", particulars), ("changes", bool(tree.changes))]
    names = [name for name, there in present if there]
    return {name: Text(f"別紙{number}", f"Annex {number}") for number, name in enumerate(names, 1)}


def _of(article: Article, preset: str) -> Iterator[Row]:
    if article.chapter is not None:
        yield Row(CHAPTER, "", _NO_NUMBER, article.chapter)
    yield Row(ARTICLE, article.clause, _NO_NUMBER, heading(article, preset))
    for number, paragraph in enumerate(article.paragraphs, 1):
        key = f"{article.clause}.{number}"
        leads = bool(paragraph.items) and len(paragraph.line.text.ja) <= LEAD_MAX
        yield Row(PARAGRAPH, key, paragraph.line.number, paragraph.line.text, leads)
        for item_number, item in enumerate(paragraph.items, 1):
            yield Row(ITEM, f"{key}.{item_number}", item.number, item.text)


_NO_NUMBER = Text("", "")
