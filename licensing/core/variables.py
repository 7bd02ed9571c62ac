"""Agreement variables: typed JSON values, how each is printed in Japanese and English.

An agreement is data first and text second. The schema is data too, so a template carries its own. Kinds and their JSON:

    text "L-2026-0001"        words {"ja": …, "en": …}      date "2026-12-01"      period {"from", "until"} (half-open)
    money "6000000" (JPY)     count 30                      rate "73/500"          flag true
    choice "quarter"          choices ["robot"]             regions ["JP", "TH"]   terms (a schedule's terms)
    digest 64 hex digits             destinations, changes, alternatives: see `particulars`

One that is not required may be left out; a default then stands in text and data. One that is `part_of` another
repeats it and is never typed. A count has a `least`: no “within 0 days”.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction

from contributions.core import money
from contributions.core.errors import Finding, Refused
from contributions.core.words import Text
from licensing.core import particulars, tariffs
from licensing.core.clauses import MONTHS
from licensing.core.particulars import KINDS
from licensing.core.regions import REGIONS

__all__ = [
    "KINDS", "REGIONS", "Schema", "Variable", "VariableRefused", "day", "listed", "printed", "schema", "span", "yen",
]  # fmt: skip


class VariableRefused(Refused):
    code = "variable-refused"
    ja = "契約変数「{label}」（{variable}）：{reason}"
    en = "Agreement variable “{label}” ({variable}): {reason}"


class VariablesRefused(VariableRefused):
    """More than one variable is at fault: all are named at once."""

    code = "variables-refused"
    ja = "契約変数に{count}件の誤りがあります。{all}"
    en = "{count} agreement variables are at fault. {all}"


@dataclass(frozen=True, slots=True)
class Variable:
    """One entry of a schema."""

    name: str
    kind: str
    label: Text
    required: bool = True
    choices: Mapping[str, Text] = field(default_factory=dict)
    default: object = None
    part_of: str = ""
    least: int = 0


Schema = Mapping[str, Variable]


def schema(rows: Sequence[Mapping[str, object]]) -> dict[str, Variable]:
    """Read a schema document: rows of name, kind, label, and for choices their codes and words."""
    return {variable.name: variable for variable in (_variable(row) for row in rows)}


def filled(names: Schema, document: Mapping[str, object]) -> dict[str, object]:
    """The document with the defaults of what it leaves out.

    >>> filled(schema([{"name": "n", "kind": "count", "label": {"ja": "数", "en": "n"}, "default": 3}]), {})
    {'n': 3}
    """
    defaults = {name: one.default for name, one in names.items() if one.default is not None}
    stated = {name: value for name, value in document.items() if value is not None or name not in defaults}
    return defaults | stated | _parts(names, document)


def _parts(names: Schema, document: Mapping[str, object]) -> dict[str, object]:
    """What is no variable of its own but repeats a part of another, as an advance does one of the price terms."""
    found = {}
    for name, one in names.items():
        whole = document.get(one.part_of) if one.part_of else None
        if isinstance(whole, Mapping):
            part = whole.get(name, one.default)
            found[name] = one.default if part is None else part
    return {name: value for name, value in found.items() if value is not None}


def values(names: Schema, document: Mapping[str, object]) -> dict[str, object]:
    """The document's values in Python form; every missing, unknown or ill-typed one is refused by name, all at once."""
    document = filled(names, document)
    parsed: dict[str, object] = {}
    faults = [VariableRefused(variable=name, label=name, reason=_UNKNOWN) for name in document if name not in names]
    for name, variable in names.items():
        try:
            if _present(variable, document):
                parsed[name] = _parsed(variable, document[name])
        except VariableRefused as fault:
            faults.append(fault)
    if len(faults) == 1:
        raise faults[0]
    if faults:
        sentences = Text("".join(fault.text("ja") for fault in faults), " ".join(fault.text("en") for fault in faults))
        raise VariablesRefused(**faults[0].facts, count=len(faults), all=sentences, faults=tuple(faults))
    return parsed


def findings(names: Schema, document: Mapping[str, object]) -> list[Finding]:
    """Everything wrong with a document of variables, one finding for each."""
    try:
        values(names, document)
    except VariableRefused as refusal:
        return [_finding(fault) for fault in _faults(refusal)]
    return []


