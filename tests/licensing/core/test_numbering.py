"""Two ways to number, and print that is read back to the same place in both languages."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from licensing.core import numbering
from licensing.core.numbering import Place

PLACES = st.builds(
    Place,
    st.integers(1, 300),
    st.one_of(st.none(), st.integers(1, 40)),
    st.one_of(st.none(), st.integers(1, 60)),
)


@pytest.mark.parametrize("preset", numbering.PRESETS)
@given(place=PLACES, own=st.integers(1, 300))
def test_a_printed_reference_leads_to_the_same_place_in_both_languages(preset, place, own):
    if place.paragraph is None and place.item is not None and place.article == own:
        place = Place(place.article)
    printed = numbering.style(preset).reference(own, place)
    for language in ("ja", "en"):
        read = numbering.read_reference(printed.of(language), language)
        assert (read.article or own, read.paragraph, read.item) == (place.article, place.paragraph, place.item)


@given(st.integers(1, 9_999))
def test_kanji_numerals_are_read_back(number):
    assert numbering.read_kanji(numbering.kanji(number)) == number


def test_the_two_presets_as_lawyers_know_them():
    house, statute = numbering.style("house"), numbering.style("statute")
    assert house.article(12).ja == "第12条" and statute.article(12).ja == "第十二条"
    assert house.paragraph(3, 1, True).ja == "1" and statute.paragraph(3, 1, True).ja == ""
    assert statute.paragraph(3, 2, True) == numbering.Text("２", "3.2")
    assert house.item(2).ja == "（2）" and statute.item(2) == numbering.Text("二", "(b)")


@pytest.mark.parametrize("text", ["第条", "Article x", "第3条の2", "", "paragraph"])
def test_what_is_no_reference_is_not_read_as_one(text):
    language = "en" if text.isascii() else "ja"
    read = numbering.read_reference(text, language)
    assert read is None or read == Place(None)
