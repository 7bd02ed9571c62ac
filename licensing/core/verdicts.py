"""What a verifier answers: a verdict that says what was checked and what was not, or one of these refusals.

Each refusal has its own exit code, so that a script can tell a share that was changed from a file that was damaged.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from contributions.core.errors import Refused
from contributions.core.kinds import UnknownKind
from contributions.core.notes import Checkpoint
from contributions.core.proofs import Altered, Malformed, Reordered, Truncated
from contributions.core.rotations import RetiredKey, RotationForged
from contributions.core.signed_statements import SignatureForged
from contributions.core.words import Text
from licensing.core.archives import DuplicateName
from licensing.core.bundles import MissingName, UnlistedName
from licensing.core.recounts import NoMandate, RecountDiffers


class WrongKey(Refused):
    code = "wrong-key"
    ja = "{what}は、与えられた台帳の鍵で署名されていません（署名者：{names}）。"
    en = "The {what} is not signed by the given log key (signed by: {names})."


class ShareChanged(Refused):
    code = "share-changed"
    ja = "計算し直した配分比率が {name} と一致しません。"
    en = "The shares, recomputed, are not those of {name}."


class PolicyChanged(Refused):
    code = "policy-changed"
    ja = "policy.json は、採択された配分規程ではありません。"
    en = "policy.json is not the allocation policy that was adopted."


class InputsChanged(Refused):
    code = "inputs-changed"
    ja = "inputs.json は、台帳記録から作り直した配分の入力と一致しません。"
    en = "inputs.json is not what the log’s entries give."


class ValuationChanged(Refused):
    code = "valuation-changed"
    ja = "inputs.json の提携値表は、台帳で採択された表と一致しません。"
    en = "The coalition values in inputs.json are not those that the log adopted."


class Older(Refused):
    code = "older"
    ja = "この検証資料の時点証明は {held} 件で、求められた {wanted} 件より前のものです。"
    en = "The bundle’s checkpoint counts {held} entries and is older than the demanded {wanted}."


class Forked(Refused):
    code = "forked"
    ja = "求められた時点証明（{wanted} 件）と歴史が食い違っています。台帳が二つの歴史を示したことになります。"
    en = "Its history contradicts the demanded checkpoint ({wanted} entries): the log has shown two histories."


class NotWitnessed(Refused):
    code = "not-witnessed"
    ja = "時点証明にある指定の立会人の署名は {found} 名分で、求められた {wanted} 名に足りません。"
    en = "The checkpoint is cosigned by {found} of the given witnesses, fewer than the {wanted} demanded."


class CosignatureForged(Refused):
    code = "cosignature-forged"
    ja = "立会人「{name}」の立会署名が時点証明と合いません。"
    en = "The cosignature of witness “{name}” does not fit the checkpoint."


EXITS: Mapping[type[Refused], int] = {
    Altered: 10,
    MissingName: 11,
    UnlistedName: 12,
    DuplicateName: 13,
    Truncated: 14,
    Reordered: 15,
    ShareChanged: 16,
    PolicyChanged: 17,
    InputsChanged: 18,
    WrongKey: 19,
    UnknownKind: 20,
    Older: 21,
    Malformed: 22,
    Forked: 23,
    RetiredKey: 24,
    RotationForged: 25,
    NotWitnessed: 26,
    CosignatureForged: 27,
    RecountDiffers: 28,
    NoMandate: 29,
    ValuationChanged: 30,
    SignatureForged: 31,
}


@dataclass(frozen=True, slots=True)
class Cosigned:
    """One of the given witnesses that cosigned, and when by its own clock."""

    name: str
    at: str


@dataclass(slots=True)
class Verdict:
    """What a bundle turned out to be, what was checked in it, and what could not be."""

    kind: str
    checkpoint: Checkpoint
    checked: list[Text] = field(default_factory=list)
    unchecked: list[Text] = field(default_factory=list)
    cosigned: list[Cosigned] = field(default_factory=list)


NO_ALLOCATION = Text("採択された配分計算の記録がありません", "no adopted allocation is recorded")
SUM = Text("配分比率の合計が 1 ではありません", "the shares do not sum to one")


def said(wrong: Exception) -> Text:
    """The sentence of a refusal inside another."""
    if isinstance(wrong, Refused):
        return Text(wrong.text("ja").rstrip("。"), wrong.text("en").rstrip("."))
    return Text("UTF-8ではありません", "not UTF-8")
