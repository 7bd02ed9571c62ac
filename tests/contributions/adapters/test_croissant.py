"""Croissant: judged as mlcroissant judges, nothing fetched, nothing guessed."""

from __future__ import annotations

import contextlib
import copy
import json
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from contributions.adapters import croissant, croissant_json
from contributions.core.errors import Refused

ROOT = Path(__file__).resolve().parents[3]
DEMO = sorted((ROOT / "demo" / "datasets").glob("*.json"))
FAMILIES = {
    "distribution_missing_property_content_url": ("contentUrl", "必須の項目"),
    "metadata_bad_type": ("doesn't extend https://schema.org/Dataset", "schema.org/Dataset"),
    "recordset_wrong_join": ("didn't declare a join", "結合"),
}


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("something was to be fetched")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


@pytest.fixture
def document() -> dict[str, Any]:
    return json.loads((ROOT / "demo" / "datasets" / "honda-vehicle-dynamics.json").read_text())


def refusal(document: dict[str, Any] | bytes) -> Refused:
    content = document if isinstance(document, bytes) else json.dumps(document, indent=1).encode()
    with pytest.raises(Refused) as caught:
        croissant.describe(content)
    return caught.value


def test_every_real_description_is_accepted_with_what_it_states(real_data: Path) -> None:
    described = {
        path.stem: croissant.describe(path.read_bytes()) for path in sorted((real_data / "croissant").glob("*.json"))
    }
    assert len(described) >= 8
    coco, mri = described["1.0_coco2014-mini"], described["1.1_zenodo-head-mri"]
    assert (coco.name.en, coco.licences, coco.version, coco.conforms_to) == (
        "Mini-COCO",
        ("cc-by-4.0",),
        "1.0.0",
        "1.0",
    )
    assert coco.files[0].sha256 == "d010037fee9416bdcc187a37a4aec7bef798316147da2753bd86e78fc0d469a5"
    assert (mri.creators, mri.files[0].bytes, mri.files[0].md5, mri.conforms_to) == (
        ("Zenodo",),
        4_698_000,
        "e5cbd0bca91f1787d057b0eac2572bde",
        "1.1",
    )


def test_what_a_real_description_leaves_out_is_named_and_holds_it_back(real_data: Path) -> None:
    flow = croissant.describe((real_data / "croissant" / "1.1_huggingface-baratilab-flow3d.json").read_bytes())
    assert [gap.en for gap in flow.gaps] == [
        "No licence is stated.",
        "The file “repo” has no SHA-256 of 64 hex digits.",
        "The file “repo” has no size.",
    ]
    assert not flow.is_ready_for_review
    assert flow.quantity is None
    unknown = croissant.describe((real_data / "croissant" / "1.0_gpt-3.json").read_bytes())
    assert unknown.gaps[0].en == "No licence is stated."


def test_every_broken_description_is_refused_in_the_validators_words_and_ours(real_data: Path) -> None:
    broken = sorted((real_data / "croissant_bad").glob("*.json"))
    assert len(broken) >= 3
    for path in broken:
        why = refusal(path.read_bytes())
        words, ours = FAMILIES[path.stem]
        assert why.code == "croissant-refused"
        assert words in why.text("en") and words in why.text("ja")
        assert ours in why.text("ja")


@pytest.mark.parametrize("path", DEMO, ids=lambda path: path.stem)
def test_every_demo_description_is_complete_and_says_that_it_is_illustrative(path: Path) -> None:
    described = croissant.describe(path.read_bytes())
    assert described.gaps == () and described.warnings == ()
    assert described.description.ja.startswith("見本・架空")
    assert described.description.en.startswith("Illustrative")
    assert described.quantity is not None and described.total_bytes
    assert dict(described.additions)["country"] == "JP"


def test_a_cycle_is_refused_by_the_name_of_its_node(document: dict[str, Any]) -> None:
    document["distribution"][0]["containedIn"] = {"@id": "index.csv"}
    document["distribution"][1]["containedIn"] = {"@id": "drives-2026q1.parquet"}
    why = refusal(document)
    assert why.code == "croissant-cycle"
    assert "drives-2026q1.parquet" in why.text("ja")


