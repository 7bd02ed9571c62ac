"""Contradictory conditions: what no agreement could ever meet, and what some agreement would meet twice or not at all.

A template's conditions are decided for every combination of values that could make a difference. A condition only
compares variables with literals, so the literals themselves, their neighbours, and one value beside them stand for all
others: `minimum > 0` is decided at 0 and 1, `regions == ['JP']` at the sets that can be made of JP and one other code.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import chain, combinations, product
from math import prod

from contributions.core.errors import Finding
from contributions.core.words import Text
from licensing.core import clauses, conditions
from licensing.core.clauses import ClauseVersion
from licensing.core.regions import REGIONS
from licensing.core.templates import Entry, Template
from licensing.core.variables import Schema, Variable

LANGUAGE = "language"
COMBINATIONS_MAX = 20_000
_MEMBERS_MAX = 8
_STEPS = (Fraction(-1, 2), Fraction(0), Fraction(1, 2), Fraction(1))


@dataclass(frozen=True, slots=True)
class Stated:
    """A clause in its place, with everything that must hold for it to stand there."""

    version: ClauseVersion
    conditions: tuple[str, ...]


def faults(source: Template, library: Sequence[ClauseVersion]) -> list[tuple[str, Finding]]:
    """Every contradiction of a template, each with the clause it is about.

    Found are: a clause that is not in the library, or stands twice; a condition over a variable that may be absent; a
    clause whose condition no agreement can meet, or that gives neither true nor false; two clauses of one family that
    can apply at once; a reference that in some agreement would lead nowhere; a variable that the template lacks.
    """
    stated, found = _stated(source, library)
    rungs = [_instead(one, rung) for one in stated for rung in library if _stands_in(rung, one.version)]
    found += [(source.id, fault) for fault in _front(source)]
    found += [(one.version.id, fault) for one in (*stated, *rungs) for fault in _absent(one, source.schema)]
    found = found or [
        (one.version.id, fault) for one in (*stated, *rungs) for fault in _undecided(one.conditions, source.schema)
    ]
    if found:
        return found
    found += [(one.version.id, _never()) for one in (*stated, *rungs) if not _possible(one.conditions, source.schema)]
    for first, second in combinations(stated, 2):
        if first.version.family == second.version.family and _possible(
            first.conditions + second.conditions, source.schema
        ):
            found.append((first.version.id, _both(second.version.id)))
    for one in (*stated, *rungs):
        beside = [other for other in stated if other.version.id != one.version.of]
        found += [(one.version.id, fault) for fault in _dangling(one, beside, source.schema)]
    return found


def places(source: Template, library: Sequence[ClauseVersion]) -> list[tuple[str, Finding]]:
    """The places of a template whose clause is not in the library, or stands there twice."""
    return _stated(source, library)[1]


def language_faults(source: Template, library: Sequence[ClauseVersion]) -> list[tuple[str, Finding]]:
    """What a bilingual contract may not lack: whatever its values, one clause says which language governs."""
    stated, found = _stated(source, library)
    governing = [one.conditions for one in stated if one.version.family == LANGUAGE]
    asked = tuple(chain(*governing))
    if found or any(_absent_names(asked, source.schema)) or any(_undecided(asked, source.schema)):
        return []  # said of the clauses already
    if all(any(_all(each, values) for each in governing) for values in _combinations(asked, source.schema)):
        return []
    return [(source.id, _no_language())]


def literals(expressions: Iterable[str]) -> dict[str, list[object]]:
    """What each variable is compared with, anywhere in the expressions.

    >>> literals(["minimum > 0 and renewal in ['none', 'automatic']"])
    {'minimum': [0], 'renewal': ['none', 'automatic']}
    """
    found: dict[str, list[object]] = {}
    for expression in expressions:
        for node in ast.walk(conditions.parse(expression)):
            if isinstance(node, ast.Compare):
                parts = [node.left, *node.comparators]
                names = [part.id for part in parts if isinstance(part, ast.Name)]
                values = [leaf.value for part in parts for leaf in ast.walk(part) if isinstance(leaf, ast.Constant)]
                for name in names:
                    found.setdefault(name, []).extend(value for value in values if value not in found.get(name, []))
    return found


def _stated(source: Template, library: Sequence[ClauseVersion]) -> tuple[list[Stated], list[tuple[str, Finding]]]:
    stated: list[Stated] = []
    found: list[tuple[str, Finding]] = []
    for entry in source.entries:
        version = _held(library, entry)
        if version is None:
            found.append((entry.clause, _not_held(entry)))
        elif any(one.version.id == version.id for one in stated):
            found.append((entry.clause, _twice()))
        else:
            both = tuple(condition for condition in (entry.condition, version.condition) if condition)
            stated.append(Stated(version, both))
    return stated, found


def _held(library: Sequence[ClauseVersion], entry: Entry) -> ClauseVersion | None:
    versions = [one for one in library if one.id == entry.clause and entry.version in (None, one.version)]
    return max(versions, key=lambda one: one.version, default=None)


def _stands_in(rung: ClauseVersion, base: ClauseVersion) -> bool:
    return rung.of == base.id and rung.rank != clauses.FORBIDDEN


def _instead(one: Stated, rung: ClauseVersion) -> Stated:
    """An alternative in its clause's place: under the template's condition and its own."""
    place = tuple(condition for condition in one.conditions if condition != one.version.condition)
    return Stated(rung, place + ((rung.condition,) if rung.condition else ()))


def _front(source: Template) -> Iterator[Finding]:
    """The title, the preamble and the key terms: both languages, equal figures, variables that exist."""
    texts = [("title", source.title), ("preamble", source.preamble), ("name", source.name)]
    texts += [(term.label.ja, text) for term in source.terms for text in (term.label, term.text)]
    for place, text in texts:
        yield from clauses.text_faults(place, text)
        for name in sorted(set(clauses.placeholders(text.ja)) - set(source.schema)):
            ja, en = f"{place}：変数「{name}」は定義されていません。", f"{place}: the variable “{name}” is not defined."
            yield Finding(None, name, "unknown-variable", ja, en)
    for term in source.terms:
        asked = (term.condition,) if term.condition else ()
        for fault in [*_absent_names(asked, source.schema)] or _undecided(asked, source.schema):
            label = term.label
            told = Text(f"頭書「{label.ja}」：{fault.text('ja')}", f"Key term “{label.en}”: {fault.text('en')}")
            yield Finding(None, fault.field, fault.code, "{said}", "{said}", {"said": told})


def _absent(one: Stated, schema: Schema) -> Iterator[Finding]:
    for name in sorted(one.version.variables - set(schema)):
        ja, en = f"変数「{name}」がひな形にありません。", f"The template has no variable “{name}”."
        yield Finding(None, name, "unknown-variable", ja, en)
    yield from _absent_names(one.conditions, schema)


def _absent_names(expressions: Iterable[str], schema: Schema) -> Iterator[Finding]:
    """Variables that conditions ask for and that are not there, or may be left out."""
    for name in sorted({name for condition in expressions for name in conditions.names(condition)}):
        variable = schema.get(name)
        if variable is None:
            ja, en = (
                f"条件の変数「{name}」がひな形にありません。",
                f"The template has no variable “{name}” to decide by.",
            )
            yield Finding(None, name, "unknown-variable", ja, en)
        elif not variable.required and variable.default is None:
            ja = f"条件の変数「{name}」は任意であり、値がないと判定できません。既定値を定めてください。"
            en = f"The variable “{name}” of its condition is optional and has no default to decide by."
            yield Finding(None, name, "optional-variable", ja, en)


def _undecided(expressions: Sequence[str], schema: Schema) -> Iterator[Finding]:
    """A condition that cannot be decided for some values: of other kinds than it compares, or too many of them."""
    try:
        for values in _combinations(expressions, schema):
            for expression in expressions:
                conditions.holds(expression, values)
    except conditions.ConditionRefused as refusal:
        said = Text(refusal.text("ja"), refusal.text("en"))
        yield Finding(None, "condition", refusal.code, "{said}", "{said}", {"said": said})


def _dangling(one: Stated, stated: Sequence[Stated], schema: Schema) -> Iterator[Finding]:
    for wanted in sorted(one.version.references(), key=repr):
        if wanted.clause in (one.version.id, one.version.of, one.version.family):
            continue
        targets = clauses.targets_of(wanted, [other.version for other in stated])
        leading = [other for other in stated if other.version in targets]
        if not leading:
            yield _leads_nowhere(wanted.clause)
            continue
        expressions = tuple(chain(one.conditions, *(other.conditions for other in leading)))
        for values in _combinations(expressions, schema):
            if _all(one.conditions, values) and not any(_all(other.conditions, values) for other in leading):
                yield _leads_nowhere(wanted.clause)
                break


def _possible(expressions: Sequence[str], schema: Schema) -> bool:
    return any(_all(expressions, values) for values in _combinations(expressions, schema))


def _all(expressions: Iterable[str], values: Mapping[str, object]) -> bool:
    return all(conditions.holds(expression, values) for expression in expressions)


def _combinations(expressions: Sequence[str], schema: Schema) -> Iterator[dict[str, object]]:
    compared = literals(expressions)
    names = sorted({name for expression in expressions for name in conditions.names(expression)})
    domains = [_domain(schema[name], compared.get(name, [])) for name in names]
    if prod(len(domain) for domain in domains) > COMBINATIONS_MAX:
        raise conditions.ConditionRefused(condition=" / ".join(expressions)[:80], reason=conditions.TOO_MANY)
    for values in product(*domains):
        yield dict(zip(names, values, strict=True))


def _domain(variable: Variable, compared: Sequence[object]) -> Sequence[object]:
    match variable.kind:
        case "flag":
            return [False, True]
        case "choice":
            return list(variable.choices)
        case "rate":
            rates = [Fraction(value) for value in compared if isinstance(value, int)]
            beside = {value + step for value in (*rates, Fraction(0)) for step in _STEPS}
            return sorted(value for value in beside if 0 <= value <= 1)
        case "count" | "money":
            figures = [value for value in compared if isinstance(value, int)] or [0]
            return sorted({near for value in figures for near in (max(value - 1, 0), value, value + 1)})
        case "choices" | "regions":
            return list(_sets(list(REGIONS if variable.kind == "regions" else variable.choices), compared))
    words = [value for value in compared if isinstance(value, str)]
    return sorted({"", *words, *(f"{word}~" for word in words)})


def _sets(codes: Sequence[str], compared: Sequence[object]) -> Iterator[tuple[str, ...]]:
    """Every set of the codes compared with and one that is not, in the order of the literals."""
    named = [code for code in compared if isinstance(code, str)][:_MEMBERS_MAX]
    other = [code for code in codes if code not in named][:1]
    members = [*named, *other]
    for size in range(1, len(members) + 1):
        yield from combinations(members, size)


def _not_held(entry: Entry) -> Finding:
    at = f"@{entry.version}" if entry.version else ""
    ja, en = f"承認済みの条項にありません（{entry.clause}{at}）。", f"No such approved clause ({entry.clause}{at})."
    return Finding(None, entry.clause, "not-in-library", ja, en)


def _twice() -> Finding:
    return Finding(None, "", "twice", "ひな形に二度現れます。", "It stands in the template twice.")


def _never() -> Finding:
    ja, en = (
        "条件を満たす契約があり得ないため、決して適用されません。",
        "No agreement can meet its condition, so it never applies.",
    )
    return Finding(None, "", "never-applies", ja, en)


def _both(other: str) -> Finding:
    ja = f"同じ分類の条項「{other}」と同時に適用される場合があります。条件を重ならないようにしてください。"
    en = f"It can apply at once with “{other}”, a clause of the same family. Make their conditions exclude one another."
    return Finding(None, other, "both-apply", ja, en)


def _no_language() -> Finding:
    ja = (
        "どの契約にも「正文」の条項が置かれるようにしてください。両言語に相違があるとき、どちらによるかが決まりません。"
    )
    en = "Let every agreement hold a clause of the family “governing language”: which language prevails is left open."
    return Finding(None, LANGUAGE, "no-governing-language", ja, en)


def _leads_nowhere(name: str) -> Finding:
    ja = f"参照先「{name}」がない契約書になる場合があります。"
    en = f"In some agreement its reference “{name}” would lead nowhere."
    return Finding(None, name, "dangling-reference", ja, en)
