"""A template as it is typed, part by part: the order of its clauses, what stands in front, its variables.

Each part is read from what was sent, kept as it is, and turned into its place in the template's document; what cannot
be turned is a finding that names the field. What a document then says is judged by the core.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from contributions.core.errors import Finding, Refused
from contributions.core.words import Text
from contributions.forms.fields import choices
from licensing.core import conditions, outlines, variables
from licensing.core.layouts import LAYOUTS, SIDE
from licensing.core.numbering import HOUSE, STATUTE
from licensing.core.templates import NAME, ROLES
from licensing.forms.template_defaults import DEFAULTS, choices_read, default_read, default_shown

ORDER, FRONT, VARIABLES = "order", "front", "variables"
ROWS_MAX, VARIABLES_MAX, TERMS_MAX = 330, 120, 60
LINE_MAX, TEXT_MAX = 400, 4_000
NUMBERINGS = {HOUSE: Text("社内式", "house style"), STATUTE: Text("法令式", "statute style")}
PRESETS = {
    "numbering": (Text("条番号の書式", "Numbering"), NUMBERINGS, HOUSE),
    "layout": (Text("両言語の配置", "Layout of the languages"), LAYOUTS, SIDE),
}
BOTH = ("title", "preamble", "name", "licensor", "licensee")
TERM = ("label_ja", "label_en", "text_ja", "text_en", "when")
VARIABLE = ("name", "kind", "label_ja", "label_en", "required", "default", "choices", "was")
TYPED = frozenset({"name", "kind", "label", "required", "default", "choices"})
WITH_CHOICES = ("choice", "choices", "destinations")
_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")

Given = dict[str, Any]
Document = dict[str, Any]
Findings = list[Finding]


class NewForm(forms.Form):
    """A template of its own, begun from one that there is."""

    code = forms.SlugField(
        label=_("Identifier"),
        max_length=40,
        help_text=_("Lower-case letters, digits and hyphens; it never changes."),
        widget=forms.TextInput(attrs={"class": "id", "spellcheck": "false"}),
    )
    title_ja = forms.CharField(label=_("Title (Japanese)"), max_length=120)
    title_en = forms.CharField(label=_("Title (English)"), max_length=160)
    start = forms.ChoiceField(label=_("Begin with the clauses and variables of"))

    def __init__(self, *arguments, taken: Sequence[str], starts: Sequence[tuple[str, str]], **named) -> None:
        super().__init__(*arguments, **named)
        self.taken = taken
        self.fields["start"].choices = starts

    def clean_code(self) -> str:
        code = self.cleaned_data["code"].lower()
        if code in self.taken:
            raise forms.ValidationError(_("There is a template of this name already. Write its next version instead."))
        return code


# ---- the order of the clauses ----
def order_shown(document: Mapping[str, Any]) -> Given:
    return {"rows": outlines.rows(document)}


def order_typed(data: Any) -> Given:
    """The rows as they were sent, in order; `row-n` says what stands there: `chapter`, or `clause:code:inside`."""
    return {"rows": outlines.settled([*_sent_rows(data)])}


def _sent_rows(data: Any) -> Iterator[outlines.Row]:
    for n in range(ROWS_MAX):
        what, _colon, rest = str(data.get(f"row-{n}", "")).partition(":")
        if what == outlines.CHAPTER:
            heading = Text(_sent(data, f"row-{n}-ja", 120), _sent(data, f"row-{n}-en", 160))
            yield outlines.Row(outlines.CHAPTER, heading)
        elif what == outlines.CLAUSE:
            code, _colon, inside = rest.partition(":")
            version = _sent(data, f"row-{n}-version", 6)
            yield outlines.Row(
                outlines.CLAUSE,
                clause=code[:60],
                version=int(version) if version.isdecimal() else None,
                condition=_sent(data, f"row-{n}-when", LINE_MAX),
                inside=inside == "1",
            )


def order_document(given: Given, document: Document) -> Document:
    return {**document, "clauses": outlines.clauses(given["rows"])}


def order_faults(given: Given, document: Document) -> Findings:
    """Chapters need a heading in both languages, conditions must read, and something must stand there."""
    known = {row["name"] for row in document["variables"]}
    found = [] if given["rows"] else [_fault("add", _NOTHING)]
    for n, row in enumerate(given["rows"]):
        if row.kind == outlines.CHAPTER:
            found += [_fault(f"row-{n}-ja", _NO_HEADING)] if not (row.heading.ja and row.heading.en) else []
        else:
            found += condition_faults(f"row-{n}-when", row.condition, known, Text(row.clause, row.clause))
    return found


# ---- what stands in front ----
def front_shown(document: Mapping[str, Any]) -> Given:
    roles = document.get("roles") or [{"ja": role.ja, "en": role.en} for role in ROLES]
    named = {**document, "name": document.get("name") or {"ja": NAME.ja, "en": NAME.en}}
    named |= {"licensor": roles[0], "licensee": roles[1]}
    defaults = {row["name"]: row.get("default") for row in document["variables"]}
    return {
        **{f"{name}_{language}": named[name][language] for name in BOTH for language in ("ja", "en")},
        **{name: defaults.get(name) or first for name, (_label, _words, first) in PRESETS.items()},
        "terms": [
            {
                **{
                    f"{part}_{language}": row[part][language] for part in ("label", "text") for language in ("ja", "en")
                },
                "when": row.get("when") or "",
            }
            for row in document.get("terms", [])
        ],
    }


def front_typed(data: Any) -> Given:
    most = {"preamble": TEXT_MAX}
    return {
        **{
            f"{name}_{lang}": _sent(data, f"{name}_{lang}", most.get(name, 160))
            for name in BOTH
            for lang in ("ja", "en")
        },
        **{name: _sent(data, name, 20) for name in PRESETS},
        "terms": _sent_table(data, "term", TERM, TERMS_MAX),
    }


def front_document(given: Given, document: Document) -> Document:
    """The document with what stands in front; the presets are the defaults of their variables."""
    made = {
        **document,
        "title": _both(given, "title"),
        "preamble": _both(given, "preamble"),
        "terms": [
            {"label": _both(row, "label"), "text": _both(row, "text")} | ({"when": row["when"]} if row["when"] else {})
            for row in given["terms"]
        ],
    }
    name, roles = _both(given, "name"), [_both(given, role) for role in ("licensor", "licensee")]
    if "name" in document or name != {"ja": NAME.ja, "en": NAME.en}:
        made["name"] = name
    if "roles" in document or roles != [{"ja": role.ja, "en": role.en} for role in ROLES]:
        made["roles"] = roles
    rows = {row["name"]: row for row in document["variables"]}
    for preset, (label, words, first) in PRESETS.items():
        if given[preset] in words and (preset in rows or given[preset] != first):
            row = rows.get(preset) or {"name": preset, "kind": "choice", "label": {"ja": label.ja, "en": label.en}}
            listed = {code: {"ja": text.ja, "en": text.en} for code, text in words.items()}
            rows[preset] = {"choices": listed, "required": False, **row, "default": given[preset]}
    return made | {"variables": list(rows.values())}


def front_faults(given: Given, document: Document) -> Findings:
    """Each text is needed in both languages; conditions of key terms must read."""
    known = {row["name"] for row in document["variables"]}
    found = [
        _fault(f"{name}_{language}", _BOTH)
        for name in BOTH
        for language in ("ja", "en")
        if not given[f"{name}_{language}"]
    ]
    for n, row in enumerate(given["terms"]):
        found += [_fault(f"term-{n}-{name}", _BOTH) for name in TERM[:4] if not row[name]]
        label = Text(row["label_ja"], row["label_en"])
        found += condition_faults(f"term-{n}-when", row["when"], known, label)
    return found


# ---- variables ----
def variables_shown(document: Mapping[str, Any]) -> Given:
    return {"variables": [_variable_shown(row) for row in document["variables"]]}


def _variable_shown(row: Mapping[str, Any]) -> dict[str, str]:
    return {
        "name": row["name"],
        "kind": row["kind"],
        "label_ja": row["label"]["ja"],
        "label_en": row["label"]["en"],
        "required": "1" if row.get("required", True) else "",
        "default": default_shown(row["kind"], row.get("default")),
        "choices": "\n".join(f"{code} = {text['ja']} / {text['en']}" for code, text in row.get("choices", {}).items()),
        "was": row["name"],
    }


def variables_typed(data: Any) -> Given:
    return {"variables": _sent_table(data, "var", VARIABLE, VARIABLES_MAX, {"choices": TEXT_MAX})}


def variables_document(given: Given, document: Document) -> Document:
    """The document with its variables; what the page does not show of one, such as a default in JSON, is kept.

    It is found again by the name that the variable had, and goes along under a new one; a variable that is a part of
    one with a new name names that.
    """
    held = {row["name"]: row for row in document["variables"]}
    renamed = {row["was"]: row["name"] for row in given["variables"] if row["was"] in held}
    made = [_variable(row, held.get(row["was"], {})) for row in given["variables"]]
    for row in made:
        if row.get("part_of") in renamed:
            row["part_of"] = renamed[row["part_of"]]
    return {**document, "variables": made}


def _variable(row: Mapping[str, str], held: Mapping[str, Any]) -> Document:
    beside = {key: value for key, value in held.items() if key not in TYPED}
    made: Document = {**beside, "name": row["name"], "kind": row["kind"], "label": _both(row, "label")}
    if row["kind"] in WITH_CHOICES:
        made["choices"] = choices_read(row["choices"])[0]
    if not row["required"]:
        made["required"] = False
    default = default_read(row)
    if row["kind"] not in DEFAULTS and held.get("kind") == row["kind"] and "default" in held:
        default = held["default"]
    if default is not None:
        made["default"] = default
    return made


def variables_faults(given: Given, document: Document) -> Findings:
    """Names once and in Latin letters, labels in both languages, choices that read, defaults of their kind."""
    found: Findings = []
    names = [row["name"] for row in given["variables"]]
    for n, row in enumerate(given["variables"]):
        about = {"name": Text(row["name"] or str(n + 1), row["name"] or str(n + 1))}
        if not _NAME.fullmatch(row["name"]) or row["name"] in names[:n]:
            found.append(_fault(f"var-{n}-name", _NAME_ONCE, **about))
        if row["kind"] not in variables.KINDS:
            found.append(_fault(f"var-{n}-kind", _KIND, **about))
        found += [_fault(f"var-{n}-{name}", _LABEL, **about) for name in ("label_ja", "label_en") if not row[name]]
        listed, bad = choices_read(row["choices"])
        if row["kind"] in WITH_CHOICES and (bad or not listed):
            found.append(_fault(f"var-{n}-choices", _CHOICES, **about, line=bad or "–"))
        elif row["default"] and default_read(row) is None and row["kind"] in DEFAULTS:
            found.append(_fault(f"var-{n}-default", _DEFAULT, **about, value=row["default"][:60]))
    return found


# ---- shared ----
PARTS: dict[str, tuple[Callable, Callable, Callable, Callable]] = {
    ORDER: (order_shown, order_typed, order_document, order_faults),
    FRONT: (front_shown, front_typed, front_document, front_faults),
    VARIABLES: (variables_shown, variables_typed, variables_document, variables_faults),
}


def condition_faults(field: str, condition: str, known: set[str], name: Text) -> Findings:
    """What keeps a condition from being read, or which variable it asks for that the template lacks."""
    if not condition:
        return []
    try:
        lacking = sorted(conditions.names(condition) - known)
    except Refused as refusal:
        return [_fault(field, _SAID, said=Text(refusal.text("ja"), refusal.text("en")))]
    return [_fault(field, _LACKING, name=name, variable=one) for one in lacking]


def variable_choices(row: Mapping[str, str]) -> list[tuple[str, object]]:
    """What the default of a variable may be, where it is chosen and not typed."""
    if row["kind"] == "flag":
        return [("", "–"), ("yes", _("yes")), ("no", _("no"))]
    listed = {code: Text(words["ja"], words["en"]) for code, words in choices_read(row["choices"])[0].items()}
    return choices(listed, empty="–") if row["kind"] == "choice" else []


def _sent(data: Any, name: str, most: int) -> str:
    return str(data.get(name, "")).replace("\r\n", "\n").strip()[:most]


def _sent_table(
    data: Any, prefix: str, names: Sequence[str], rows_max: int, most: Mapping[str, int] | None = None
) -> list[dict[str, str]]:
    """Rows in the order in which they were sent; each was sent with its number, an empty one too."""
    bound = most or {}
    return [
        {name: _sent(data, f"{prefix}-{n}-{name}", bound.get(name, LINE_MAX)) for name in names}
        for n in range(rows_max)
        if f"{prefix}-{n}-{names[0]}" in data
    ]


def _both(given: Mapping[str, str], name: str) -> dict[str, str]:
    return {language: given[f"{name}_{language}"] for language in ("ja", "en")}


def _fault(field: str, words: Text, **facts: object) -> Finding:
    return Finding(None, field, "template-field", words.ja, words.en, facts)


_SAID = Text("{said}", "{said}")
_NOTHING = Text("条項を一つ以上置いてください。", "Place at least one clause.")
_NO_HEADING = Text("章の見出しを両言語で記入してください。", "Write the heading of the chapter in both languages.")
_BOTH = Text("両言語で記入してください。", "Write it in both languages.")
_LACKING = Text(
    "「{name}」の条件が求める変数「{variable}」がありません。",
    "The condition of “{name}” asks for the variable “{variable}”, which the template lacks.",
)
_NAME_ONCE = Text(
    "変数「{name}」：名は英小文字・数字・下線とし、同じ名は一度だけ使えます。",
    "Variable “{name}”: the name takes lower-case letters, digits and underscores, and stands once.",
)
_KIND = Text("変数「{name}」：種類を選んでください。", "Variable “{name}”: choose its kind.")
_LABEL = Text("変数「{name}」：名称を両言語で記入してください。", "Variable “{name}”: label it in both languages.")
_CHOICES = Text(
    "変数「{name}」：選択肢は1行に一つ「符号 = 日本語 / English」と記入してください（{line}）。",
    "Variable “{name}”: write one choice a line, as code = 日本語 / English ({line}).",
)
_DEFAULT = Text(
    "変数「{name}」：既定値「{value}」は使えません。", "Variable “{name}”: the default “{value}” cannot be used."
)
