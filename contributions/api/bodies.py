"""JSON as it is read at the door: each name once, numbers that are numbers, whole characters, not nested without end.

The framework's own reader takes the last of two equal names and loses the first without a word.
"""

from __future__ import annotations

import json
from typing import Any

from django.utils.translation import gettext as _
from rest_framework import exceptions
from rest_framework.parsers import JSONParser


class StrictJSONParser(JSONParser):
    """One plain document, or a refusal that names what is wrong with it."""

    def parse(self, stream, media_type=None, parser_context=None) -> Any:
        try:
            text = stream.read().decode("utf-8")
        except UnicodeDecodeError as error:
            raise exceptions.ParseError(
                _("The body is not UTF-8 (byte %(place)s).") % {"place": error.start + 1}, "not-utf-8"
            ) from None
        try:
            found = json.loads(text, object_pairs_hook=_once, parse_constant=_no_number)
            if "\\u" in text:
                _check_whole(found)
            return found
        except json.JSONDecodeError as error:
            said = _("The body is not JSON (line %(line)s, column %(column)s).")
            raise exceptions.ParseError(said % {"line": error.lineno, "column": error.colno}, "not-json") from None
        except RecursionError:
            raise exceptions.ParseError(_("The body is nested too deeply."), "too-deep") from None
        except ValueError:  # a whole number of more digits than are read
            raise exceptions.ParseError(_("A number in the body has too many digits."), "not-a-number") from None


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            said = exceptions.ErrorDetail(_("This name stands twice."), "duplicate-name")
            raise exceptions.ValidationError({_shown(name): [said]})
        found[name] = value
    return found


def _check_whole(found: Any) -> None:
    """Refuse half a character, which no answer could tell back; by its field, where it stands in one."""
    for name, value in found.items() if isinstance(found, dict) else [("", found)]:
        try:
            json.dumps([name, value], ensure_ascii=False).encode()
        except UnicodeEncodeError:
            text = _("This holds half a character (\\ud800 to \\udfff without its other half).")
            said = exceptions.ErrorDetail(text, "surrogate-characters-not-allowed")
            raise exceptions.ValidationError({_shown(name): [said]} if name else [said]) from None


def _shown(name: str) -> str:
    return name.encode(errors="backslashreplace").decode()


def _no_number(word: str) -> None:
    raise exceptions.ParseError(_("%(word)s is no number of JSON.") % {"word": word}, "not-a-number")
