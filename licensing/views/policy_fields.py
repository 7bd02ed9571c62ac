"""The fields of the policy builder: what each is called, what it offers, for which methods it shows, what is wrong."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from contributions.core.errors import Finding
from contributions.core.units import UNITS
from contributions.core.words import Text
from licensing.core import deals, methods, policies, rights, vintages
from licensing.core.categories import CATEGORIES, FACTORS, FACTORS_OF, UNITS_OF
from licensing.core.methods import NAMES, PARAMETERS
from licensing.forms import policy_drafts as forms
from licensing.views.policies import LEVEL_NAMES

_PLACES = (
    (".method.weights", "weights"), (".method.basis.table", "table"), (".method.basis.categories", "categories"),
    (".method.basis", "basis"), (".method.table", "table"), (".method.category", "category"),
    (".method.estate", "estate"), (".method.game.quota", "quota"), (".method.game.weights.table", "table"),
    (".method.game.weights.categories", "categories"), (".method.game.weights", "basis"),
    (".method.game.valuation", "valuation"), (".method.game", "source"), (".method.parts", "parts"),
    (".method.own", "own"), (".method.unions", "unions"), (".method.seed", "seed"), (".method.samples", "samples"),
    (".method.empty_category", "empty_category"), (".method", "method"), (".bounds.floor", "floor"),
    (".bounds.cap", "cap"), (".rounding.grid", "grid"), (".ownership", "ownership"), (".use", "use"),
    (".further_training", "further_training"), (".form", "form"), (".lead", "lead"),
)  # fmt: skip
_CHOOSE = Text("選択してください。", "Choose one.")
_FILL = Text("入力してください。", "Fill this in.")
_LEAD = Text("主導当事者を選択してください。", "Name the leading party.")
_TOGETHER = Text(
    "共有持分とするのは、帰属を「会員の共有」とし、配分の方法を定めるときに限ります。収入・議決権・利用枠は共有にできません。",
    "A share in co-ownership needs ownership “co-owned by the members” and a method; revenue, votes and capacity of use"
    " cannot be owned in common.",
)
_JSON = Text(
    "{right}：JSON として読めません。{{ と }} で囲んだ項目と値の組を書いてください。",
    "{right}: this does not read as a JSON object. Write fields and values within {{ and }}.",
)
_ANSWERS = {"ownership": rights.OWNERSHIP, "use": rights.USE, "further_training": rights.FURTHER_TRAINING}


# ---- faults beside their fields ----
def told(document: Mapping[str, Any], findings: Iterable[Finding]) -> list[Finding]:
    """The same findings with their field named as the page names it, and its id as their place."""
    order = [row.get("right", "") for row in document.get("rights", ()) if isinstance(row, dict)]
    return [_told(finding, order) for finding in findings]


def beside(given: Mapping[str, Any], findings: Iterable[Finding]) -> list[Finding]:
    """The findings on a document made of `given`, each under the id of the field that it concerns."""
    order = [code for code, row in given["rights"].items() if row["on"]]
    unread = [
        Finding(None, f"{code}.more", "not-json", _JSON.ja, _JSON.en, {"right": rights.RIGHTS[code]})
        for code in forms.unreadable(given)
    ]
    return [*unread, *(_told(finding, order) for finding in findings)]


def _told(finding: Finding, order: list[str]) -> Finding:
    place, words = _place(finding.field, order)
    key = place.partition(".")[2]
    plain = _plain(key, str(finding.facts.get("value", "–")))
    if plain is not None:
        ja, en = f"{words.ja}：{plain.ja}", f"{words.en}: {plain.en}"
        return Finding(None, place, finding.code, ja.replace("{", "{{"), en.replace("{", "{{"))
    facts = {name: words if value == finding.field else value for name, value in finding.facts.items()}
    return Finding(None, place, finding.code, finding.ja, finding.en, facts)


def _plain(key: str, value: str) -> Text | None:
    """What to do about it where the document's own words would be codes."""
    if key == "form":
        return _TOGETHER
    if value in {"", "None"}:
        return {"lead": _LEAD, **dict.fromkeys((*_ANSWERS, "source", "basis", "category", "own"), _CHOOSE)}.get(
            key, _FILL if key in {"table", "estate", "quota", "floor", "cap", "seed", "samples", "valuation"} else None
        )
    return None


def _place(path: str, order: list[str]) -> tuple[str, Text]:
    """The id of the field that a path of the document is typed in, and what the page calls it."""
    match = re.match(r"rights\[([0-9]+)\](.*)", path)
    if match and int(match[1]) < len(order) and order[int(match[1])] in rights.RIGHTS:
        code = order[int(match[1])]
        key = next((key for rest, key in _PLACES if match[2].startswith(rest)), "method")
        tail = match[2].rpartition(".")[2]
        name = rights.RIGHTS[code]
        label = _named(key)
        if key == "weights" and tail in CATEGORIES:
            return f"{code}.weights.{tail}", Text(
                f"{name.ja} {CATEGORIES[tail].ja}", f"{name.en}, {CATEGORIES[tail].en}"
            )
        return f"{code}.{key}", Text(f"{name.ja} {label}", f"{name.en}, {label.lower()}")
    code, _dot, rest = path.partition(".")
    if code in CATEGORIES:
        unit = rest.removeprefix("units.")
        more = UNITS[unit].reads if unit in UNITS else Text("", "")
        return (path if rest else f"{code}.on"), Text(
            f"{CATEGORIES[code].ja} {more.ja}".strip(), f"{CATEGORIES[code].en} {more.en}".strip()
        )
    place = {"eligibility.residency": "residency", "rights": "rights", "categories": "categories"}.get(path, path)
    label = _named(place)
    return place, Text(label, label)


