"""How figures, names and states read on a page."""

from datetime import UTC, date, datetime
from fractions import Fraction
from pathlib import Path

import pytest
from django.template import Context, Engine
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from contributions.core.errors import Refused
from contributions.core.words import Text
from contributions.templatetags import moyai

ROOT = Path(__file__).resolve().parents[3]


def shown(template, **context):
    engine = Engine(libraries={"moyai": "contributions.templatetags.moyai"})
    return engine.from_string("{% load moyai %}" + template).render(Context(context))


def test_integers_are_grouped_and_zero_is_not_nothing():
    assert moyai.grouped(1234567) == "1,234,567"
    assert moyai.grouped("1234567") == "1,234,567"
    assert moyai.grouped(0) == "0"
    assert moyai.grouped(None) == "–"


def test_a_fraction_is_not_silently_rounded_to_an_integer():
    with pytest.raises(AssertionError):
        moyai.grouped(Fraction(1, 3))


def test_a_float_never_reaches_a_page():
    for show in (moyai.grouped, moyai.percent, moyai.decimal, moyai.fraction, moyai.yen):
        with pytest.raises(AssertionError):
            show(0.1)


def test_a_share_is_shown_as_a_percentage_with_the_decimals_asked_for():
    assert moyai.percent(Fraction(1, 3), 4) == "33.3333\u00a0%"
    assert moyai.percent_bare("107054/500000", 4) == "21.4108"
    assert moyai.percent(1, 0) == "100\u00a0%"
    assert moyai.percent(None) == "–"


def test_ties_go_to_the_even_digit():
    assert moyai.decimal(Fraction(1, 8), 2) == "0.12"
    assert moyai.decimal(Fraction(3, 8), 2) == "0.38"
    assert moyai.decimal(Fraction(-1, 8), 2) == "-0.12"


def test_a_small_negative_keeps_its_sign():
    assert moyai.decimal(Fraction(-1, 20), 2) == "-0.05"


@given(st.fractions(), st.integers(min_value=0, max_value=6))
def test_what_is_shown_is_within_half_of_its_last_digit(value, places):
    read_back = Fraction(moyai.decimal_text(value, places).replace(",", ""))
    assert abs(read_back - value) <= Fraction(1, 2 * 10**places)


def test_the_exact_fraction_is_written_in_lowest_terms():
    assert moyai.fraction(Fraction(6766346, 35151760)) == "3,383,173\u00a0/\u00a017,575,880"
    assert moyai.fraction(2) == "2"


def test_yen_carry_their_reading_in_ten_thousands_for_the_toggle():
    html = moyai.yen(123450000)
    assert ">123,450,000<" in html
    assert 'data-kanji="1億2,345万円"' in html
    with translation.override("ja"):
        assert ">123,450,000円<" in moyai.yen(123450000, "unit")
    with translation.override("en"):
        assert ">-¥5<" in moyai.yen(-5, "unit")


@pytest.mark.parametrize(
    ("amount", "reading"),
    [
        (0, "0円"),
        (9_999, "9,999円"),
        (10_000, "1万円"),
        (100_000_000, "1億円"),
        (123_456_789, "1億2,345万6,789円"),
        (1_000_000_000_001, "1兆1円"),
        (-20_000, "-2万円"),
    ],
)
def test_kanji_yen_is_exact(amount, reading):
    assert moyai.kanji_yen(amount) == reading


def test_quantities_are_read_in_the_unit_people_use():
    with translation.override("ja"):
        assert moyai.quantity_text(1824886, "gpu_s") == "506.91\u00a0GPU時間"
        assert moyai.quantity_text(1234567, "record") == "1,234,567\u00a0件"
    with translation.override("en"):
        assert moyai.quantity_text("2500000000", "byte") == "2.50\u00a0GB"
        apart = '<span class="unbroken">1,234,567</span> <span class="unbroken">records</span>'
        assert moyai.quantity(1234567, "record") == apart, "a line may end between the two alone"
        assert moyai.quantity(None, "record") == moyai.quantity_text(None, "record") == moyai.NOTHING
        assert moyai.size(1234567, "record") == apart and "not stated" in moyai.size(0, "byte")
    assert moyai.hours(1824886, 6) == "506.912778"


def test_days_and_moments_are_japanese_ones():
    late = datetime(2026, 10, 30, 16, 2, tzinfo=UTC)
    assert moyai.day(date(2026, 4, 12)) == "2026-04-12"
    assert moyai.day(late) == "2026-10-31"
    assert moyai.moment(late) == "2026-10-31 01:02"
    assert moyai.moment("2026-10-31T05:02:00Z") == "2026-10-31 14:02"
    assert moyai.day(None) == moyai.moment(None) == "–"


def test_a_digest_is_shown_by_its_first_eight_characters():
    assert moyai.short("9c1e03f75ab2") == "9c1e03f7"
    assert moyai.short(bytes.fromhex("9c1e03f75ab2")) == "9c1e03f7"


@pytest.mark.parametrize(
    "thing",
    [
        {"name_ja": "本田技研工業", "name_en": "Honda"},
        Text("本田技研工業", "Honda"),
        {"name": Text("本田技研工業", "Honda")},
    ],
)
def test_a_thing_is_called_by_its_name_in_the_readers_language(thing):
    with translation.override("ja"):
        assert moyai.called(thing) == "本田技研工業"
    with translation.override("en"):
        assert moyai.called(thing) == "Honda"


def test_a_name_known_in_one_language_serves_both():
    with translation.override("en"):
        assert moyai.called({"name_ja": "青葉", "name_en": ""}) == "青葉"
        assert moyai.called_otherwise({"name_ja": "NEC", "name_en": "NEC"}) == ""


def test_texts_and_refusals_speak_the_readers_language():
    class Late(Refused):
        ja, en = "{day}を過ぎています。", "It is past {day}."

    with translation.override("ja"):
        assert (
            shown("{% text_of it %}|{{ it|text }}", it=Late(day="4月1日"))
            == "4月1日を過ぎています。|4月1日を過ぎています。"
        )
    with translation.override("en"):
        assert shown("{{ it|text }}", it=Late(day="1 April")) == "It is past 1 April."
    assert moyai.text(None) == ""


def test_names_are_escaped_on_the_page():
    assert "<b>" not in shown("{{ it|called }}", it={"name_ja": "<b>", "name_en": "<b>"})


def test_every_state_has_a_class_that_the_style_sheet_draws():
    css = (ROOT / "static" / "moyai.css").read_text(encoding="utf-8")
    for look, _label in moyai.STATES.values():
        assert not look or f".state.{look}" in css


def test_an_unknown_state_is_drawn_plainly_and_a_final_one_is_sealed():
    assert moyai.state_class("adopted") == "final"
    assert moyai.state_class("in-review") == "wait"
    assert moyai.state_class("never_heard") == ""
    assert moyai.state_label("never_heard") == "never heard"


def test_a_workplace_is_called_by_its_name():
    with translation.override("en"):
        assert moyai.workplace("desk") == "Allocation desk"


def test_no_template_needs_more_than_the_content_security_policy_allows():
    for path in (ROOT / "templates").rglob("*.html"):
        if "documents" in path.parts:
            continue
        source = path.read_text(encoding="utf-8")
        assert ' style="' not in source, path
        assert "<style" not in source, path
        assert " onclick=" not in source, path
