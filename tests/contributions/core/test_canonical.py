"""Canonical JSON: the published digests, agreement with another implementation, and every refusal."""

from __future__ import annotations

import json
import unicodedata
from pathlib import Path

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from contributions.core import canonical

VECTORS = json.loads((Path(__file__).parents[2] / "vectors" / "canonical.json").read_text())

letters = st.text(st.characters(exclude_categories=["Cs", "Cn"])).map(lambda text: unicodedata.normalize("NFC", text))
keys = st.text(st.characters(max_codepoint=127))
integers = st.integers(-canonical.INTEGER_MAX, canonical.INTEGER_MAX)
documents = st.recursive(
    st.none() | st.booleans() | integers | letters,
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(keys, inner, max_size=5),
    max_leaves=25,
)


@pytest.mark.parametrize("case", VECTORS["cases"], ids=lambda case: case["name"])
def test_published_digests(case):
    assert canonical.digest(case["value"]) == case["sha256"]


@pytest.mark.parametrize("case", VECTORS["outside"], ids=lambda case: case["name"])
def test_the_published_cases_outside_the_profile_are_refused_in_both_directions(case):
    written = rfc8785.dumps(case["value"])
    assert canonical.sha256_hex(written) == case["sha256"], "the vector is the published one"
    with pytest.raises(canonical.NotCanonical, match=case["reason"]):
        canonical.dumps(case["value"])
    with pytest.raises(canonical.NotCanonical):
        canonical.loads(written)


@given(documents)
def test_it_writes_the_same_bytes_as_the_rfc8785_package(document):
    assert canonical.dumps(document) == rfc8785.dumps(document)


@given(documents)
def test_what_is_written_reads_back(document):
    assert canonical.loads(canonical.dumps(document)) == document


@pytest.mark.parametrize(
    "value",
    [
        1.5,
        float("nan"),
        [2.0],
        2**53,
        -(2**53),
        {"é": 1},
        {1: 1},
        "e\u0301",
        "\ud800",
        b"bytes",
        {"set": {1}},
        "A\u030a",
    ],
    ids=repr,
)
def test_what_lies_outside_the_profile_is_not_written(value):
    with pytest.raises(canonical.NotCanonical):
        canonical.dumps(value)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b" 1",
        b"1 ",
        b"1\n",
        b"\xef\xbb\xbf1",
        b"\xff",
        b"1.0",
        b"1e3",
        b"-0",
        b"01",
        b"NaN",
        b"Infinity",
        b"9007199254740992",
        b"1" * 5000,
        b'{"a":1,"a":1}',
        b'{"b":1,"a":1}',
        b'{"a": 1}',
        b'"\\u0041"',
        b'"\\/"',
        b'"\\ud800"',
        b'"e\xcc\x81"',
        b'{"\xc3\xa9":1}',
        b"[" * 100 + b"]" * 100,
        b"[" * 100_000,
        b'"\t"',
    ],
    ids=lambda data: repr(data[:20]),
)
def test_bytes_that_are_not_canonical_are_refused(data):
    with pytest.raises(canonical.NotCanonical):
        canonical.loads(data)


@given(st.binary(max_size=40))
def test_arbitrary_bytes_are_refused_or_canonical(data):
    try:
        value = canonical.loads(data)
    except canonical.NotCanonical:
        return
    assert canonical.dumps(value) == data


def test_tuples_are_written_as_lists():
    assert canonical.dumps(("a", 1)) == b'["a",1]'
