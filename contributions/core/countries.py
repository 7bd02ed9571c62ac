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

# Countries that no price or licence speaks of: data may still come to lie there.
ELSEWHERE = {
    "AE": Text("アラブ首長国連邦", "the United Arab Emirates"),
    "AT": Text("オーストリア", "Austria"),
    "BE": Text("ベルギー", "Belgium"),
    "BR": Text("ブラジル", "Brazil"),
    "CH": Text("スイス", "Switzerland"),
    "CN": Text("中国", "China"),
    "CZ": Text("チェコ", "Czechia"),
    "DK": Text("デンマーク", "Denmark"),
    "ES": Text("スペイン", "Spain"),
    "FI": Text("フィンランド", "Finland"),
    "HK": Text("香港", "Hong Kong"),
    "IE": Text("アイルランド", "Ireland"),
    "IL": Text("イスラエル", "Israel"),
    "IS": Text("アイスランド", "Iceland"),
    "IT": Text("イタリア", "Italy"),
    "LU": Text("ルクセンブルク", "Luxembourg"),
    "NL": Text("オランダ", "the Netherlands"),
    "NO": Text("ノルウェー", "Norway"),
    "NZ": Text("ニュージーランド", "New Zealand"),
    "PH": Text("フィリピン", "the Philippines"),
    "PL": Text("ポーランド", "Poland"),
    "PT": Text("ポルトガル", "Portugal"),
    "QA": Text("カタール", "Qatar"),
    "RU": Text("ロシア", "Russia"),
    "SA": Text("サウジアラビア", "Saudi Arabia"),
    "SE": Text("スウェーデン", "Sweden"),
    "TR": Text("トルコ", "Türkiye"),
    "ZA": Text("南アフリカ", "South Africa"),
}
ALL = NAMES | ELSEWHERE
# Officially assigned codes of ISO 3166-1 (alpha-2).
_LETTERS = (
    "ADAEAFAGAIALAMAOAQARASATAUAWAXAZBABBBDBEBFBGBHBIBJBLBMBNBOBQBRBSBTBVBWBYBZCACCCDCFCGCHCICKCLCMCNCOCR"
    "CUCVCWCXCYCZDEDJDKDMDODZECEEEGEHERESETFIFJFKFMFOFRGAGBGDGEGFGGGHGIGLGMGNGPGQGRGSGTGUGWGYHKHMHNHRHTHU"
    "IDIEILIMINIOIQIRISITJEJMJOJPKEKGKHKIKMKNKPKRKWKYKZLALBLCLILKLRLSLTLULVLYMAMCMDMEMFMGMHMKMLMMMNMOMPMQ"
    "MRMSMTMUMVMWMXMYMZNANCNENFNGNINLNONPNRNUNZOMPAPEPFPGPHPKPLPMPNPRPSPTPWPYQARERORSRURWSASBSCSDSESGSHSI"
    "SJSKSLSMSNSOSRSSSTSVSXSYSZTCTDTFTGTHTJTKTLTMTNTOTRTTTVTWTZUAUGUMUSUYUZVAVCVEVGVIVNVUWFWSYEYTZAZMZW"
)
CODES = frozenset(_LETTERS[at : at + 2] for at in range(0, len(_LETTERS), 2))


def name(code: str) -> Text:
    """The country's name in both languages; a code without one stands for itself.

    >>> name("JP").en, name("XX").en
    ('Japan', 'XX')
    """
    return ALL.get(code, Text(code, code))