def _named(key: str) -> str:
    return _labels().get(key, (key, ""))[0]


# ---- what the page shows ----
def sections(given: Mapping[str, Any], findings: Iterable[Finding], *, members: Iterable, valuations: Iterable) -> dict:
    """All fields in their sections."""
    errors: dict[str, list[Finding]] = {}
    for finding in findings:
        errors.setdefault(finding.field, []).append(finding)
    names = {member.code: Text(member.organization.name_ja, member.organization.name_en) for member in members}
    tables = {row.sha256: Text(f"{row.number} {row.name_ja}", f"{row.number} {row.name_en}") for row in valuations}
    top = ("number", "version")
    return {
        "top": [_cell(name, given[name], errors) for name in top],
        "residency": _cell("residency", given["residency"], errors),
        "equity_counts": {"value": given["equity_counts"]},
        "categories": [_category(code, row, errors) for code, row in given["categories"].items()],
        "rights": [_right(code, row, errors, names, tables) for code, row in given["rights"].items()],
        "last": [
            _cell("disclosure", given["disclosure"], errors, choices=LEVEL_NAMES),
            _cell("coalitions", given["coalitions"], errors, choices=policies.COALITIONS),
        ],
        "other": [finding for place in ("categories", "rights") for finding in errors.get(place, [])],
    }


def _category(code: str, row: Mapping[str, Any], errors: dict) -> dict:
    units = [unit for unit in UNITS if unit in UNITS_OF[code] or row["units"][unit]]
    vintage = [
        _cell("rule", row["rule"], errors, code=f"{code}.vintage", choices=_rules(), empty=True),
        _cell("per", row["per"], errors, code=f"{code}.vintage", choices=vintages.PER),
        _cell("factor", row["factor"], errors, code=f"{code}.vintage"),
        _cell("until", row["until"], errors, code=f"{code}.vintage"),
    ]
    return {
        "code": code,
        "name": CATEGORIES[code],
        "on": row["on"],
        "units": [
            _cell("units", row["units"][unit], errors, code=code, id=f"{code}.units.{unit}", label=UNITS[unit].reads)
            for unit in units
        ],
        "factors": [(one, FACTORS[one], one in row["factors"]) for one in sorted(FACTORS_OF.get(code, ()))],
        "vintage": vintage,
        "errors": [
            found for place in (f"{code}.on", f"{code}.units", f"{code}.factors") for found in errors.get(place, [])
        ],
    }


def _right(code: str, row: Mapping[str, Any], errors: dict, members: dict, tables: dict) -> dict:
    def cell(name: str, **more: Any) -> dict:
        return _cell(name, row[name], errors, code=code, **more)

    answers = [cell(name, choices=table, empty=not row[name]) for name, table in _ANSWERS.items()]
    lead = members if row["lead"] in ("", *members) else {**members, row["lead"]: Text(row["lead"], row["lead"])}
    answers.insert(1, cell("lead", choices=lead, empty=True, shows="lead"))
    answers.append(cell("form", choices=rights.FORM_NAMES))
    inner = {name: NAMES[name] for name in forms.INNER}
    weights = [
        _cell(each, row["weights"][each], errors, code=f"{code}.weights", label=CATEGORIES[each]) for each in CATEGORIES
    ]
    parts = [
        {"n": n, "weight": weight, "method": chosen, "choices": _takes(inner, chosen)}
        for n, (weight, chosen) in enumerate(row["parts"])
    ]
    held = (
        tables
        if row["valuation"] in ("", *tables)
        else {**tables, row["valuation"]: Text(*[row["valuation"][:16]] * 2)}
    )
    fields = [
        cell("own", options=_takes(inner, row["own"]), empty=True, shows="own"),
        cell("source", options=_sources(row["source"]), empty=True, shows="game"),
        cell("quota", shows="quota"),
        cell("valuation", choices=held, empty=True, shows="valuation"),
        cell("unions", shows="unions"),
        cell("seed", shows="seed"),
        cell("samples", shows="samples"),
        cell("estate", shows="estate"),
        cell("basis", options=_bases(row["basis"]), shows="basis"),
        cell("table", shows="table"),
        cell("category", choices=CATEGORIES, empty=True, shows="category"),
        cell("empty_category", choices=methods.EMPTY, shows="empty_category"),
    ]
    wrong = [found for place, listed in errors.items() if place.startswith(f"{code}.") for found in listed]
    return {
        "code": code,
        "name": rights.RIGHTS[code],
        "on": row["on"],
        "said": NAMES.get(row["method"]) if row["method"] else None,
        "owned": rights.OWNERSHIP.get(row["ownership"]),
        "open": bool(wrong),
        "answers": answers,
        "caution": deals.COMMON.get(code, deals.COMMON_OTHERWISE),
        "method": cell("method", options=_takes(NAMES, row["method"]), empty=True),
        "weights": weights,
        "weights_errors": errors.get(f"{code}.weights", []),
        "parts": parts,
        "parts_errors": errors.get(f"{code}.parts", []),
        "fields": fields,
        "categories": [(each, CATEGORIES[each], each in row["categories"]) for each in CATEGORIES],
        "categories_errors": errors.get(f"{code}.categories", []),
        "more": row["more"],
        "more_errors": errors.get(f"{code}.more", []),
        "bounds": [cell(name) for name in ("floor", "cap", "grid")],
    }


