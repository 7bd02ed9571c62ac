"""One value, one sequence of bytes: the JSON that is hashed, stored and shown to outsiders.

The profile is RFC 8785 (JCS) narrowed until nothing is left to interpretation: objects have ASCII keys in code-point
order, each once; strings are Unicode in normal form C; numbers are integers within ±(2^53−1); there are no floats.
Quantities and money travel as strings of decimal digits, shares as "n/d". Bytes once hashed are stored and never made
again, so `loads` refuses everything that `dumps` would not have written.
"""

from __future__ import annotations

import hashlib
import json
import unicodedata
from typing import Any

from contributions.core.errors import Refused
from contributions.core.words import Text

INTEGER_MAX = 2**53 - 1
DEPTH_MAX = 64
_ENCODER = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


class NotCanonical(Refused):
    code = "not-canonical"
    ja = "正準JSONではありません：{reason}。"
    en = "This is not canonical JSON: {reason}."


_FLOAT = Text("小数は使えません", "floats are not used")
_INTEGER = Text("整数が ±(2^53−1) の範囲を超えています", "an integer lies beyond ±(2^53−1)")
_KEY = Text("項目名はASCIIの文字列に限ります", "a key is not an ASCII string")
_TWICE = Text("同じ項目名が二度あります", "a key stands twice")
_NORMAL = Text("文字列がUnicode正規形C（NFC）ではありません", "a string is not in normal form C")
_SURROGATE = Text("対にならないサロゲートがあります", "a string holds a lone surrogate")
_DEEP = Text("入れ子が深すぎます", "the nesting is too deep")
_TYPE = Text("JSONにない型の値があります", "a value has a type that JSON lacks")
_PARSE = Text("JSONとして読めません", "it does not parse")
_BYTES = Text("空白・順序・エスケープが正準形と異なります", "spacing, order or escapes differ from the canonical form")


def dumps(value: Any) -> bytes:
    """The canonical bytes of a value built from dict, list, tuple, str, int, bool and None. Source: RFC 8785.

    >>> dumps({"b": 1, "a": ["1/3", True, None]})
    b'{"a":["1/3",true,null],"b":1}'
    """
    _check(value)
    return _ENCODER.encode(value).encode()


def loads(data: bytes) -> Any:
    """The value of canonical bytes; refuses bytes that `dumps` would not have written.

    >>> loads(b'{"a":1}')
    {'a': 1}
    """
    try:
        value = json.loads(data)
        if _ENCODER.encode(value).encode() == data:  # so no key stood twice
            _check(value)
            return value
    except (ValueError, RecursionError):
        pass
    return _refused(data)


def _refused(data: bytes) -> Any:
    """Read again with an eye on what exactly is wrong."""
    try:
        value = json.loads(
            data.decode("utf-8"),
            object_pairs_hook=_object,
            parse_int=_integer,
            parse_float=_no_float,
            parse_constant=_no_float,
        )
    except RecursionError:
        raise NotCanonical(reason=_DEEP) from None
    except ValueError:
        raise NotCanonical(reason=_PARSE) from None
    if dumps(value) != data:
        raise NotCanonical(reason=_BYTES)
    return value


def sha256_hex(data: bytes) -> str:
    """SHA-256 of bytes, in lower-case hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def digest(value: Any) -> str:
    """SHA-256 of the canonical bytes of a value, in lower-case hexadecimal."""
    return sha256_hex(dumps(value))


def _check(value: Any) -> None:
    """Refuse what has no canonical form, one level of nesting after another."""
    level = [value]
    for _ in range(DEPTH_MAX + 1):
        below: list[Any] = []
        for item in level:
            kind = type(item)
            if kind is str:
                if not item.isascii():
                    _check_string(item)
            elif kind is dict:
                _check_keys(item)
                below += item.values()
            elif kind is list or kind is tuple:
                below += item
            elif item is not None:
                _check_other(item, below)
        if not below:
            return
        level = below
    raise NotCanonical(reason=_DEEP)


def _check_keys(value: dict[Any, Any]) -> None:
    for key in value:
        if not isinstance(key, str) or not key.isascii():
            raise NotCanonical(reason=_KEY)


def _check_other(value: Any, below: list[Any]) -> None:
    """Integers, and values of a type derived from one of the plain ones."""
    if isinstance(value, int):
        if abs(value) > INTEGER_MAX:
            raise NotCanonical(reason=_INTEGER)
    elif isinstance(value, float):
        raise NotCanonical(reason=_FLOAT)
    elif isinstance(value, str):
        _check_string(value)
    elif isinstance(value, dict):
        _check_keys(value)
        below += value.values()
    elif isinstance(value, list | tuple):
        below += value
    else:
        raise NotCanonical(reason=_TYPE)


def _check_string(value: str) -> None:
    if value.isascii():
        return
    if not unicodedata.is_normalized("NFC", value):
        raise NotCanonical(reason=_NORMAL)
    if any("\ud800" <= character <= "\udfff" for character in value):
        raise NotCanonical(reason=_SURROGATE)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise NotCanonical(reason=_TWICE)
    return found


def _integer(digits: str) -> int:
    if len(digits) > 17:
        raise NotCanonical(reason=_INTEGER)
    return int(digits)


def _no_float(text: str) -> Any:
    raise NotCanonical(reason=_FLOAT)