def _top(document: dict[str, Any]) -> None:
    document["@context"] = "https://schema.org/"


def _listed(document: dict[str, Any]) -> None:
    document["@context"] = [document["@context"], "https://schema.org/"]


def _nested(document: dict[str, Any]) -> None:
    document["distribution"][0]["@context"] = "http://127.0.0.1/c.jsonld"


def _term(document: dict[str, Any]) -> None:
    document["@context"]["foo"] = {"@id": "sc:foo", "@context": ["file:///etc/passwd"]}


def _imported(document: dict[str, Any]) -> None:
    document["@context"]["@import"] = "https://schema.org/"


@pytest.mark.parametrize("change", [_top, _listed, _nested, _term, _imported])
def test_a_context_elsewhere_is_refused_and_never_fetched(
    document: dict[str, Any], change: Callable[..., None]
) -> None:
    change(document)
    assert refusal(document).code == "remote-context"


@pytest.mark.parametrize(
    ("content", "expected", "words"),
    [
        (b'{"a": 1,\n "b": {"c": 1,\n "c": 2}}', "duplicate-name", "line 2"),
        (b'{"a": "NaN",\n "b": NaN}', "not-a-number", "Line 2"),
        (b'{"b": -Infinity}', "not-a-number", "-Infinity"),
        (b'{"a": \n oops}', "not-json", "line 2"),
        (b'{"a": "\n\xff"}', "not-utf-8", "Line 2"),
        (b"[]", "not-an-object", ""),
        (b'{"a":' + b"[" * 100_000, "description-too-deep", ""),
        (b'{"a":' + b"1" * 5000 + b"}", "not-json", "digits"),
        (b"{}", "croissant-refused", "Found no node"),
        (b"", "not-json", "line 1"),
    ],
)
def test_what_is_not_plain_json_is_refused_naming_the_place(content: bytes, expected: str, words: str) -> None:
    why = refusal(content)
    assert why.code == expected
    assert words in why.text("en")
    assert why.text("ja")


def test_a_description_over_the_limit_is_refused_before_it_is_read() -> None:
    with pytest.raises(croissant_json.TooLarge):
        croissant.describe(b"{" * 100, limit=99)


def test_the_document_is_judged_as_mlcroissant_alone_would_judge_it(document: dict[str, Any]) -> None:
    import mlcroissant

    def cut(path: tuple[Any, ...]) -> dict[str, Any]:
        changed = copy.deepcopy(document)
        at = changed
        for step in path[:-1]:
            at = at[step]
        del at[path[-1]]
        return changed

    judged: dict[tuple[Any, ...], bool] = {}
    alone: dict[tuple[Any, ...], bool] = {}
    first = ("distribution", 0)
    paths: list[tuple[Any, ...]] = [("name",), ("license",), ("version",), ("conformsTo",), ("@type",)]
    paths += [(*first, name) for name in ("sha256", "encodingFormat", "contentSize", "contentUrl", "@id")]
    paths += [("recordSet", 0, "field", 0, name) for name in ("dataType", "source")]
    for path in paths:
        changed = cut(path)
        with contextlib.suppress(Refused):
            croissant.describe(json.dumps(changed).encode())
            judged[path] = True
        with contextlib.suppress(Exception):
            mlcroissant.Dataset(jsonld=copy.deepcopy(changed))
            alone[path] = True
    assert judged == alone
    assert ("license",) in judged
    assert (*first, "sha256") not in judged


def _field(document: dict[str, Any]) -> dict[str, Any]:
    return document["recordSet"][0]["field"][0]


def _from(document: dict[str, Any], file: str) -> dict[str, Any]:
    """A further field, out of that file."""
    field = copy.deepcopy(_field(document))
    field["@id"] += "-more"
    field["source"] = {"fileObject": {"@id": file}, "extract": {"column": "more"}}
    return field


