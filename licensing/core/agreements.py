"""Licence agreements: proved equal in both languages and in money, bound to data, and moved from draft to execution.

`prove_equal` takes an assembled tree as a sceptical reader would: every figure printed in Japanese must be printed in
English, be the one in the JSON, and be the one the rating engine uses. Nothing is offered before it passes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass

from contributions.core import canonical, money
from contributions.core.errors import Refused
from contributions.core.words import Text
from licensing.core import assembly, clauses, numbering, prices, readings, tariffs, variables
from licensing.core.assembly import (
    Article,
    AssemblyRefused,
    Line,
    Placed,
    Referred,
    Template,
    Tree,
    assemble,
    template,
)
from licensing.core.clauses import ClauseVersion
from licensing.core.numbering import Place
from licensing.core.variables import Schema

__all__ = [
    "AssemblyRefused",
    "Template",
    "Tree",
    "assemble",
    "digest",
    "embedded",
    "prove_equal",
    "step",
    "template",
    "verbs",
]

STATES = {
    "drafted": Text("起案", "drafted"),
    "approved": Text("承認済み", "approved"),
    "offered": Text("提示済み", "offered"),
    "signed": Text("許諾者署名済み", "signed by the licensor"),
    "executed": Text("締結済み", "executed"),
    "declined": Text("辞退", "declined"),
    "withdrawn": Text("取下げ", "withdrawn"),
    "suspended": Text("利用停止中", "suspended"),
    "terminated": Text("契約終了", "terminated"),
    "expired": Text("期間満了", "expired"),
}
VERBS = {
    "approve": Text("承認", "approve"),
    "send_back": Text("差戻し", "send back"),
    "offer": Text("提示", "offer"),
    "sign": Text("署名", "sign"),
    "countersign": Text("利用者の署名", "countersign"),
    "decline": Text("辞退", "decline"),
    "withdraw": Text("取下げ", "withdraw"),
    "suspend": Text("利用の停止", "suspend"),
    "reinstate": Text("利用停止の解除", "reinstate"),
    "end": Text("終了", "end"),
    "expire": Text("期間満了", "expire"),
}
_STEPS = {
    ("drafted", "approve"): "approved",
    ("drafted", "withdraw"): "withdrawn",
    ("approved", "send_back"): "drafted",
    ("approved", "offer"): "offered",
    ("approved", "withdraw"): "withdrawn",
    ("offered", "sign"): "signed",
    ("offered", "decline"): "declined",
    ("offered", "withdraw"): "withdrawn",
    ("signed", "countersign"): "executed",
    ("signed", "decline"): "declined",
    ("signed", "withdraw"): "withdrawn",
    ("executed", "suspend"): "suspended",
    ("suspended", "reinstate"): "executed",
    ("executed", "end"): "terminated",
    ("suspended", "end"): "terminated",
    ("executed", "expire"): "expired",
    ("suspended", "expire"): "expired",
}
_FINAL = {"declined", "withdrawn", "terminated", "expired"}


class StepRefused(Refused):
    code = "agreement-step-refused"
    ja = "状態「{state}」の契約に「{verb}」はできません。{reason}"
    en = "An agreement that is {state} cannot take the step “{verb}”. {reason}"


class ReasonNeeded(Refused):
    code = "reason-needed"
    ja = "相手方と社内に示す理由を記載してください。"
    en = "State the reason: the other side and your own will read it."


class Unequal(Refused):
    code = "figures-unequal"
    ja = "{place}の数値「{figure}」が一致しません。{reason}"
    en = "The figure “{figure}” in {place} does not agree. {reason}"


@dataclass(frozen=True, slots=True)
class Proof:
    """One figure shown to be the same everywhere."""

    place: Text
    variable: str
    printed: Text
    value: str


def step(state: str, verb: str) -> str:
    """The state after a verb, or a refusal with the reason.

    >>> step("offered", "sign")
    'signed'
    """
    after = _STEPS.get((state, verb))
    if after is None:
        raise StepRefused(state=STATES[state], verb=VERBS[verb], reason=_why_not(state, verb))
    return after


def check_reason(reason: str) -> str:
    """The reason for turning an agreement down, without surrounding space; it must say something."""
    if not reason.strip():
        raise ReasonNeeded
    return reason.strip()


def verbs(state: str) -> tuple[str, ...]:
    """What can be done with an agreement in that state."""
    return tuple(verb for before, verb in _STEPS if before == state)


def prove_equal(
    tree: Tree, source: Template, document: Mapping[str, object], rate: Mapping[str, object]
) -> tuple[Proof, ...]:
    """Prove Japanese = English = JSON = rating engine for every figure, or refuse naming clause and figure.

    `document` is the variables' JSON as embedded, `rate` the terms the rating engine will rate by. Prints are read back
    by code that did not print them; so are cross references, which must lead to one article in both languages. Returned
    are the lines of the proof, for the page and the audit.
    """
    document = variables.filled(source.schema, document)
    proofs: list[Proof] = []
    for place, line in assembly.lines(tree):
        for referred in line.references:
            _same_place(place, line, referred, tree)
        _same_in_both(place, line)
        proofs += [_proved(place, line, placed, source.schema, document) for placed in line.placed]
    names = [name for name, variable in source.schema.items() if variable.kind == "terms"]
    proofs += [proof for name in names for proof in _prove_tiers(tree, document[name], rate, name)]
    if names:
        _prove_minimum(source.schema, document, rate)
    return tuple(proofs)


def embedded(
    number: str,
    revision: int,
    source: Template,
    library: Sequence[ClauseVersion],
    tree: Tree,
    document: Mapping[str, object],
    schedule: str,
) -> dict[str, object]:
    """agreement.json: the contract as data, with the digests that bind it to its wording.

    Its canonical bytes' SHA-256 is what stands on every page.
    """
    used = {(article.clause, article.version) for article in tree.articles}
    return {
        "v": 1,
        "kind": "agreement",
        "number": number,
        "revision": revision,
        "template": {"id": source.id, "version": source.version},
        "clauses": [
            {"id": clause.id, "version": clause.version, "sha256": _digest(clauses.document(clause))}
            for clause in library
            if (clause.id, clause.version) in used
        ],
        "schedule": schedule,
        "variables": variables.filled(source.schema, document),
        "text_sha256": _digest([[line.text.ja, line.text.en] for _, line in assembly.lines(tree)]),
    }


def digest(document: Mapping[str, object]) -> str:
    """SHA-256 of the canonical bytes of agreement.json, in hex."""
    return _digest(document)


def _same_place(place: Text, line: Line, referred: Referred, tree: Tree) -> None:
    """A reference as a reader follows it: it stands in the text, and leads to the same place in both languages."""
    articles = {article.number: article for article in tree.articles}
    own = next((number for number, article in articles.items() if line in _lines_of(article)), None)
    for language in ("ja", "en"):
        text = referred.printed.of(language)
        read = numbering.read_reference(text, language)
        if text not in line.text.of(language) or read is None:
            raise Unequal(place=place, figure=text, reason=_NOT_PRINTED)
        if (read.article or own, read.paragraph, read.item) != astuple(referred.place):
            raise Unequal(place=place, figure=text, reason=_LEADS_ELSEWHERE)
    target = articles.get(referred.place.article or 0)
    if target is None or not _reaches(target, referred.place):
        raise Unequal(place=place, figure=referred.printed.ja, reason=_LEADS_ELSEWHERE)


def _lines_of(article: Article) -> list[Line]:
    return [line for paragraph in article.paragraphs for line in (paragraph.line, *paragraph.items)]


def _reaches(article: Article, place: Place) -> bool:
    number = place.paragraph or 1
    if number > len(article.paragraphs):
        return False
    return (place.item or 0) <= len(article.paragraphs[number - 1].items)


def _same_in_both(place: Text, line: Line) -> None:
    japanese, english = (clauses.figures(_without_references(line, language)) for language in ("ja", "en"))
    for figure in sorted((japanese - english) + (english - japanese)):
        raise Unequal(place=place, figure=figure, reason=_LANGUAGES)


def _without_references(line: Line, language: str) -> str:
    """The text less its cross references, which each language numbers in its own way; the longest go first."""
    text = line.text.of(language)
    for words in sorted((one.printed.of(language) for one in line.references), key=len, reverse=True):
        text = text.replace(words, " ")
    return text


def _proved(place: Text, line: Line, placed: Placed, known: Schema, document: Mapping[str, object]) -> Proof:
    variable, stated = known[placed.variable], document[placed.variable]
    for language in ("ja", "en"):
        text = placed.printed.of(language)
        if text not in line.text.of(language):
            raise Unequal(place=place, figure=text, reason=_NOT_PRINTED)
        read = readings.read_back(variable.kind, text, language)
        if read is not None and not _equal(read, stated):
            raise Unequal(place=place, figure=text, reason=_against(str(stated)))
    if (
        variables.printed(variable, variables.values({variable.name: variable}, {variable.name: stated})[variable.name])
        != placed.printed
    ):
        raise Unequal(place=place, figure=placed.printed.ja, reason=_against(str(stated)))
    return Proof(place, placed.variable, placed.printed, str(stated))


def _prove_tiers(tree: Tree, stated: object, rate: Mapping[str, object], name: str) -> list[Proof]:
    contract, rated = tariffs.tariff(stated), tariffs.tariff(rate)
    for figure, stated_value, rated_value in (
        ("unit", contract.unit, rated.unit),
        ("mode", contract.mode, rated.mode),
        ("minimum", str(contract.minimum), str(rated.minimum)),
    ):
        if stated_value != rated_value:
            raise Unequal(place=_ANNEX, figure=f"{figure} {stated_value}", reason=_against(rated_value))
    if len(tree.tiers) != len(contract.tiers) or len(tree.tiers) != len(rated.tiers):
        raise Unequal(place=_ANNEX, figure=len(tree.tiers), reason=_against(f"{len(rated.tiers)}"))
    if not isinstance(stated, Mapping) or tree.conditions != tariffs.conditions(stated):
        raise Unequal(place=_ANNEX, figure="", reason=_CONDITIONS)
    if tariffs.conditions(stated) != tariffs.conditions(rate):
        raise Unequal(place=_ANNEX, figure="", reason=_CONDITIONS)
    proofs = _prove_conditions(tree, rate, name)
    for row, ours, theirs in zip(tree.tiers, contract.tiers, rated.tiers, strict=True):
        for language in ("ja", "en"):
            read = tariffs.read_row(contract, row, language)
            if read != (ours.start, ours.until, ours.price) or ours != theirs:
                figure = f"{row.range.of(language)} {row.price.of(language)}"
                raise Unequal(place=_ANNEX, figure=figure, reason=_against(_tier_text(theirs)))
        printed = Text(f"{row.range.ja} {row.price.ja}", f"{row.range.en} {row.price.en}")
        proofs.append(Proof(_ANNEX, name, printed, _tier_text(theirs)))
    return proofs


def _prove_conditions(tree: Tree, rate: Mapping[str, object], name: str) -> list[Proof]:
    """Region rates, standard prices, caps and the like: read from both prints, and held as the engine rates by them."""
    held = prices.beside_tiers(prices.read(rate))
    if len(tree.conditions) != len(held):
        raise Unequal(place=_ANNEX, figure=len(tree.conditions), reason=_against(f"{len(held)}"))
    proofs = []
    for row, value in zip(tree.conditions, held, strict=True):
        for language in ("ja", "en"):
            if tariffs.read_condition(row, language) != value:
                figure = f"{row.range.of(language)} {row.price.of(language)}"
                raise Unequal(place=_ANNEX, figure=figure, reason=_against("–" if value is None else str(value)))
        if value is not None:
            printed = Text(f"{row.range.ja} {row.price.ja}", f"{row.range.en} {row.price.en}")
            proofs.append(Proof(_ANNEX, name, printed, str(value)))
    return proofs


def _prove_minimum(known: Schema, document: Mapping[str, object], rate: Mapping[str, object]) -> None:
    rated = tariffs.tariff(rate).minimum
    if "minimum" in known and str(document.get("minimum", "0")) != str(rated):
        raise Unequal(place=_MINIMUM, figure=document.get("minimum", "0"), reason=_against(str(rated)))


def _tier_text(tier: tariffs.Tier) -> str:
    return f"[{tier.start}, {'∞' if tier.until is None else tier.until}) × {tier.price}"


def _equal(read: object, stated: object) -> bool:
    if isinstance(read, str) and isinstance(stated, str) and "/" in read + stated:
        return money.fraction(read) == money.fraction(stated)
    return read == stated


def _digest(value: object) -> str:
    return canonical.sha256_hex(canonical.dumps(value))


def _why_not(state: str, verb: str) -> Text:
    if state in _FINAL:
        return Text("手続は終わっています。", "The procedure has ended.")
    before = [STATES[source] for source, step_verb in _STEPS if step_verb == verb]
    ja, en = "、".join(text.ja for text in before), " or ".join(text.en for text in before)
    return Text(f"この操作ができるのは「{ja}」の契約です。", f"Only an agreement that is {en} can.")


def _against(value: str) -> Text:
    return Text(f"正は「{value}」です。", f"It should be “{value}”.")


_ANNEX = Text("別紙1（料金）", "Annex 1 (Prices)")
_MINIMUM = Text("最低利用料", "the minimum fee")
_CONDITIONS = Text("段階以外の料金条件が一致しません。", "Price terms other than the tiers do not agree.")
_LEADS_ELSEWHERE = Text(
    "両言語の参照先が同じ条項に至りません。", "The reference does not lead to the same place in both languages."
)
_LANGUAGES = Text("日本語と英語で数が異なります。", "Japanese and English differ.")
_NOT_PRINTED = Text("変数の値が本文にありません。", "The variable's value does not stand in the text.")
