"""The translations are complete, or the check says which is not."""

import ast

import polib
import pytest

from config import messages
from config.messages import Message, Unreadable


def code(text: str) -> Message:
    call = ast.parse(text, mode="eval").body
    return messages.message_of(call, "here.py:1")


def template(tmp_path, monkeypatch, text: str) -> list[Message]:
    monkeypatch.setattr(messages, "ROOT", tmp_path)
    path = tmp_path / "page.html"
    path.write_text("{% load i18n %}" + text, encoding="utf-8")
    return list(messages.in_template(path))


def entry(japanese: str, **more) -> polib.POEntry:
    return polib.POEntry(msgid="%(n)s days", msgstr=japanese, **more)


DAYS = Message("%(n)s days", None, None, "page.html:1")


def test_a_text_in_code_is_found_with_its_plural_and_its_context():
    assert code('ngettext("one day", "%(n)s days", n)') == Message("one day", "%(n)s days", None, "here.py:1")
    assert code('pgettext("adjective", "Open")') == Message("Open", None, "adjective", "here.py:1")


def test_a_text_that_is_put_together_at_run_time_is_refused_by_place():
    with pytest.raises(Unreadable, match=r"here\.py:1"):
        code('_(f"{n} days")')


def test_each_way_of_translating_in_a_template_is_read(tmp_path, monkeypatch):
    found = template(
        tmp_path,
        monkeypatch,
        '{% translate "Usage report" %}{% translate "Open" context "adjective" %}{% include "x" with a=_("It\'s") %}'
        "{% blocktranslate count n=n %}one day{% plural %}{{ n }} days{% endblocktranslate %}{{ a|default:_('none') }}",
    )
    assert [(m.id, m.plural, m.context) for m in found] == [
        ("Usage report", None, None),
        ("Open", None, "adjective"),
        ("It's", None, None),
        ("one day", "%(n)s days", None),
        ("none", None, None),
    ]


def test_words_outside_the_tags_are_no_texts(tmp_path, monkeypatch):
    assert template(tmp_path, monkeypatch, "<p>gettext( _( </p>") == []


@pytest.mark.parametrize(
    ("translation", "fault"),
    [
        (None, "is not in the catalogue"),
        (entry(""), "has no Japanese text"),
        (entry("%(n)s日", flags=["fuzzy"]), "is marked fuzzy"),
        (entry("数日"), "leaves out n"),
        (entry("%(n)s日と%(m)s時"), "names m, which the source does not give"),
    ],
)
def test_a_missing_or_faulty_translation_is_named(translation, fault):
    assert list(messages.faults(DAYS, translation)) == [fault]


def test_a_sound_translation_has_no_fault():
    assert list(messages.faults(DAYS, entry("%(n)s日"))) == []
