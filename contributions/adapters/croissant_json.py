"""Reading a Croissant file as plain JSON, before the validator sees it.

Python's reader lets through what JSON forbids or leaves open (NaN, duplicate names, of which the last wins) and what
JSON-LD would fetch. Each is refused here, naming the line or the field.
"""

from __future__ import annotations

import contextlib
import json
import json.decoder
import json.scanner
import re
from collections.abc import Iterator, Mapping
from typing import Any

from contributions.core.errors import Refused

LIMIT = 16 * 1024 * 1024
_ESCAPES = re.compile(r"\\(?:[^u]|u[0-9a-fA-F]{4}(?:\\u[0-9a-fA-F]{4})*)")
_ENDLESS = re.compile(r"[0-9]{4301}")
_DIGEST = re.compile(r"[0-9a-fA-F]{64}")


class NotPlainJson(Refused):
    code = "not-json"
    ja = "JSON として読めません（{line} 行 {column} 列）：{message}"
    en = "This is not JSON (line {line}, column {column}): {message}"


class NotUtf8(Refused):
    code = "not-utf-8"
    ja = "{line} 行目に UTF-8 として読めない文字があります。UTF-8 で保存し直してください。"
    en = "Line {line} is not UTF-8. Save the file as UTF-8."


class DuplicateName(Refused):
    code = "duplicate-name"
    ja = "{line} 行目から始まるオブジェクトに「{field}」が二度あります。一つにしてください。"
    en = "The object that begins on line {line} has “{field}” twice. Keep one."


class NotANumber(Refused):
    code = "not-a-number"
    ja = "{line} 行目に数値ではない {value} があります。JSON では使えません。"
    en = "Line {line} has {value}, which is no number and not allowed in JSON."


class NoCharacter(Refused):
    code = "no-character"
    ja = "{line} 行目の {written} は文字ではありません。取り除いてください。"
    en = "{written} on line {line} is no character. Remove it."


class RemoteContext(Refused):
    code = "remote-context"
    ja = "{field} が外部の文脈「{address}」を参照しています。外部からは取得しません。文脈を本文に書いてください。"
    en = "{field} refers to the context “{address}” elsewhere. Nothing is fetched: write the context into the file."


class TooLarge(Refused):
    code = "description-too-large"
    ja = "記述ファイルが {size} バイトあり、上限 {limit} バイトを超えています。"
    en = "The description has {size} bytes; the limit is {limit}."


class TooDeep(Refused):
    code = "description-too-deep"
    ja = "記述の入れ子が深すぎます。"
    en = "The description is nested too deeply."


class NotAnObject(Refused):
    code = "not-an-object"
    ja = "ファイルの最上位が JSON のオブジェクトではありません。"
    en = "The top of the file is not a JSON object."


class _Twice(Exception):
    pass


class _NoNumber(Exception):
    pass


def load(content: bytes, limit: int | None = LIMIT) -> dict[str, Any]:
    """The document, if it is one plain JSON object that refers to no context elsewhere."""
    if limit is not None and len(content) > limit:
        raise TooLarge(size=len(content), limit=limit)
    text = _decoded(content)
    _check_escapes(text)
    try:
        document = json.loads(text, object_pairs_hook=_once, parse_constant=_refuse_constant)
        remote = next(_remote_contexts(document), None)
    except json.JSONDecodeError as error:
        raise NotPlainJson(line=error.lineno, column=error.colno, message=error.msg) from None
    except _Twice as error:
        raise DuplicateName(field=error.args[0], line=_line_of_duplicate(text)) from None
    except _NoNumber as error:
        value = error.args[0]
        raise NotANumber(value=value, line=_line_at(text, _outside_strings(text, value))) from None
    except RecursionError:
        raise TooDeep from None
    except ValueError as error:  # an integer of more digits than Python will read
        match = _ENDLESS.search(text)
        raise NotPlainJson(line=_line_at(text, match.start() if match else 0), column=1, message=str(error)) from None
    if not isinstance(document, dict):
        raise NotAnObject
    if remote is not None:
        raise RemoteContext(field=remote[0], address=remote[1])
    return document