def _cell(
    name: str,
    value: str,
    errors: dict,
    *,
    code: str = "",
    id: str = "",
    label: Text | None = None,
    choices: Mapping | None = None,
    options: list | None = None,
    empty: bool = False,
    shows: str = "",
) -> dict:
    place = id or (f"{code}.{name}" if code else name)
    words, help_text = _labels().get(name, ("", ""))
    listed = options if choices is None else [(each, said, each == value, "") for each, said in choices.items()]
    return {
        "id": place,
        "label": label or words,
        "help": help_text,
        "value": value,
        "options": listed,
        "empty": empty,
        "shows": shows,
        "errors": errors.get(place, []),
    }


def _takes(names: Mapping[str, Text], chosen: str) -> list[tuple]:
    """Methods as options, each with the parameters that it takes, by which the page shows their fields."""
    return [
        (name, said, name == chosen, " ".join(f"takes-{each}" for each in PARAMETERS[name]))
        for name, said in names.items()
    ]


def _bases(chosen: str) -> list[tuple]:
    said = {
        "points": Text("点数", "points"),
        "stakes": Text("出資比率", "stakes"),
        "equal": Text("会員ごとに同じ", "the same for everybody"),
        "table": Text("署名済みの表", "a signed table"),
    }
    takes = {"points": "takes-categories", "table": "takes-table"}
    return [(code, text, code == chosen, takes.get(code, "")) for code, text in said.items()]


def _sources(chosen: str) -> list[tuple]:
    said = {
        "quota": Text("議決数（可決に要する割合）", "votes against a quota"),
        "valuation": Text("採択された提携の値の表", "an adopted table of coalition values"),
        "law": Text("スケーリング則（下の欄に JSON で）", "a scaling law, as JSON below"),
    }
    takes = {"quota": "takes-quota takes-basis", "valuation": "takes-valuation"}
    return [(code, text, code == chosen, takes.get(code, "")) for code, text in said.items()]


def _rules() -> dict[str, Text]:
    return {
        vintages.FADES: Text("古くなると下がる", "old data fade"),
        vintages.EARLY: Text("早いほど高い", "early is worth more"),
        vintages.TABLE: Text("署名済みの時期係数表による", "by the signed table of vintages"),
    }


def _labels() -> dict[str, tuple[str, str]]:
    """Each field's label and, where needed, a word of help."""
    return {
        "number": (_("Number"), ""),
        "version": (_("Version"), ""),
        "residency": (
            _("Countries in which data and compute must be"),
            _("Two-letter codes, such as JP; empty: no such condition"),
        ),
        "disclosure": (_("Disclosure level"), ""),
        "coalitions": (_("Which coalition would gain by leaving"), ""),
        "categories": (_("Categories that count"), ""),
        "rights": (_("Rights"), ""),
        "rule": (_("Vintage"), ""),
        "per": (_("for each whole"), ""),
        "factor": (_("Factor"), _("Such as 0.85 or 11/10")),
        "until": (_("Before the day"), _("Such as 2030-04-01")),
        "ownership": (_("Ownership"), ""),
        "lead": (_("Leading party"), ""),
        "use": (_("Conditions of use"), ""),
        "further_training": (_("Further training"), ""),
        "form": (_("Legal form of a share"), ""),
        "method": (_("Method of sharing"), ""),
        "weights": (_("Weights"), ""),
        "own": (_("What the parents do not carry is shared by"), ""),
        "source": (_("Worths of coalitions from"), ""),
        "quota": (_("Quota"), _("Part of all weights that carries, such as 50% or 2/3")),
        "valuation": (_("Table of coalition values"), ""),
        "unions": (_("Unions"), _("“groups” takes the corporate groups; others as JSON below")),
        "seed": (_("Seed"), _("Any text; the sample is repeatable by it")),
        "samples": (_("Samples"), ""),
        "estate": (_("Amount that is shared out"), ""),
        "basis": (_("By what"), ""),
        "table": (_("Signed table"), _("Its name begins with table-")),
        "category": (_("Category"), ""),
        "empty_category": (_("A category without contributions"), ""),
        "parts": (_("Parts of the mix"), ""),
        "floor": (_("Floor"), _("Such as 0.5% or 1/200")),
        "cap": (_("Cap"), ""),
        "grid": (_("Units shared out"), _("Shares are rounded to one of so many")),
    }
