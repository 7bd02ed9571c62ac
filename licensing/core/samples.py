"""Sample values for a template: what its variables could be, so that a specimen of the contract can be read and tried.

Every value is invented and says so where it names somebody. `pick(n)` chooses a number below n: always 0 gives the
plainest specimen, anything else another one that is just as valid.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta

from licensing.core import clauses
from licensing.core.clauses import ClauseVersion
from licensing.core.prices import ONE_TIER
from licensing.core.regions import REGIONS
from licensing.core.tariffs import MODES, PERCENTAGES, UNITS
from licensing.core.templates import Template
from licensing.core.variables import Variable

Pick = Callable[[int], int]

_NAMES = (
    {"ja": "見本工業株式会社（架空）", "en": "Mihon Industries Co., Ltd. (fictitious)"},
    {"ja": "株式会社髙﨑製作所（架空）", "en": "Takasaki Works Inc. (fictitious)"},
    {"ja": "𠮷田精機株式会社（架空）", "en": "Yoshida Seiki Co., Ltd. (fictitious)"},
)
_PEOPLE = (
    {"ja": "代表取締役　見本　太郎（架空）", "en": "Taro Mihon, Representative Director (fictitious)"},
    {"ja": "代表取締役　髙﨑　一郎（架空）", "en": "Ichiro Takasaki, Representative Director (fictitious)"},
    {"ja": "執行役員　𠮷田　槗子（架空）", "en": "Hashiko Yoshida, Executive Officer (fictitious)"},
)
_ADDRESSES = (
    {"ja": "東京都見本区1丁目1番1号（見本）", "en": "1-1-1 Mihon-ku, Tokyo (specimen)"},
    {"ja": "大阪府見本市2丁目2番（見本）", "en": "2-2 Mihon-shi, Osaka (specimen)"},
)
_WORDS: Mapping[str, tuple[dict[str, str], ...]] = {
    "licensor": _NAMES,
    "licensee": _NAMES[1:],
    "licensor_address": _ADDRESSES,
    "licensee_address": _ADDRESSES[1:],
    "licensor_signatory": _PEOPLE,
    "licensee_signatory": _PEOPLE[1:],
    "court": (
        {"ja": "東京地方裁判所", "en": "Tokyo District Court"},
        {"ja": "大阪地方裁判所", "en": "Osaka District Court"},
    ),
    "arbitration_seat": ({"ja": "東京", "en": "Tokyo"}, {"ja": "大阪", "en": "Osaka"}),
    "foreign_law": ({"ja": "シンガポール法", "en": "the laws of Singapore"},),
    "schedule": ({"ja": "標準料金表（見本）", "en": "the standard schedule (specimen)"},),
    "purpose": ({"ja": "基盤モデルの利用可否の検討", "en": "considering use of the foundation model"},),
    "original_title": ({"ja": "基盤モデル利用許諾契約書", "en": "Foundation Model Licence Agreement"},),
}
_CHANGES = (
    {
        "place": {"ja": "頭書「許諾期間」", "en": "Key Terms, “Term”"},
        "before": {"ja": "2026年12月1日から2028年11月30日まで", "en": "1 December 2026 to 30 November 2028"},
        "after": {"ja": "2026年12月1日から2029年11月30日まで", "en": "1 December 2026 to 30 November 2029"},
    },
    {
        "place": {"ja": "頭書「推論地域」", "en": "Key Terms, “Inference regions”"},
        "before": {"ja": "日本", "en": "Japan"},
        "after": {"ja": "日本及びタイ", "en": "Japan and Thailand"},
    },
)
_RATES = ("73/500", "1/10", "3/100", "1/3", "0", "1")
_AMOUNTS = (6_000_000, 1, 123_456_789, 10_000_000_000)
_COUNTS = (30, 1, 12, 5, 365)


def document(source: Template, pick: Pick = lambda n: 0, library: Sequence[ClauseVersion] = ()) -> dict[str, object]:
    """A whole document of variables for the template; with a library, alternatives of its ladders may be chosen too."""
    values = {name: _value(variable, pick) for name, variable in source.schema.items()}
    if "alternatives" in values:
        values["alternatives"] = _alternatives(source, library, pick)
    for name, variable in source.schema.items():
        if variable.kind == "terms" and isinstance(terms := values[name], dict):
            minimum = values.get("minimum", "0")
            values[name] = terms | {"minimum": minimum}
    return values


def _value(variable: Variable, pick: Pick) -> object:
    if variable.kind in _MAKE:
        return _MAKE[variable.kind](variable, pick)
    raise AssertionError(f"no sample for {variable.kind}")


def _one(values: Sequence[object], pick: Pick) -> object:
    return values[pick(len(values))]


def _default_first(variable: Variable) -> list[str]:
    """The choices, what the template begins with first: so the plainest specimen is set as the template is."""
    return sorted(variable.choices, key=lambda code: code != variable.default)


def _some(codes: Sequence[str], pick: Pick) -> list[str]:
    size = 1 + pick(min(len(codes), 4))
    start = pick(len(codes))
    return [codes[(start + step) % len(codes)] for step in range(size)]


def _regions(variable: Variable, pick: Pick) -> list[str]:
    return ["JP"] if pick(2) == 0 else _some(list(REGIONS), pick)


def _words(variable: Variable, pick: Pick) -> object:
    return _one(_WORDS.get(variable.name, (variable_words(variable),)), pick)


def variable_words(variable: Variable) -> dict[str, str]:
    """Words for a variable that nothing is known of: its own label, marked as a specimen.

    >>> variable_words(Variable("place", "words", clauses.FAMILIES["grant"]))["en"]
    'grant and field of use (specimen)'
    """
    return {"ja": f"{variable.label.ja}（見本）", "en": f"{variable.label.en} (specimen)"}


def _period(variable: Variable, pick: Pick) -> dict[str, str]:
    start = date(2026, 12, 1) + timedelta(days=pick(400))
    until = start + timedelta(days=365 * (1 + pick(5)) + pick(30))
    return {"from": start.isoformat(), "until": until.isoformat()}


def _terms(variable: Variable, pick: Pick) -> dict[str, object]:
    unit, mode = list(UNITS)[pick(len(UNITS) - 1)], ("graduated", *MODES)[pick(len(MODES) + 1)]
    prices = ("5/100", "3/100", "1/100") if mode in PERCENTAGES else ("12000", "9000", "7500.5")
    ends = ("500", "2000", None)[2 - pick(3) :]
    ends = (None,) if mode in ONE_TIER else ends
    starts = ("0", *(end for end in ends if end is not None))
    steps = zip(starts, ends, prices, strict=False)
    tiers = [{"from": start, "until": end, "price": price} for start, end, price in steps]
    return {"unit": unit, "mode": mode, "tiers": tiers, "minimum": "0"}


def _destinations(variable: Variable, pick: Pick) -> dict[str, list[str]]:
    return {name: _some(list(REGIONS), pick) for name in _some(list(variable.choices), pick)}


def _alternatives(source: Template, library: Sequence[ClauseVersion], pick: Pick) -> dict[str, str]:
    placed = {}
    for base in source.clauses:
        rungs = [one.id for one in library if one.of == base and one.rank != clauses.FORBIDDEN]
        if rungs and (chosen := pick(len(rungs) + 1)):
            placed[base] = rungs[chosen - 1]
    return placed


_MAKE: dict[str, Callable[[Variable, Pick], object]] = {
    "text": lambda variable, pick: _one(("R-0.3", "L-2026-014"), pick) if variable.name != "original" else "L-2026-014",
    "words": _words,
    "date": lambda variable, pick: (date(2026, 12, 1) + timedelta(days=pick(700))).isoformat(),
    "period": _period,
    "money": lambda variable, pick: str(_one((*_AMOUNTS, 0), pick)),
    "count": lambda variable, pick: _one(_COUNTS, pick),
    "rate": lambda variable, pick: _one(_RATES, pick),
    "flag": lambda variable, pick: pick(2) == 1,
    "choice": lambda variable, pick: _one(_default_first(variable), pick),
    "choices": lambda variable, pick: _some(list(variable.choices), pick),
    "regions": _regions,
    "terms": _terms,
    "digest": lambda variable, pick: "9c1e03f75ab2" + "0" * 52,
    "destinations": _destinations,
    "changes": lambda variable, pick: list(_CHANGES[: 1 + pick(len(_CHANGES))]),
    "alternatives": lambda variable, pick: {},
}