def _other_file(document: dict[str, Any]) -> str:
    made = copy.deepcopy(document["distribution"][0]) | {"@id": "other.csv", "name": "other.csv"}
    made |= {"encodingFormat": "text/csv", "contentUrl": "other.csv"}
    document["distribution"].append(made)
    return "other.csv"


def _round(document: dict[str, Any]) -> None:
    first, second = document["distribution"][0]["@id"], _other_file(document)
    document["distribution"][0]["containedIn"] = {"@id": second}
    document["distribution"][-1]["containedIn"] = {"@id": first}


def _set(document: dict[str, Any]) -> dict[str, Any]:
    inside = {"@id": document["distribution"][0]["@id"]}
    return {"@type": "cr:FileSet", "@id": "parts", "name": "parts", "encodingFormat": "text/csv", "containedIn": inside}


def _inline(rows: object) -> dict[str, Any]:
    field = {"@type": "cr:Field", "@id": "inline/a", "name": "a", "dataType": "sc:Text"}
    return {"@type": "cr:RecordSet", "@id": "inline", "name": "inline", "field": [field], "data": rows}


# One fault each, of the kinds that the validator's own tests try.
FAULTS: dict[str, Callable[[dict[str, Any]], object]] = {
    "distribution contained in nothing": lambda d: d["distribution"][0].update(containedIn={"@id": "nowhere"}),
    "distribution with a bad id": lambda d: d["distribution"][0].update({"@id": "ids with spaces"}),
    "distribution of a bad type": lambda d: d["distribution"][0].update({"@type": "sc:Thing"}),
    "distribution without a format": lambda d: d["distribution"][0].pop("encodingFormat"),
    "distribution without a name": lambda d: d["distribution"][0].pop("name", None),
    "distribution without an address": lambda d: d["distribution"][0].pop("contentUrl"),
    "metadata of a bad type": lambda d: d.update({"@type": "sc:Thing"}),
    "metadata without a name": lambda d: d.pop("name"),
    "a bad date": lambda d: d.update(datePublished="yesterday"),
    "field with a bad source": lambda d: _field(d).update(source={"fileObject": {"@id": "nowhere"}}),
    "field of a bad type": lambda d: _field(d).update({"@type": "sc:Thing"}),
    "field without a name": lambda d: _field(d).pop("name", None),
    "field without a source": lambda d: _field(d).pop("source"),
    "field of a type without context": lambda d: _field(d).update(dataType="xx:Integer"),
    "field with a bad transform": lambda d: _field(d)["source"].update(transform={"regex": "("}),
    "array without a shape": lambda d: _field(d).update(isArray=True),
    "array of a bad shape": lambda d: _field(d).update(isArray=True, arrayShape="a,b,c"),
    "array of a good shape": lambda d: _field(d).update(isArray=True, arrayShape="3,-1"),
    "field in two languages": lambda d: _field(d).update(name={"ja": "速度", "en": "speed"}),
    "record set of a bad type": lambda d: d["recordSet"][0].update({"@type": "sc:Thing"}),
    "record set without a name": lambda d: d["recordSet"][0].pop("name", None),
    "record set without fields": lambda d: d["recordSet"][0].pop("field"),
    "a version that is none": lambda d: d.update(version="first"),
    "of another version of croissant": lambda d: d.update(conformsTo="http://mlcommons.org/croissant/9.9"),
    "of no stated version of croissant": lambda d: d.pop("conformsTo"),
    "two sources without a join": lambda d: d["recordSet"][0]["field"].append(_from(d, _other_file(d))),
    "a join to nowhere": lambda d: _field(d).update(references={"field": {"@id": "nowhere/nothing"}}),
    "a join to a file that is none": lambda d: _field(d).update(references={"fileObject": {"@id": "nowhere"}}),
    "a field below a field": lambda d: _field(d).update(subField=[_from(d, d["distribution"][0]["@id"])]),
    "a parent that is none": lambda d: _field(d).update(parentField={"@id": "nowhere"}),
    "a key that is no field": lambda d: d["recordSet"][0].update(key={"@id": "nowhere"}),
    "one id twice": lambda d: d["distribution"].append(copy.deepcopy(d["distribution"][0])),
    "a file contained in itself": lambda d: d["distribution"][0].update(
        containedIn={"@id": d["distribution"][0]["@id"]}
    ),
    "two files contained in each other": _round,
    "a set of files without a pattern": lambda d: d["distribution"].append(_set(d)),
    "a set of files": lambda d: d["distribution"].append(_set(d) | {"includes": "*.csv"}),
    "a digest of another kind alone": lambda d: d["distribution"][0].update(md5="0" * 32, sha256=None),
    "a digest that is a number": lambda d: d["distribution"][0].update(sha256=5),
    "an address that is a list": lambda d: d["distribution"][0].update(contentUrl=["a.csv", "b.csv"]),
    "a format that is a number": lambda d: d["distribution"][0].update(encodingFormat=5),
    "rows in line that fit": lambda d: d["recordSet"].append(_inline([{"inline/a": "x"}])),
    "rows in line that name no field": lambda d: d["recordSet"].append(_inline([{"inline/b": "x"}])),
    "rows in line that are no list": lambda d: d["recordSet"].append(_inline("x")),
    "a data type that is a number": lambda d: _field(d).update(dataType=5),
    "an extraction that is none": lambda d: _field(d)["source"].update(extract={"nothing": "x"}),
    "a column of no file": lambda d: _field(d).update(source={"extract": {"column": "x"}}),
    "no distribution": lambda d: d.pop("distribution"),
    "no record set": lambda d: d.pop("recordSet"),
    "no address": lambda d: d.pop("url", None),
    "a licence in a list of two": lambda d: d.update(license=["cc-by-4.0", "mit"]),
    "a licence that is a number": lambda d: d.update(license=5),
    "a creator without a name": lambda d: d.update(creator={"@type": "Person"}),
    "a name that is a list": lambda d: d.update(name=["a", "b"]),
    "no context": lambda d: d.pop("@context"),
    "an empty context": lambda d: d.update({"@context": {}}),
}


