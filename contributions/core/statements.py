"""What an entry is made of: the leaf's bytes, the ids that follow from a request, and when two statements say the same.

A client's own id is the key by which a repeated entry is known. The nonce, and the salts in the digests of annexes,
differ each time and say nothing; everything else in a statement is its *body*. The same id with the same body is the
same entry; with another body it is refused, and the first field that differs is named.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import cache, lru_cache
from typing import Any
from uuid import UUID

from contributions.core import canonical
from contributions.core.errors import Refused
from contributions.core.periods import instant_from, jst_date

# In the order in which a difference is looked for; the facts by name, after the rest.
BODY = ("kind", "subject", "member", "by", "effective", "movements", "corrects")


class OtherBody(Refused):
    code = "other-body"
    ja = "識別子 {id} は別の内容で使用済みです（相違する項目：{field}）。新しい識別子で送信してください。"
    en = "The id {id} has been used for something else (the field that differs: {field}). Send it under a new id."

    def __init__(self, *, id: str, field: str) -> None:
        self.field = field
        super().__init__(id=id, field=field)


def entry_id(request: UUID, number: int) -> str:
    """The id of a request's entry number n: UUID version 5 (RFC 9562, 5.5) of n's digits under the request's id.

    >>> entry_id(UUID(int=0), 0)
    'b6c54489-38a0-5f50-a60a-fd8d76219cae'
    """
    text = hashlib.sha1(request.bytes + str(number).encode(), usedforsecurity=False).hexdigest()
    variant = "89ab"[int(text[16], 16) & 3]
    return f"{text[:8]}-{text[8:12]}-5{text[13:16]}-{variant}{text[17:20]}-{text[20:32]}"


def leaf(log: str, id_: str, recorded_at: str, statement_sha256: str) -> bytes:
    """The canonical bytes of a leaf; its four texts but the log's name are plain by their form."""
    return (
        f'{{"id":"{id_}","log":{_quoted(log)},"recorded_at":"{recorded_at}",'
        f'"statement_sha256":"{statement_sha256}","v":1}}'
    ).encode()


def difference(held: Mapping[str, Any], said: Mapping[str, Any]) -> str | None:
    """The first field of the body in which two statements differ, or None where they say the same.

    An annex counts by its name and media here; its content is compared by who holds the salt.
    """
    for field in BODY:
        if held[field] != said[field]:
            return field
    facts = sorted({*held["facts"], *said["facts"]})
    for name in facts:
        if name not in held["facts"] or name not in said["facts"] or held["facts"][name] != said["facts"][name]:
            return f"facts.{name}"
    return None if _shapes(held) == _shapes(said) else "annexes"


def day_of(effective_from: str | None, recorded_at: str) -> str:
    """The day from which movements count: that which the statement names, else the day of its record in Japan.

    >>> day_of(None, "2026-10-31T15:00:00Z")
    '2026-11-01'
    """
    return effective_from or _recorded_on(recorded_at)


def line_of(account: str) -> tuple[str, str] | None:
    """Member and kind of a member's account; None for the other side, where contributions come from.

    >>> line_of("member:honda:compute:osaka:h100")
    ('honda', 'compute')
    """
    head, _, rest = account.partition(":")
    if head != "member":
        return None
    member, _, kind = rest.partition(":")
    return member, kind.partition(":")[0]


def _shapes(statement: Mapping[str, Any]) -> list[tuple[str, str]]:
    return [(annex["name"], annex["media"]) for annex in statement["annexes"]]


@cache
def _quoted(log: str) -> str:
    return canonical.dumps(log).decode()


@lru_cache(maxsize=1024)
def _recorded_on(recorded_at: str) -> str:
    return jst_date(instant_from(recorded_at)).isoformat()
