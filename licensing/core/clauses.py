"""The clause library: approved wording, in Japanese and English at once, and what makes a clause fit to publish.

A clause is one 条: a heading, paragraphs (項) and items (号), each in both languages. Its text may hold two kinds of
placeholder and nothing else: `{minimum}` prints an agreement variable, `{ref:audit.2}` prints a cross reference
(項 2 of the clause `audit`; `{ref:audit.2.1}` its 号 1). A reference names a clause id or a family, so that the
alternatives of a family can replace one another. No number is ever written for a 条, and nothing is executed.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from contributions.core.errors import Finding, Refused
from contributions.core.words import Text
from licensing.core import conditions, durations

PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
_NAME = re.compile(r"[a-z][a-z0-9_]*")
_REFERENCE = re.compile(r"ref:([a-z][a-z0-9-]*)(?:\.([1-9][0-9]*))?(?:\.([1-9][0-9]*))?")
_CLAUSE_ID = re.compile(r"[a-z][a-z0-9-]*")
MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_MONTH_EN = re.compile(r"\b(" + "|".join(MONTHS) + r")\b")
_FIGURE = re.compile(r"[0-9]+(?:,[0-9]{3})*(?:\.[0-9]+)?")

# The fallback ladder of a clause: its own wording first, then its alternatives.
PREFERRED, ACCEPTABLE, APPROVAL, FORBIDDEN = "preferred", "acceptable", "approval", "forbidden"
RANKS = {
    PREFERRED: Text("標準", "preferred"),
    ACCEPTABLE: Text("許容", "acceptable"),
    APPROVAL: Text("要承認", "needs approval"),
    FORBIDDEN: Text("使用禁止", "forbidden"),
}

# Families of clauses, as Japanese practice divides a licence agreement; a family not listed is called by its code.
FAMILIES = {
    "purpose": Text("目的", "purpose"),
    "definitions": Text("定義", "definitions"),
    "grant": Text("許諾・許諾分野", "grant and field of use"),
    "delivery": Text("提供・検収", "delivery and acceptance"),
    "ownership": Text("権利帰属・利用条件", "ownership and conditions of use"),
    "prohibited": Text("禁止事項", "prohibited acts"),
    "outputs": Text("AI生成物", "outputs"),
    "licensee-data": Text("利用者データ", "licensee data"),
    "fees": Text("利用料", "fees"),
    "mfn": Text("最恵待遇", "most favoured licensee"),
    "reporting": Text("報告", "reporting"),
    "payment": Text("支払・遅延損害金", "payment and late interest"),
    "taxes": Text("公租公課・源泉徴収", "taxes and withholding"),
    "audit": Text("帳簿・利用料監査", "records and royalty audit"),
    "provenance": Text("来歴・権利の検証", "provenance and verification"),
    "derivatives": Text("追加学習・派生モデル", "further training and derivatives"),
    "derivative-royalty": Text("派生モデルの対価", "revenue of derivatives"),
    "price-ratchet": Text("更新時の値上げの上限", "cap on rises at renewal"),
    "convenience": Text("任意解約", "termination for convenience"),
    "improvements": Text("改良成果", "improvements"),
    "confidentiality": Text("秘密保持・限定提供データ", "confidentiality and limited-access data"),
    "residency": Text("データ・推論の所在", "residency of data and inference"),
    "export": Text("輸出管理", "export control"),
    "antisocial": Text("反社会的勢力の排除", "anti-social forces"),
    "warranty": Text("保証", "warranty"),
    "claims": Text("第三者からの請求", "third-party claims"),
    "liability": Text("責任の制限", "limitation of liability"),
    "term": Text("期間・更新", "term and renewal"),
    "step-up": Text("利用許諾への移行", "step-up to the full licence"),
    "termination": Text("解除・解約", "termination"),
    "control": Text("支配の変更", "change of control"),
    "after": Text("終了後の措置", "after termination"),
    "survival": Text("存続条項", "survival"),
    "assignment": Text("譲渡禁止", "assignment"),
    "notice": Text("通知", "notices"),
    "good-faith": Text("誠実協議", "good-faith consultation"),
    "law": Text("準拠法・紛争解決", "governing law and disputes"),
    "amendment": Text("原契約の変更", "changes to an agreement"),
    "entire": Text("完全合意・変更", "entire agreement and changes"),
    "language": Text("正文", "governing language"),
    "originals": Text("原本・電子署名", "originals and electronic signature"),
}


class ClauseRefused(Refused):
    code = "clause-refused"
    ja = "条項「{clause}」は公開できません。{reason}"
    en = "The clause “{clause}” cannot be published. {reason}"


@dataclass(frozen=True, slots=True)
class Reference:
    """A cross reference as written: the clause or family, and perhaps its paragraph and item."""

    clause: str
    paragraph: int | None = None
    item: int | None = None


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One 項 with its 号."""

    text: Text
    items: tuple[Text, ...] = ()