# What mlcommons' own test graphs of version 1.0 try, each on a description of 1.0 too, which knows no languages.
GRAPHS_1_0 = ("distribution", "metadata", "field", "record set", "two sources")


def _plain(value: Any) -> Any:
    """Texts in English alone, where they stand in two languages."""
    if isinstance(value, dict):
        return value["en"] if value.keys() == {"ja", "en"} else {name: _plain(each) for name, each in value.items()}
    return [_plain(each) for each in value] if isinstance(value, list) else value


def test_a_description_of_version_1_0_is_accepted_without_languages(document: dict[str, Any]) -> None:
    plain = _plain(document) | {"conformsTo": "http://mlcommons.org/croissant/1.0"}
    assert croissant.describe(json.dumps(plain).encode()).conforms_to == "1.0"


@pytest.mark.parametrize(
    ("name", "version"),
    [*((name, "1.1") for name in FAULTS), *((name, "1.0") for name in FAULTS if name.startswith(GRAPHS_1_0))],
)
def test_each_fault_gets_the_validators_own_verdict_in_its_own_words(
    document: dict[str, Any], name: str, version: str
) -> None:
    import mlcroissant

    document = document if version == "1.1" else _plain(document)
    document["conformsTo"] = f"http://mlcommons.org/croissant/{version}"
    FAULTS[name](document)
    alone = ""
    try:
        mlcroissant.Dataset(jsonld=copy.deepcopy(document))
    except Exception as error:  # whatever it says, we say
        alone = str(error)
    ours = ""
    try:
        croissant.describe(json.dumps(document).encode())
    except Refused as refused:
        ours = refused.text("en")
    assert bool(alone) == bool(ours), (alone, ours)
    faults = [line.strip(" -") for line in alone.partition("warning(s) during")[0].splitlines() if " -" in line]
    assert all(fault in ours for fault in faults)
