"""What a statement names and does not say: free text, personal data, files of evidence. Each can be erased.

The statement keeps the digest of salt and content. Without the salt it tells nothing and can be guessed from nothing,
so erasing destroys the salt and the content, and every proof stands. That something was erased, when, by whom and on
what ground, is an entry of its own; what was counted stays counted.
"""

from __future__ import annotations

from collections.abc import Collection

from contributions.core.errors import Refused
from contributions.core.words import Text

ERASED = "annex.erased"
GROUNDS = {
    "request": Text("本人または提供者の請求", "the person or the provider asked for it"),
    "ended": Text("利用目的の達成または契約の終了", "its purpose is served, or the agreement has ended"),
    "order": Text("法令または命令", "law or an order asks for it"),
    "mistake": Text("誤って提出されたもの", "it was handed in by mistake"),
}
"""Why an annex may be erased. A ground is a word of this table, since free text in a statement could not be erased."""


class AlreadyErased(Refused):
    code = "annex-erased"
    ja = "この添付は消去済みです。"
    en = "This attachment was erased already."


class NotErasedHere(Refused):
    code = "annex-not-erased-here"
    ja = "この添付には保存期間の定めがあるため、その書類の画面からのみ消去できます。"
    en = "This attachment is kept for a time of its own and is erased on the page of its paper only."


class NoGround(Refused):
    code = "annex-no-ground"
    ja = "消去の理由「{ground}」は定められていません。"
    en = "“{ground}” is no ground for erasing."


def check(ground: str, *, kind: str, kinds: Collection[str], is_erased: bool) -> None:
    """Refuse to erase twice, without a ground, or what stands on an entry of a kind with a rule of its own."""
    if kind not in kinds:
        raise NotErasedHere
    if ground not in GROUNDS:
        raise NoGround(ground=ground)
    if is_erased:
        raise AlreadyErased
