"""What a withdrawal of data touches, and from when: by what the inbound agreement says remains after it.

Shares change only forward: an allocation that was adopted stays as it is, and no later one counts the version in a
period that ends after the cut-off.
"""

from __future__ import annotations

from contributions.core.words import Text

REMAINS, FROZEN, ENDS, UNKNOWN = "remains", "no-further-training", "ends", "unknown"

EFFECTS = {
    REMAINS: Text("そのまま存続", "remains as it is"),
    FROZEN: Text("存続するが、以後の追加学習・派生は不可", "remains, but may not be trained further"),
    ENDS: Text("取下げ日に終了（公表・提供を止める）", "ends on the day of withdrawal: no further use or supply"),
    UNKNOWN: Text("受入契約に定めがない（法務の判断が必要）", "no inbound agreement says; legal must decide"),
}
_BY_RIGHT = {
    "trained-releases-remain": REMAINS,
    "stays": REMAINS,
    "no-new-training": FROZEN,
    "ends": ENDS,
    "delete": ENDS,
}
_WORST = (ENDS, UNKNOWN, FROZEN, REMAINS)


def effect(after_withdrawal: str | None) -> str:
    """What happens to a release that was trained on the version, by the right that came in with it.

    >>> effect("no-new-training")
    'no-further-training'
    """
    return _BY_RIGHT.get(after_withdrawal or "", UNKNOWN)


def worst(effects: list[str]) -> str:
    """The effect of withdrawing several versions at once: the hardest of them."""
    return min(effects, key=_WORST.index, default=REMAINS)


def inherited(of_parent: str) -> str:
    """What happens to a release or derivative whose ancestor was trained on the version.

    Where the ancestor remains or is frozen, what was made of it before the day remains; where it ends, this ends.
    """
    return REMAINS if of_parent == FROZEN else of_parent