@dataclass(frozen=True, slots=True)
class ClauseVersion:
    """One approved wording of a clause; a change of a single character is another version."""

    id: str
    family: str
    version: int
    heading: Text
    paragraphs: tuple[Paragraph, ...]
    variables: frozenset[str]
    condition: str | None = None
    effective: date | None = None
    of: str | None = None
    rank: str = PREFERRED

    def texts(self) -> Iterator[tuple[str, Text]]:
        """Each text with the place it stands: heading, 2 (項), 2.1 (号)."""
        yield "heading", self.heading
        for number, paragraph in enumerate(self.paragraphs, 1):
            yield str(number), paragraph.text
            for item_number, item in enumerate(paragraph.items, 1):
                yield f"{number}.{item_number}", item

    def references(self) -> frozenset[Reference]:
        """Every cross reference of the clause."""
        found = (name for _, text in self.texts() for name in placeholders(text.ja) if _REFERENCE.fullmatch(name))
        return frozenset(reference(name) for name in found)


def clause(document: Mapping[str, object]) -> ClauseVersion:
    """Read one clause of a library document; a shape that is not a clause is refused with its name."""
    name = str(document.get("id", "?"))
    try:
        return ClauseVersion(
            id=_identifier(document["id"]),
            family=_identifier(document["family"]),
            version=_integer(document["version"]),
            heading=_both(document["heading"]),
            paragraphs=tuple(_paragraph(row) for row in _rows(document["paragraphs"])),
            variables=frozenset(str(row) for row in _list(document.get("variables", []))),
            condition=_condition(document.get("condition")),
            effective=_day(document.get("from")),
            of=_identifier(document["of"]) if document.get("of") else None,
            rank=_rank(document.get("rank"), document.get("of")),
        )
    except (KeyError, TypeError, ValueError) as error:
        reason = Text(f"形が条項ではありません（{error}）。", f"It does not have the shape of a clause ({error}).")
        raise ClauseRefused(clause=name, reason=reason) from error


def document(version: ClauseVersion) -> dict[str, object]:
    """The clause's wording as canonical JSON takes it, whose digest names it; `clause` reads it back.

    Where the clause stands on a fallback ladder is the licensor's own affair and no part of the wording.
    """
    return {
        "id": version.id,
        "family": version.family,
        "version": version.version,
        "heading": _pair(version.heading),
        "paragraphs": [
            {**_pair(paragraph.text), "items": [_pair(item) for item in paragraph.items]}
            for paragraph in version.paragraphs
        ],
        "variables": sorted(version.variables),
        "condition": version.condition,
        "from": version.effective.isoformat() if version.effective else None,
    }


def placeholders(text: str) -> list[str]:
    """The names between braces, in order.

    >>> placeholders("年額{minimum}とし、{ref:payment.2}に従う。")
    ['minimum', 'ref:payment.2']
    """
    return PLACEHOLDER.findall(text)


def reference(name: str) -> Reference:
    """Read a `ref:` placeholder.

    >>> reference("ref:audit.2.1")
    Reference(clause='audit', paragraph=2, item=1)
    """
    match = _REFERENCE.fullmatch(name)
    if match is None:
        reason = Text(f"参照「{name}」が読めません。", f"The reference “{name}” cannot be read.")
        raise ClauseRefused(clause=name, reason=reason)
    clause_id, paragraph, item = match.groups()
    return Reference(clause_id, int(paragraph) if paragraph else None, int(item) if item else None)


def figures(text: str) -> Counter[str]:
    """The numbers a reader sees, months by name counted as numbers, so that languages can be compared.

    Kanji numerals (第三者, 一部) and number words are words, not figures: amounts are always written in digits.

    >>> figures("2026年12月1日に6,000,000円") == figures("JPY 6,000,000 on 1 December 2026")
    True
    """
    plain = PLACEHOLDER.sub(" ", unicodedata.normalize("NFKC", text))
    plain = _MONTH_EN.sub(lambda match: f" {MONTHS.index(match[1]) + 1} ", plain)
    return Counter(_plain_number(figure) for figure in _FIGURE.findall(plain))


def faults(version: ClauseVersion, known: Iterable[str]) -> list[Finding]:
    """Everything that keeps this clause from being published, all at once.

    Checked: both languages present; well-formed placeholders; the same variables, references and figures in both
    languages; variables declared, used, and known to the schema; a condition within the grammar over known variables.
    """
    allowed = frozenset(known)
    found = [fault for place, text in version.texts() for fault in text_faults(place, text)]
    if not version.paragraphs:
        found.append(Finding(None, version.id, "no-text", "本文がありません。", "It has no text."))
    used = _used(version)
    for name in sorted((used | version.variables | _asked(version)) - allowed):
        ja, en = f"変数「{name}」は定義されていません。", f"The variable “{name}” is not defined."
        found.append(Finding(None, version.id, "unknown-variable", ja, en))
    for name in sorted(used ^ version.variables):
        ja = f"変数「{name}」の宣言と使用が一致しません。"
        found.append(
            Finding(
                None, version.id, "undeclared", ja, f"The variable “{name}” is declared but unused, or the reverse."
            )
        )
    return found


