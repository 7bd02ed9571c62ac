"""What the papers of a contract's life say: the 覚書 that amends it, and the consolidated text of a day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from contributions.core.errors import Refused
from contributions.core.words import Text
from licensing.core import variables
from licensing.core.amendments import Change
from licensing.core.assembly import Article
from licensing.core.documents import AgreementDocument
from licensing.core.letterhead import ILLUSTRATIVE


class NoTemplate(Refused):
    code = "memorandum-no-template"
    ja = "覚書のひな形「{code}」が承認されていません。条項集で承認してから提示してください。"
    en = (
        "No template “{code}” of a memorandum is approved. Approve one in the clause library, then offer the amendment."
    )


@dataclass(frozen=True, slots=True)
class MemorandumDocument(AgreementDocument):
    """An amendment ready to print and sign: the library's own template, with its table of changes as 別紙."""

    agreement: str = ""

    template = "memorandum.html"

    @property
    def identity(self) -> str:
        """What makes this document this one."""
        return f"amendment {self.number} {self.digest}"

    @property
    def reference(self) -> Text:
        """Its number, as it stands at the head of each page."""
        return Text(f"{self.number}（契約 {self.agreement}）", f"{self.number} (agreement {self.agreement})")

    @property
    def reference_label(self) -> Text:
        """What that number is."""
        return Text("覚書番号", "Number of this Memorandum")


def values(
    *, agreement: str, title: Text, concluded_on: date, effective_from: date, parties: Mapping[str, Any],
    changes: Sequence[Change], articles: Sequence[tuple[Article | None, Article | None]],
) -> dict[str, Any]:  # fmt: skip
    """The variables that the template of a memorandum asks for; `parties` are the agreement's own, by their names."""
    return {
        **{f"{side}{part}": parties[f"{side}{part}"] for side in _SIDES for part in _PARTS},
        "original": agreement,
        "original_title": {"ja": title.ja, "en": title.en},
        "original_date": concluded_on.isoformat(),
        "effective": effective_from.isoformat(),
        "changes": table(changes, articles),
    }


def table(
    changes: Sequence[Change], articles: Sequence[tuple[Article | None, Article | None]]
) -> list[dict[str, dict[str, str]]]:
    """The table of changes (新旧対照表): each changed term, then each article that comes, goes or is reworded."""
    rows = [(change.label, change.before, change.after) for change in changes]
    rows += [(_place(before, after), whole(before), whole(after)) for before, after in articles]
    return [
        {name: {"ja": text.ja, "en": text.en} for name, text in zip(("place", "before", "after"), row, strict=True)}
        for row in rows
        if row[1] != row[2]
    ]


def _place(before: Article | None, after: Article | None) -> Text:
    """Where the change stands, with the number of the article before and, if that moved, after."""
    held = [article for article in (before, after) if article is not None]
    labels = list(dict.fromkeys(article.label for article in held))
    ja, en = "→".join(label.ja for label in labels), " → ".join(label.en for label in labels)
    heading, note = held[-1].heading, _NOTES[(before is not None, after is not None)]
    return Text(f"{ja}（{heading.ja}）{note.ja}", f"{en} ({heading.en}){note.en}")


def whole(article: Article | None) -> Text:
    """An article's text, a line for each paragraph and item; nothing where there is none."""
    if article is None:
        return Text("", "")
    lines = [line for paragraph in article.paragraphs for line in (paragraph.line, *paragraph.items)]
    return Text(
        "\n".join(f"{line.number.ja}　{line.text.ja}".strip("　") for line in lines),
        "\n".join(f"{line.number.en} {line.text.en}".strip() for line in lines),
    )


@dataclass(frozen=True, slots=True)
class ConsolidatedDocument(AgreementDocument):
    """The text in force on a day, for reading: it is not signed, and says so on every page."""

    as_of: date = date.min
    sources: tuple[str, ...] = ()

    template = "consolidation.html"

    @property
    def title(self) -> Text:
        """The contract's title, marked as a consolidation."""
        return Text(f"{self.tree.title.ja}（統合版）", f"{self.tree.title.en} (consolidation)")

    @property
    def identity(self) -> str:
        """What makes this document this one."""
        return f"consolidation {self.number} {self.as_of.isoformat()} {self.digest}"

    @property
    def marks(self) -> str:
        """What must stand on every page: that it is a consolidation, and that a demo is one."""
        return "　".join([CONSOLIDATION.ja] + [ILLUSTRATIVE.ja] * self.demo)

    @property
    def notice(self) -> Text:
        """What the reader holds."""
        day = variables.day(self.as_of)
        names = "、".join(self.sources)
        english = ", ".join(self.sources)
        worked_in = f"原契約に変更契約（{names}）を織り込んだ" if names else "原契約の"
        return Text(
            f"この文書は、{worked_in}{day.ja}現在の統合版であり、参考のために作成したものです。"
            "効力を有するのは、署名済みの原契約及び変更契約です。",
            f"This is the text as of {day.en}, with {english or 'no amendment'} worked into the original agreement,"
            " made for reading. What binds is the signed agreement and the signed amendments.",
        )


_SIDES, _PARTS = ("licensor", "licensee"), ("", "_address", "_signatory")
_NOTES = {
    (True, True): Text("", ""),
    (True, False): Text("（削除）", ", deleted"),
    (False, True): Text("（新設）", ", added"),
}
CONSOLIDATION = Text("統合版・参考（署名なし）", "Consolidation for reading, not signed")