def conditions_of(parsed: Mapping[str, object]) -> dict[str, object]:
    """The values as conditions compare them: days as text, amounts as numbers, both-language words left out."""
    comparable: dict[str, object] = {}
    for name, value in parsed.items():
        if isinstance(value, str | int | Fraction):
            comparable[name] = value
        elif isinstance(value, date):
            comparable[name] = value.isoformat()
        elif isinstance(value, tuple) and all(isinstance(part, str) for part in value):
            comparable[name] = value
    return comparable


def printed(variable: Variable, value: object) -> Text:
    """A value as it stands in the contract.

    >>> printed(Variable("late", "rate", Text("", "")), Fraction(73, 500))
    Text(ja='14.6%', en='14.6%')
    """
    return _PRINT[variable.kind](variable, value)


def yen(amount: int) -> Text:
    """An amount of yen in both languages.

    >>> yen(6_000_000)
    Text(ja='6,000,000円', en='JPY 6,000,000')
    """
    sign = "△" if amount < 0 else ""
    return Text(f"{sign}{abs(amount):,}円", f"JPY {amount:,}")


def day(value: date) -> Text:
    """A date in both languages.

    >>> day(date(2026, 12, 1))
    Text(ja='2026年12月1日', en='1 December 2026')
    """
    return Text(f"{value.year}年{value.month}月{value.day}日", f"{value.day} {MONTHS[value.month - 1]} {value.year}")


def span(start: date, until: date) -> Text:
    """A half-open period, printed with its last day included, as contracts do."""
    first, last = day(start), day(until - timedelta(days=1))
    return Text(f"{first.ja}から{last.ja}まで", f"{first.en} to {last.en}, both days included")


def listed(parts: Sequence[Text]) -> Text:
    """Names in a row: 、 in Japanese, commas and “and” in English."""
    english = [part.en for part in parts]
    tail = " and ".join(([", ".join(english[:-1])] if english[:-1] else []) + english[-1:])
    return Text("、".join(part.ja for part in parts), tail)


def _variable(row: Mapping[str, object]) -> Variable:
    kind, label, choices = str(row["kind"]), row["label"], row.get("choices", {})
    assert kind in _PARSE and isinstance(label, Mapping) and isinstance(choices, Mapping), f"schema row {row}"
    words = {str(code): Text(str(text["ja"]), str(text["en"])) for code, text in choices.items()}
    text, required = Text(str(label["ja"]), str(label["en"])), bool(row.get("required", True))
    rest = (row.get("default"), str(row.get("part_of", "")), int(str(row.get("least", 0))))
    variable = Variable(str(row["name"]), kind, text, required, words, *rest)
    assert variable.default is None or _parsed(variable, variable.default) is not None
    return variable


def _faults(refusal: VariableRefused) -> Iterator[VariableRefused]:
    several = refusal.facts.get("faults", (refusal,))
    assert isinstance(several, tuple)
    yield from several


def _finding(fault: VariableRefused) -> Finding:
    return Finding(None, str(fault.facts["variable"]), fault.code, fault.ja, fault.en, fault.facts)


def _present(variable: Variable, document: Mapping[str, object]) -> bool:
    if document.get(variable.name) is not None:
        return True
    if variable.required:
        raise VariableRefused(variable=variable.name, label=variable.label, reason=_MISSING)
    return False


def _parsed(variable: Variable, value: object) -> object:
    try:
        return _PARSE[variable.kind](variable, value)
    except (Refused, ValueError, KeyError, TypeError) as error:
        if isinstance(error, VariableRefused):
            raise
        reason = Text(f"値「{value}」は使えません。", f"The value “{value}” cannot be used.")
        raise VariableRefused(variable=variable.name, label=variable.label, reason=reason) from error


def _text(variable: Variable, value: object) -> str:
    if not isinstance(value, str) or not value.strip() or "{" in value or "\n" in value:
        raise ValueError("text")
    return value


def _words(variable: Variable, value: object) -> Text:
    if not isinstance(value, Mapping) or set(value) != {"ja", "en"}:
        raise ValueError("ja, en")
    return Text(_text(variable, value["ja"]), _text(variable, value["en"]))


def _date(variable: Variable, value: object) -> date:
    return date.fromisoformat(_text(variable, value))


def _period(variable: Variable, value: object) -> tuple[date, date]:
    if not isinstance(value, Mapping) or set(value) != {"from", "until"}:
        raise ValueError("from, until")
    start, until = date.fromisoformat(str(value["from"])), date.fromisoformat(str(value["until"]))
    if until <= start:
        raise ValueError("empty")
    return start, until


def _money(variable: Variable, value: object) -> int:
    if not isinstance(value, str) or not re.fullmatch(r"0|[1-9][0-9]{0,17}", value):
        raise ValueError("money")
    return int(value)


