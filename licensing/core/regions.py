"""The countries and regions that a licence may name, by code, as contracts print them."""

from __future__ import annotations

from contributions.core.words import Text

REGIONS = {
    "JP": Text("日本", "Japan"),
    "TH": Text("タイ", "Thailand"),
    "VN": Text("ベトナム", "Viet Nam"),
    "ID": Text("インドネシア", "Indonesia"),
    "MY": Text("マレーシア", "Malaysia"),
    "SG": Text("シンガポール", "Singapore"),
    "IN": Text("インド", "India"),
    "TW": Text("台湾", "Taiwan"),
    "KR": Text("韓国", "the Republic of Korea"),
    "US": Text("米国", "the United States"),
    "CA": Text("カナダ", "Canada"),
    "MX": Text("メキシコ", "Mexico"),
    "GB": Text("英国", "the United Kingdom"),
    "DE": Text("ドイツ", "Germany"),
    "FR": Text("フランス", "France"),
    "AU": Text("オーストラリア", "Australia"),
}
