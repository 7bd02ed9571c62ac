"""Where copies lie, on a map of sites: Japan as tiles, one for each prefecture, and every other country in a column.

The layout is our own: a tile stands roughly where its prefecture does. It is a schematic, not a chart; what counts is
in the country or outside it. Each place is told apart by its shape and words too, never by colour alone.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from contributions.core import countries
from contributions.core.datasets import Copy
from contributions.core.shapes import box, picture, words
from contributions.core.words import Text

TILE, GAP, LEFT, TOP = 27, 3, 10, 26
ABROAD = 530

# Column and row of each prefecture, with the name by which a region may call it.
PREFECTURES: dict[str, tuple[int, int, str]] = {
    "北海道": (14, 0, "hokkaido"), "青森": (13, 2, "aomori"), "秋田": (12, 3, "akita"), "岩手": (13, 3, "iwate"),
    "山形": (12, 4, "yamagata"), "宮城": (13, 4, "miyagi"), "新潟": (11, 5, "niigata"), "福島": (12, 5, "fukushima"),
    "石川": (8, 5, "ishikawa"), "富山": (9, 5, "toyama"), "長野": (10, 6, "nagano"), "群馬": (11, 6, "gunma"),
    "栃木": (12, 6, "tochigi"), "茨城": (13, 6, "ibaraki"), "福井": (8, 6, "fukui"), "岐阜": (9, 6, "gifu"),
    "山梨": (10, 7, "yamanashi"), "埼玉": (11, 7, "saitama"), "東京": (12, 7, "tokyo"), "千葉": (13, 7, "chiba"),
    "滋賀": (8, 7, "shiga"), "愛知": (9, 7, "aichi"), "静岡": (10, 8, "shizuoka"), "神奈川": (11, 8, "kanagawa"),
    "京都": (7, 7, "kyoto"), "三重": (8, 8, "mie"), "大阪": (7, 8, "osaka"), "奈良": (8, 9, "nara"),
    "和歌山": (7, 9, "wakayama"), "兵庫": (6, 7, "hyogo"), "鳥取": (5, 7, "tottori"), "岡山": (5, 8, "okayama"),
    "島根": (4, 7, "shimane"), "広島": (4, 8, "hiroshima"), "山口": (3, 8, "yamaguchi"), "香川": (5, 9, "kagawa"),
    "徳島": (5, 10, "tokushima"), "愛媛": (4, 9, "ehime"), "高知": (4, 10, "kochi"), "福岡": (2, 8, "fukuoka"),
    "佐賀": (1, 8, "saga"), "長崎": (0, 8, "nagasaki"), "大分": (2, 9, "oita"), "熊本": (1, 9, "kumamoto"),
    "宮崎": (2, 10, "miyazaki"), "鹿児島": (1, 10, "kagoshima"), "沖縄": (0, 11, "okinawa"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Site:
    """One place and how many copies lie there; `tile` is None abroad and where no prefecture is named."""

    country: str
    region: str
    copies: int
    tile: tuple[int, int] | None
    is_allowed: bool


def prefecture_of(region: str) -> str | None:
    """The prefecture that a region names, in either script; None where it names none.

    >>> prefecture_of("大阪 / Osaka"), prefecture_of("Hyogo, zone 2"), prefecture_of("somewhere")
    ('大阪', '兵庫', None)
    """
    small = region.lower()
    return next((name for name, (_, _, roman) in PREFECTURES.items() if name in region or roman in small), None)


def sites(copies: Sequence[Copy], allowed: Collection[str], at: date) -> list[Site]:
    """The places where copies lie on the day, each once, in the order of country and region."""
    counts: dict[tuple[str, str], int] = {}
    for copy in copies:
        if copy.lies_at(at):
            counts[copy.country, copy.region] = counts.get((copy.country, copy.region), 0) + 1
    return [
        Site(country, region, count, _tile(country, region), country in allowed)
        for (country, region), count in sorted(counts.items())
    ]


def finding(found: Sequence[Site]) -> Text:
    """What the map shows, in a sentence."""
    if not found:
        return Text("保管場所の記録がありません。", "No place of storage is on record.")
    inside = sum(site.copies for site in found if site.is_allowed)
    outside = [site for site in found if not site.is_allowed]
    if not outside:
        return Text(
            f"複製 {inside} 件は、すべて認められた国の中にあります。",
            f"{inside} {_copies(inside)}, all in the countries allowed.",
        )
    abroad = "、".join(f"{countries.name(site.country).ja}（{site.region}）" for site in outside)
    count = sum(site.copies for site in outside)
    return Text(
        f"認められた国の中に {inside} 件、外に {count} 件の複製があります：{abroad}。",
        f"{inside} {_copies(inside)} in the countries allowed, {count} outside: "
        + ", ".join(dict.fromkeys(countries.name(site.country).en for site in outside))
        + ".",
    )


def draw(found: Sequence[Site], *, language: str) -> str:
    """The map as SVG."""
    held = {site.tile for site in found if site.tile}
    shapes = [words(Text("国内", "Japan").of(language), LEFT, 16, "q")]
    labels = []
    for name, (column, row, roman) in PREFECTURES.items():
        x, y = LEFT + column * (TILE + GAP), TOP + row * (TILE + GAP)
        here, label = (column, row) in held, Text(name, roman.capitalize()).of(language)
        shapes.append(box("ok solid" if here else "tile", x, y, TILE, TILE, label if here else ""))
        if here:
            labels.append(words(label, x + TILE + 4, y + TILE // 2 + 4, "strong"))
    shapes += labels
    shapes.append(words(Text("その他", "Elsewhere").of(language), ABROAD, 16, "q"))
    for place, site in enumerate([site for site in found if site.tile is None]):
        y = TOP + place * 44
        shapes.append(box("ok solid" if site.is_allowed else "stop solid", ABROAD, y, TILE, TILE))
        name = f"{countries.name(site.country).of(language)} {'○' if site.is_allowed else '×'}"
        shapes.append(words(name, ABROAD + TILE + 8, y + 11, "strong"))
        shapes.append(words(site.region or "–", ABROAD + TILE + 8, y + 26, "q"))
    height = max(TOP + 12 * (TILE + GAP), TOP + 44 * sum(site.tile is None for site in found))
    return picture(800, height, finding(found).of(language), shapes)


def _tile(country: str, region: str) -> tuple[int, int] | None:
    name = prefecture_of(region) if country == "JP" else None
    return PREFECTURES[name][:2] if name else None


def _copies(count: int) -> str:
    return "copy" if count == 1 else "copies"