def targets_of(wanted: Reference, versions: Sequence[ClauseVersion]) -> list[ClauseVersion]:
    """The clauses a reference can mean: the one of that id or an alternative of it, else those of that family."""
    by_id = [version for version in versions if wanted.clause in (version.id, version.of)]
    return by_id or [version for version in versions if version.family == wanted.clause]


def is_reference(name: str) -> bool:
    """Whether a placeholder is a cross reference."""
    return _REFERENCE.fullmatch(name) is not None


def reaches(wanted: Reference, target: ClauseVersion) -> bool:
    """Whether the paragraph and item of a reference exist in that clause."""
    if wanted.paragraph is None:
        return True
    if wanted.paragraph > len(target.paragraphs):
        return False
    return wanted.item is None or wanted.item <= len(target.paragraphs[wanted.paragraph - 1].items)


def text_faults(place: str, text: Text) -> Iterator[Finding]:
    """What keeps one text from being published: a language missing, a bad placeholder, unequal variables or figures."""
    if not text.ja.strip() or not text.en.strip():
        yield Finding(
            None,
            place,
            "language-missing",
            f"{place}：一方の言語の文がありません。",
            f"{place}: one language is missing.",
        )
        return
    for name in {*placeholders(text.ja), *placeholders(text.en)}:
        if not (_NAME.fullmatch(name) or _REFERENCE.fullmatch(name)):
            ja, en = f"{place}：「{{{{{name}}}}}」が読めません。", f"{place}: “{{{{{name}}}}}” cannot be read."
            yield Finding(None, place, "placeholder", ja, en)
    if any("{" in rest or "}" in rest for rest in (PLACEHOLDER.sub("", text.ja), PLACEHOLDER.sub("", text.en))):
        yield Finding(
            None, place, "placeholder", f"{place}：括弧が対になっていません。", f"{place}: a brace is not closed."
        )
    differing = set(placeholders(text.ja)) ^ set(placeholders(text.en))
    for name in sorted(differing):
        ja = f"{place}：「{name}」が一方の言語にしかありません。"
        yield Finding(None, place, "variables-differ", ja, f"{place}: “{name}” stands in one language only.")
    japanese, english = figures(text.ja), figures(text.en)
    for figure in sorted((japanese - english) + (english - japanese)):
        ja = f"{place}：数「{figure}」が両言語で一致しません。"
        yield Finding(
            None, place, "numbers-differ", ja, f"{place}: the number “{figure}” differs between the languages."
        )
    for figure, (counted, in_english) in durations.differing(text).items():
        figure = figure.strip("{}")
        ja = f"{place}：「{figure}」の単位が両言語で異なります（{counted}／{in_english}）。"
        en = f"{place}: “{figure}” counts {counted} in Japanese and {in_english}s in English."
        yield Finding(None, place, "units-differ", ja, en)


def _used(version: ClauseVersion) -> frozenset[str]:
    names = (name for _, text in version.texts() for name in placeholders(text.ja) + placeholders(text.en))
    return frozenset(name for name in names if not name.startswith("ref:"))


def _asked(version: ClauseVersion) -> frozenset[str]:
    return conditions.names(version.condition) if version.condition is not None else frozenset()


def _plain_number(figure: str) -> str:
    whole, _, decimals = figure.replace(",", "").partition(".")
    decimals = decimals.rstrip("0")
    return f"{int(whole)}.{decimals}" if decimals else str(int(whole))


def _paragraph(row: Mapping[str, object]) -> Paragraph:
    return Paragraph(_both(row), tuple(_both(item) for item in _rows(row.get("items", []))))


def _both(value: object) -> Text:
    if not isinstance(value, Mapping):
        raise TypeError("ja, en")
    return Text(str(value.get("ja", "")), str(value.get("en", "")))


def _pair(text: Text) -> dict[str, object]:
    return {"ja": text.ja, "en": text.en}


def _list(value: object) -> list[object]:
    if not isinstance(value, list):
        raise TypeError("list")
    return value


def _rows(value: object) -> list[Mapping[str, object]]:
    rows = _list(value)
    if not all(isinstance(row, Mapping) for row in rows):
        raise TypeError("object")
    return [row for row in rows if isinstance(row, Mapping)]


def _identifier(value: object) -> str:
    if not isinstance(value, str) or not _CLAUSE_ID.fullmatch(value):
        raise ValueError(f"id {value!r}")
    return value


def _integer(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        raise ValueError(f"version {value!r}")
    return value


def _condition(value: object) -> str | None:
    if value is None:
        return None
    conditions.parse(str(value))
    return str(value)


def _rank(value: object, base: object) -> str:
    rank = str(value) if value else (PREFERRED if base is None else ACCEPTABLE)
    if rank not in RANKS or (rank == PREFERRED) is not (not base):
        raise ValueError(f"rank {rank!r}")
    return rank


def _day(value: object) -> date | None:
    return None if value is None else date.fromisoformat(str(value))
