"""Countries and regions by their code of two letters, as pages and contracts print them."""

from __future__ import annotations

from contributions.core.words import Text

NAMES = {
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


def name(code: str) -> Text:
    """The country's name in both languages; a code without one stands for itself.

    >>> name("JP").en, name("XX").en
    ('Japan', 'XX')
    """
    return NAMES.get(code, Text(code, code))
