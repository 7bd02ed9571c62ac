"""A correction is an entry of its own that names the entry it corrects.

Corrections form a list, never a tree: each points backwards, to an entry of the same family of kinds (the noun before
the dot) and the same member, and an entry has one successor at most. Whoever corrects a correction names the newest.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from contributions.core.errors import Refused


class NothingToCorrect(Refused):
    code = "nothing-to-correct"
    ja = "訂正の対象となる台帳記録 {id} が、この記録より前にありません。"
    en = "There is no earlier entry {id} to correct."


class OtherFamily(Refused):
    code = "corrects-another-kind"
    ja = "「{kind}」で「{corrected}」を訂正することはできません。同じ種類・同じ会員の記録を指定してください。"
    en = "“{kind}” cannot correct “{corrected}”. Name an entry of the same kind and the same member."


class AlreadyCorrected(Refused):
    code = "already-corrected"
    ja = "台帳記録 {id} はすでに訂正されています。最新の訂正記録を訂正してください。"
    en = "The entry {id} has been corrected already. Correct the newest correction instead."


def family(kind: str) -> str:
    """The noun of a kind: `resource.recorded` and `resource.reversed` are of one family."""
    return kind.partition(".")[0]


def check(corrected_id: str, *, kind: str, member: str | None, corrected: tuple[str, str | None] | None) -> None:
    """Refuse a correction of nothing, or of another family's or member's entry; `corrected` is (kind, member)."""
    if corrected is None:
        raise NothingToCorrect(id=corrected_id)
    if (family(corrected[0]), corrected[1] or None) != (family(kind), member or None):
        raise OtherFamily(kind=kind, corrected=corrected[0])


def check_all(ids: Sequence[str], statements: Sequence[Mapping[str, Any] | None]) -> None:
    """The same for a whole log, in order, by what its statements say; an erased one is taken on trust."""
    places: dict[str, int] = {}
    corrected: set[str] = set()
    for place, (id_, said) in enumerate(zip(ids, statements, strict=True)):
        if said is not None and (named := said["corrects"]) is not None:
            earlier = places.get(named)
            before = statements[earlier] if earlier is not None else None
            if earlier is None or before is not None:
                own = (before["kind"], before["member"]) if before is not None else None
                check(named, kind=said["kind"], member=said["member"], corrected=own)
            if named in corrected:
                raise AlreadyCorrected(id=named)
            corrected.add(named)
        places[id_] = place