def copy(document: Mapping[str, Any]) -> dict[str, Any]:
    """An independent copy."""
    return json.loads(json.dumps(document))  # type: ignore[no-any-return]


def digest_or_none(value: object) -> str | None:
    """A SHA-256 as 64 lower-case hex digits; anything else is not stated."""
    return value.lower() if isinstance(value, str) and _DIGEST.fullmatch(value) else None


def cycle_in(document: Mapping[str, Any]) -> str | None:
    """The @id of a node from which references lead back to it; None if there is none."""
    edges: dict[str, set[str]] = {}
    _collect(document, None, edges)
    done: set[str] = set()
    for start in edges:
        node = _walk(start, edges, done)
        if node is not None:
            return node
    return None


def _decoded(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise NotUtf8(line=content.count(b"\n", 0, error.start) + 1) from None


def _check_escapes(text: str) -> None:
    """Refuse NUL and halves of characters, which JSON can write and no database keeps."""
    for match in _ESCAPES.finditer(text):
        if match[0][1] != "u":
            continue
        units = bytes.fromhex(match[0].replace("\\u", ""))
        try:
            is_text = "\x00" not in units.decode("utf-16-be")
        except UnicodeDecodeError:
            is_text = False
        if not is_text:
            raise NoCharacter(written=match[0][:12], line=_line_at(text, match.start()))


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise _Twice(name)
        found[name] = value
    return found


def _refuse_constant(name: str) -> None:
    raise _NoNumber(name)


def _line_at(text: str, position: int) -> int:
    return text.count("\n", 0, position) + 1


def _outside_strings(text: str, word: str) -> int:
    """Where the word stands outside of any JSON string."""
    for match in re.finditer(r'"(?:[^"\\]|\\.)*"|' + re.escape(word), text):
        if match[0] == word:
            return match.start()
    return 0


def _line_of_duplicate(text: str) -> int:
    """The line on which the object with the repeated name begins: read again with the slow reader, which tells."""
    decoder = json.JSONDecoder(object_pairs_hook=_once)
    place = [0]

    def parse_object(s_and_end: tuple[str, int], *rest: Any) -> Any:
        try:
            return json.decoder.JSONObject(s_and_end, *rest)  # type: ignore[attr-defined]
        except _Twice:
            place[0] = place[0] or s_and_end[1]
            raise

    decoder.parse_object = parse_object  # type: ignore[attr-defined]
    decoder.scan_once = json.scanner.py_make_scanner(decoder)  # type: ignore[attr-defined]
    with contextlib.suppress(_Twice):
        decoder.decode(text)
    return _line_at(text, place[0])


def _remote_contexts(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for key, child in value.items():
            where = f"{path}.{key}" if path else key
            if key == "@context":
                parts = child if isinstance(child, list) else [child]
                yield from ((where, part) for part in parts if isinstance(part, str))
            if key == "@import" and isinstance(child, str):
                yield where, child
            yield from _remote_contexts(child, where)
    elif isinstance(value, list):
        for index, child in enumerate(value):
            yield from _remote_contexts(child, f"{path}[{index}]")


def _collect(value: Any, owner: str | None, edges: dict[str, set[str]]) -> None:
    if isinstance(value, list):
        for child in value:
            _collect(child, owner, edges)
    if not isinstance(value, dict):
        return
    name = value.get("@id") if isinstance(value.get("@id"), str) else None
    if name is not None and owner is not None:
        edges.setdefault(owner, set()).add(name)
    if name is not None and len(value) == 1:
        return
    for key, child in value.items():
        if key != "@context":
            _collect(child, name or owner, edges)


def _walk(start: str, edges: Mapping[str, set[str]], done: set[str]) -> str | None:
    """Depth first without recursion: a node met again on its own path closes a cycle."""
    path: list[tuple[str, Iterator[str]]] = [(start, iter(sorted(edges.get(start, ()))))]
    on_path = {start}
    while path:
        node, rest = path[-1]
        following = next(rest, None)
        if following is None:
            done.add(node)
            on_path.discard(node)
            path.pop()
        elif following in on_path:
            return following
        elif following not in done:
            on_path.add(following)
            path.append((following, iter(sorted(edges.get(following, ())))))
    return None