def _count(variable: Variable, value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= 1_000_000:
        raise ValueError("count")
    if value < variable.least:
        said = Text(f"{variable.least} 以上の整数にしてください。", f"Use a whole number, {variable.least} or more.")
        raise VariableRefused(variable=variable.name, label=variable.label, reason=said)
    return value


def _rate(variable: Variable, value: object) -> Fraction:
    rate = money.fraction(_text(variable, value))
    if not 0 <= rate <= 1:
        raise ValueError("rate")
    return rate


def _flag(variable: Variable, value: object) -> bool:
    if not isinstance(value, bool):
        raise ValueError("flag")
    return value


def _choice(variable: Variable, value: object) -> str:
    if not isinstance(value, str) or value not in variable.choices:
        raise ValueError("choice")
    return value


def _several(known: Callable[[Variable], Mapping[str, Text]]) -> Callable[[Variable, object], tuple[str, ...]]:
    def parse(variable: Variable, value: object) -> tuple[str, ...]:
        if not isinstance(value, list) or not value or len(set(value)) != len(value):
            raise ValueError("list")
        if any(part not in known(variable) for part in value):
            raise ValueError("unknown")
        return tuple(value)

    return parse


def _terms(variable: Variable, value: object) -> tariffs.Tariff:
    return tariffs.tariff(value)


def _digest(variable: Variable, value: object) -> str:
    if not isinstance(value, str) or not re.fullmatch(r"[0-9a-f]{64}", value):
        raise ValueError("digest")
    return value


_PARSE: dict[str, Callable[[Variable, object], object]] = {
    "text": _text,
    "words": _words,
    "date": _date,
    "period": _period,
    "money": _money,
    "count": _count,
    "rate": _rate,
    "flag": _flag,
    "choice": _choice,
    "choices": _several(lambda variable: variable.choices),
    "regions": _several(lambda variable: REGIONS),
    "terms": _terms,
    "digest": _digest,
    "destinations": lambda variable, value: particulars.destinations(variable.choices, value),
    "changes": lambda variable, value: particulars.changes(value),
    "alternatives": lambda variable, value: particulars.alternatives(value),
}


def _same(variable: Variable, value: object) -> Text:
    return Text(str(value), str(value))


def _print_words(variable: Variable, value: object) -> Text:
    assert isinstance(value, Text)
    return value


def _print_date(variable: Variable, value: object) -> Text:
    assert isinstance(value, date)
    return day(value)


def _print_period(variable: Variable, value: object) -> Text:
    assert isinstance(value, tuple)
    return span(*value)


def _print_money(variable: Variable, value: object) -> Text:
    assert isinstance(value, int)
    return yen(value)


def _print_count(variable: Variable, value: object) -> Text:
    return Text(f"{value:,}", f"{value:,}")


def _print_rate(variable: Variable, value: object) -> Text:
    assert isinstance(value, Fraction)
    return tariffs.percent(value)


def _print_flag(variable: Variable, value: object) -> Text:
    return Text("あり", "yes") if value else Text("なし", "no")


def _print_choice(variable: Variable, value: object) -> Text:
    return variable.choices[str(value)]


def _print_choices(variable: Variable, value: object) -> Text:
    assert isinstance(value, tuple)
    return listed([variable.choices[code] for code in value])


def _print_regions(variable: Variable, value: object) -> Text:
    assert isinstance(value, tuple)
    return listed([REGIONS[code] for code in value])


def _print_destinations(variable: Variable, value: object) -> Text:
    assert isinstance(value, tuple)
    return particulars.destination_words(variable.choices, value)


def _print_changes(variable: Variable, value: object) -> Text:
    assert isinstance(value, tuple)
    return particulars.changes_words(value)


def _print_terms(variable: Variable, value: object) -> Text:
    assert isinstance(value, tariffs.Tariff)
    return tariffs.summary(value)


_PRINT: dict[str, Callable[[Variable, object], Text]] = {
    "text": _same,
    "words": _print_words,
    "date": _print_date,
    "period": _print_period,
    "money": _print_money,
    "count": _print_count,
    "rate": _print_rate,
    "flag": _print_flag,
    "choice": _print_choice,
    "choices": _print_choices,
    "regions": _print_regions,
    "terms": _print_terms,
    "digest": _same,
    "destinations": _print_destinations,
    "changes": _print_changes,
    "alternatives": _same,
}

_UNKNOWN = Text("この変数は定義されていません。", "This variable is not defined.")
_MISSING = Text("値がありません。", "It has no value.")
