"""The categories of contribution that a policy may weigh, and the rated factors that may multiply each."""

from __future__ import annotations

from contributions.core.words import Text

CATEGORIES = {
    "data": Text("データ提供", "Data"),
    "compute": Text("計算資源提供", "Compute"),
    "cash": Text("資金", "Cash"),
    "people": Text("出向・従事", "People"),
    "background": Text("バックグラウンド知財", "Background IP"),
}
FACTORS = {
    "quality": Text("品質係数", "quality"),
    "uniqueness": Text("独自性係数", "uniqueness"),
    "accelerator": Text("基準GPU換算", "reference GPU"),
    "grade": Text("職級係数", "grade"),
    "vintage": Text("時期係数", "vintage"),
}
FACTORS_OF = {"data": {"quality", "uniqueness"}, "compute": {"accelerator"}, "people": {"grade"}}
UNITS_OF = {
    "data": ("media_second", "record", "token", "byte"),
    "compute": ("gpu_s", "node_s", "cpu_s"),
    "cash": ("JPY",),
    "people": ("minute",),
    "background": ("JPY",),
}
