"""JSON as it is read at the door: each name once, numbers that are numbers, whole characters, not nested without end.

The framework's own reader takes the last of two equal names and loses the first without a word.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from email.message import Message
from typing import Any

from django.utils.translation import gettext as _
from rest_framework import exceptions
from rest_framework.parsers import JSONParser

# Control characters other than tab and line ends, and code points that are no characters: no paper, sheet or page can
# show them. NUL has a sentence of its own where a field is read.
_UNSEEN = re.compile("[\x01-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufdd0-\ufdef\ufffe\uffff]")


class _Odd(str):
    """What stands in the place of a number that is none, so that its field can be named; the text is what was sent."""


class StrictJSONParser(JSONParser):
    """One plain document, or a refusal that names what is wrong with it."""

    def parse(self, stream, media_type=None, parser_context=None) -> Any:
        _check_charset(media_type or "")
        try:
            text = stream.read().decode("utf-8")
        except UnicodeDecodeError as error:
            raise exceptions.ParseError(
                _("The body is not UTF-8 (byte %(place)s).") % {"place": error.start + 1}, "not-utf-8"
            ) from None
        try:
            found = json.loads(
                text, object_pairs_hook=_once, parse_constant=_Odd, parse_float=_finite, parse_int=_whole
            )
            for path, value in _leaves(found):
                _check(path, value)
            return found
        except json.JSONDecodeError as error:
            said = _("The body is not JSON (line %(line)s, column %(column)s).")
            raise exceptions.ParseError(said % {"line": error.lineno, "column": error.colno}, "not-json") from None
        except RecursionError:
            raise exceptions.ParseError(_("The body is nested too deeply."), "too-deep") from None


class LinkedJSONParser(JSONParser):
    """JSON-LD, kept byte for byte: the endpoint reads the body itself, by the rules of its own format.

    Without it every caller but one whose CSRF token goes unchecked would be told that the type is not supported.
    """

    media_type = "application/ld+json"

    def parse(self, stream, media_type=None, parser_context=None) -> Any:
        _check_charset(media_type or "")
        return {}


def _check_charset(media_type: str) -> None:
    """JSON is UTF-8; a body that says it is something else would be misread where its bytes happen to fit."""
    header = Message()
    header["Content-Type"] = media_type
    charset = str(header.get_param("charset") or "utf-8")
    if charset.lower() not in {"utf-8", "utf8", "us-ascii"}:
        said = _("Send the body in UTF-8, not in %(charset)s.") % {"charset": _shown(charset[:40])}
        raise exceptions.UnsupportedMediaType(media_type, said, "not-utf-8")


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise _fault(_shown(name), _("This name stands twice."), "duplicate-name")
        found[name] = value
    return found


def _finite(text: str) -> float | _Odd:
    """1e400 would be read as infinite."""
    number = float(text)
    return number if abs(number) < float("inf") else _Odd(text)


def _whole(text: str) -> int | _Odd:
    try:
        return int(text)
    except ValueError:  # of more digits than are read
        return _Odd(text)


def _leaves(found: Any) -> Iterator[tuple[str, Any]]:
    """Every name and every value that is no object and no list, each with its place: lines.2.units, from 1."""
    waiting: list[tuple[str, Any]] = [("", found)]
    while waiting:
        path, value = waiting.pop()
        if isinstance(value, dict):
            inner = [(f"{path}.{name}" if path else name, each) for name, each in value.items()]
            yield from ((_shown(place), name) for (place, _each), name in zip(inner, value, strict=True))
            waiting += reversed(inner)
        elif isinstance(value, list):
            waiting += reversed([(f"{path}.{n}" if path else str(n), each) for n, each in enumerate(value, 1)])
        else:
            yield path, value


def _check(path: str, value: Any) -> None:
    """Refuse, by its place, what is no number, half a character, which no answer could tell back, or no character."""
    if not isinstance(value, str):
        return
    if isinstance(value, _Odd):
        said = _("%(word)s is no number of JSON.") if value.lstrip("-").isalpha() else _("This number is too large.")
        raise _fault(path, said % {"word": value[:20]} if "%" in said else said, "not-a-number")
    try:
        value.encode()
    except UnicodeEncodeError:
        text = _("This holds half a character (\\ud800 to \\udfff without its other half).")
        raise _fault(path, text, "surrogate-characters-not-allowed") from None
    if (unseen := _UNSEEN.search(value)) is not None:
        text = _("This holds a character that cannot be shown (U+%(code)s). Remove it and send the text again.")
        raise _fault(path, text % {"code": f"{ord(unseen[0]):04X}"}, "unseen-character")


def _fault(place: str, said: str, code: str) -> exceptions.ValidationError:
    detail = [exceptions.ErrorDetail(said, code)]
    return exceptions.ValidationError({place: detail} if place else detail)


def _shown(name: str) -> str:
    return name.encode(errors="backslashreplace").decode()
