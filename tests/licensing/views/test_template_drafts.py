"""Templates written on pages: every part comes back as it was, rows move, faults are named, nothing typed is lost."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.http import QueryDict
from django.urls import reverse

from licensing.core import outlines
from licensing.forms import template_drafts as forms
from licensing.models import AgreementTemplate

TEMPLATES = json.loads((Path(__file__).parents[3] / "demo" / "clauses.json").read_text(encoding="utf-8"))["templates"]


@pytest.mark.parametrize("part", forms.PARTS)
@pytest.mark.parametrize("template", TEMPLATES, ids=lambda one: one["id"])
def test_every_part_of_every_template_comes_back_as_it_was(template, part):
    shown, _typed, made, faults = forms.PARTS[part]
    given = shown(template)
    assert faults(given, template) == []
    assert made(given, template) == template


def sent(given: dict, part: str, **changes: str) -> dict[str, str]:
    """What a browser would send of a page that shows this."""
    if part == forms.ORDER:
        found = {}
        for n, row in enumerate(given["rows"]):
            if row.kind == outlines.CHAPTER:
                found |= {f"row-{n}": "chapter", f"row-{n}-ja": row.heading.ja, f"row-{n}-en": row.heading.en}
            else:
                inside = "1" if row.inside else "0"
                found |= {f"row-{n}": f"clause:{row.clause}:{inside}", f"row-{n}-version": str(row.version or "")}
                found[f"row-{n}-when"] = row.condition
        return found | changes
    prefix, name, columns = {
        forms.FRONT: ("term", "terms", forms.TERM),
        forms.VARIABLES: ("var", "variables", forms.VARIABLE),
    }[part]
    found = {key: value for key, value in given.items() if key != name}
    for n, row in enumerate(given[name]):
        found |= {f"{prefix}-{n}-{column}": row[column] for column in columns if row[column] or column != "required"}
    return found | changes


@pytest.mark.parametrize("part", forms.PARTS)
def test_what_a_browser_sends_is_read_as_it_was_shown(part):
    shown, typed, _made, _faults = forms.PARTS[part]
    data = QueryDict(mutable=True)
    data.update(sent(shown(TEMPLATES[0]), part))
    assert typed(data) == shown(TEMPLATES[0])


@pytest.mark.parametrize(
    ("row", "field"),
    [
        ({"name": "Bad Name"}, "name"),
        ({"name": "fields"}, "name"),
        ({"kind": "magic"}, "kind"),
        ({"label_en": ""}, "label_en"),
        ({"kind": "choice", "choices": "quarter 四半期"}, "choices"),
        ({"kind": "choice", "choices": ""}, "choices"),
        ({"kind": "count", "default": "many"}, "default"),
        ({"kind": "words", "default": "東京"}, "default"),
        ({"kind": "choice", "choices": "a = あ / A", "default": "b"}, "default"),
    ],
)
def test_a_variable_that_cannot_be_is_named_with_its_field(row, field):
    blank = dict.fromkeys(forms.VARIABLE, "") | {"name": "n", "kind": "count", "label_ja": "数", "label_en": "n"}
    given = forms.variables_shown(TEMPLATES[2])
    given["variables"].append(blank | row)
    if row.get("name") == "fields":
        given["variables"].append(blank | row)
    (fault, *_rest) = forms.variables_faults(given, TEMPLATES[2])
    assert fault.field == f"var-{len(given['variables']) - 1}-{field}" and fault.text("ja") and fault.text("en")


@pytest.mark.parametrize(
    ("kind", "typed", "value"),
    [
        ("count", "３０", 30),
        ("money", "600万", "6000000"),
        ("rate", "14.6 %", "73/500"),
        ("date", "令和9年4月1日", "2027-04-01"),
        ("flag", "no", False),
        ("words", "東京 / Tokyo", {"ja": "東京", "en": "Tokyo"}),
    ],
)
def test_defaults_are_typed_as_people_write_them(kind, typed, value):
    row = dict.fromkeys(forms.VARIABLE, "") | {"name": "n", "kind": kind, "label_ja": "数", "label_en": "n"}
    made = forms.variables_document({"variables": [row | {"default": typed}]}, {"variables": []})
    assert made["variables"][0]["default"] == value


def test_a_variable_keeps_under_a_new_name_what_its_page_does_not_show():
    given = forms.variables_shown(TEMPLATES[0])
    rows = {row["was"]: row for row in given["variables"]}
    rows["terms"]["name"], rows["advance"]["name"] = "prices", "deposit"
    made = {row["name"]: row for row in forms.variables_document(given, TEMPLATES[0])["variables"]}
    held = {row["name"]: row for row in TEMPLATES[0]["variables"]}
    assert made["deposit"] == held["advance"] | {"name": "deposit", "part_of": "prices"}
    assert made["advance_credit"] == held["advance_credit"] | {"part_of": "prices"}
    assert made["prices"] == held["terms"] | {"name": "prices"}


def test_numbering_and_layout_are_defaults_of_their_variables():
    given = forms.front_shown(TEMPLATES[2]) | {"numbering": "statute", "layout": "after"}
    made = forms.front_document(given, TEMPLATES[2])
    defaults = {row["name"]: row.get("default") for row in made["variables"]}
    assert (defaults["numbering"], defaults["layout"]) == ("statute", "after")


@pytest.fixture
def legal(client, licensed_world):
    client.force_login(licensed_world.user("legal"))
    return client


def post(client, code: str, part: str, **changes: str):
    row = AgreementTemplate.objects.filter(code=code).order_by("-version").first()
    name = "template_edit" if part == forms.ORDER else "template_part"
    address = reverse(f"licensing:{name}", args=[code] if part == forms.ORDER else [code, part])
    given = forms.PARTS[part][0](row.document)
    opened = row.sha256 if row.state == "draft" else ""
    return client.post(address, sent(given, part) | {"opened": opened} | changes, headers={"accept-language": "en"})


def test_a_template_is_written_part_by_part_approved_by_another_and_compared(legal, licensed_world):
    pages = [reverse("licensing:template_edit", args=["nda"])]
    pages += [reverse("licensing:template_part", args=["nda", part]) for part in (forms.FRONT, forms.VARIABLES)]
    assert all("No finding" in legal.get(page, headers={"accept-language": "en"}).content.decode() for page in pages)
    assert post(legal, "nda", forms.FRONT, title_en="Confidentiality Agreement").status_code == 302
    assert post(legal, "nda", forms.ORDER, **{"row-1-when": "winddown > 0"}).status_code == 422
    assert post(legal, "nda", forms.VARIABLES, **{"var-0-label_en": "The Licensor"}).status_code == 302
    row = AgreementTemplate.objects.get(code="nda", version=2)
    assert row.document["title"]["en"] == "Confidentiality Agreement" and row.state == "draft"
    said = legal.get(reverse("licensing:template", args=["nda", 2]), headers={"accept-language": "en"}).content.decode()
    changed = [
        (one["one"].kind, one["one"].subject)
        for one in legal.get(reverse("licensing:template", args=["nda", 2])).context["differences"]
    ]
    assert "Confidentiality Agreement" in said and "The Licensor" in said
    assert changed == [("text", "title"), ("variable", "licensor")]
    legal.force_login(licensed_world.user("second"))
    approve = reverse("licensing:template_approve", args=["nda", 2])
    assert legal.post(approve, {"confirm": "nda@2", "day": "2026-12-01"}).status_code == 302
    assert AgreementTemplate.objects.get(code="nda", version=2).state == "approved"


def test_steps_change_the_page_and_keep_nothing(legal):
    answer = post(legal, "nda", forms.ORDER, do="down:0")
    assert [row["row"].clause for row in answer.context["rows"]][1] == forms.order_shown(TEMPLATES[2])["rows"][0].clause
    assert 'id="row-1-down"' in answer.content.decode() and "autofocus" in answer.content.decode()
    gone = post(legal, "nda", forms.ORDER, do="remove:0")
    assert len(gone.context["rows"]) == len(answer.context["rows"]) - 1
    more = post(legal, "nda", forms.ORDER, do="add:grant", after="0")
    assert more.context["rows"][1]["row"].clause == "grant" and "faults" in more.context and more.context["faults"]
    chapter = post(legal, "nda", forms.ORDER, do="chapter")
    assert chapter.context["rows"][-1]["row"].kind == "chapter"
    assert post(legal, "nda", forms.VARIABLES, do="more").context["variables"][-1]["row"]["name"] == ""
    assert len(post(legal, "nda", forms.ORDER, do="add:no-such").context["rows"]) == len(answer.context["rows"])
    assert not AgreementTemplate.objects.filter(code="nda", version=2).exists()


def test_the_library_is_searched_and_conditions_read_as_they_are_typed(legal):
    found = post(legal, "nda", forms.ORDER, find="1", looking="最恵待遇").content.decode()
    assert "add:mfn" in found
    said = post(legal, "nda", forms.ORDER, said="row-0-when", **{"row-0-when": "confidentiality_years > 3"})
    assert "exceeds 3" in said.content.decode()
    wrong = post(legal, "nda", forms.ORDER, said="row-0-when", **{"row-0-when": "__import__('os')"})
    assert "bad" in wrong.content.decode() and "cannot be used" in wrong.content.decode()
    lacking = post(legal, "nda", forms.ORDER, said="row-0-when", **{"row-0-when": "winddown > 0"})
    assert "winddown" in lacking.content.decode()


def test_a_stale_page_is_refused_and_keeps_what_was_typed(legal):
    assert post(legal, "nda", forms.FRONT, title_en="First").status_code == 302
    answer = post(legal, "nda", forms.FRONT, title_en="Second", opened="0" * 64)
    assert answer.status_code == 422 and "saved by somebody else" in answer.content.decode()
    assert 'value="Second"' in answer.content.decode()
    assert AgreementTemplate.objects.get(code="nda", version=2).document["title"]["en"] == "First"


def test_what_is_typed_is_read_with_sample_values_before_it_is_saved(legal):
    answer = post(legal, "nda", forms.FRONT, do="read", title_ja="秘密保持に関する契約書")
    assert "秘密保持に関する契約書" in answer.content.decode() and "第1条" in answer.content.decode()
    kept = legal.get(reverse("licensing:template_preview", args=["standard", 3]) + "?sample=3")
    assert kept.status_code == 200 and kept.context["tree"].articles


def test_a_new_template_begins_with_another_one(legal):
    page = reverse("licensing:template_new")
    typed = {"code": "pilot", "title_ja": "試行契約書", "title_en": "Pilot Agreement", "start": "evaluation"}
    assert legal.post(page, typed | {"code": "nda"}).status_code == 422
    assert legal.post(page, typed).status_code == 302
    row = AgreementTemplate.objects.get(code="pilot")
    assert (row.version, row.state, row.document["title"]["en"]) == (1, "draft", "Pilot Agreement")


@pytest.mark.parametrize("username", ["robo", "tetsu", "finance", "auditor"])
def test_only_legal_writes_templates(client, licensed_world, username):
    client.force_login(licensed_world.user(username))
    for address in ("template_new", "template_edit", "template_document"):
        assert (
            client.get(reverse(f"licensing:{address}", args=[] if address == "template_new" else ["nda"])).status_code
            == 404
        )
