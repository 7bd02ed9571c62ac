"""Licensees: the checks every applicant passes, and the classes and fields it may fall into."""

from __future__ import annotations

from collections.abc import Iterable

from contributions.core.words import Text

CHECKS = {
    "japanese-firm": Text("国内企業の該当性", "Japanese-firm test"),
    "antisocial": Text("反社会的勢力の該当性", "Antisocial forces"),
    "export": Text("取引審査（輸出管理）", "Export control"),
    "affiliates": Text("関係会社", "Affiliates"),
    "competition": Text("競合及び利用除外", "Competition and exclusions"),
}
CLASSES = {
    "member": Text("会員", "Member"),
    "japanese": Text("国内企業", "Japanese firm"),
    "other": Text("その他", "Other"),
}
WANTED = {
    "licence": Text("利用許諾", "A licence"),
    "evaluation": Text(
        "評価（PoC）。その後の利用許諾への移行を含む", "An evaluation (PoC), with the step-up to a licence"
    ),
}
"""What an applicant asks for; the agreement that is then made decides."""
FIELDS = {
    "vehicles": Text("自動車", "Vehicles"),
    "robotics": Text("ロボット", "Robotics"),
    "manufacturing": Text("製造設備", "Manufacturing cells"),
    "imaging": Text("画像・計測", "Imaging"),
    "games": Text("ゲーム", "Games"),
    "semiconductors": Text("半導体", "Semiconductors"),
}
"""The fields of use that stand until the consortium lists its own; what is listed since is dated data."""


def joined(labels: Iterable[Text]) -> Text:
    """Several labels as one, in both languages."""
    listed = list(labels)
    return Text("、".join(label.ja for label in listed), ", ".join(label.en for label in listed))
