"""How a share came about, line by line, from what `disclosure` lets this viewer know and from nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from django.urls import reverse

from contributions import selectors as contributed
from contributions.core.money import fraction
from contributions.core.words import Text
from contributions.templatetags.moyai import decimal, percent, short
from licensing.core import prose
from licensing.core.categories import CATEGORIES, FACTORS
from licensing.core.decimals import exact, rounded
from licensing.core.decimals import percent as bound
from licensing.core.disclosure import CATEGORY, VALUED
from licensing.core.policies import Right
from licensing.core.reasons import REASONS
from licensing.core.views import AllocationView, CategoryView, LineView, PartView, ShareView

PLAINLY_MAX = 3  # how many assets stand in the row itself; more are counted, and listed below


@dataclass(frozen=True, slots=True)
class AssetLine:
    """One asset's lines that were rated and judged alike, over all their months."""

    member: Text
    category: Text
    code: str
    asset: str
    name: Text
    url: str
    unit: str
    first: str
    last: str
    quantity: int
    factors: tuple[tuple[Text, Fraction], ...]
    counted: Fraction
    reasons: tuple[Text, ...]
    points: Fraction

    @property
    def part(self) -> str:
        """The part that counts, exact."""
        return bound(self.counted)


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Contributions of one name that count nothing or in part, for the same reasons."""

    member: Text
    category: Text
    name: Text
    assets: tuple[tuple[str, str], ...]
    quantity: int
    unit: str
    part: str
    reasons: tuple[Text, ...]


def places(grid: int) -> int:
    """As many decimals of a percentage as show one unit of the grid: 4 for ppm."""
    return max(0, len(str(grid)) - 3)


def of_share(view: AllocationView, share: ShareView, right: Right) -> dict:
    """What `components/why.html` shows of one share."""
    grid = view.grid or right.grid
    adopted = percent(Fraction(share.grid, grid), places(grid))
    by_code = {category.category: category for category in view.categories}
    rows = [_part_row(by_code[part.category], part, share, places(grid)) for part in share.parts]
    for index, row in enumerate(rows):
        row["op"] = "＋" if index else ""
    rows += (
        _bound_rows(view, share, right, places(grid))
        if share.parts
        else [_attested_row(adopted, view.categories[0].state)]
    )
    return {
        "title": Text(f"{share.name.ja}の {adopted} のわけ", f"Why the share of {share.name.en} is {adopted}"),
        "rows": rows,
        "sum_label": _sum_label(share, right),
        "sum": adopted,
        "exact": share.exact,
        "note": _rounding(share, grid),
    }


def assets(shares: tuple[ShareView, ...], viewer) -> list[AssetLine]:
    """The lines of these shares by asset, alike months merged; names only as the viewer may read them."""
    names = _Names(viewer)
    merged: dict[tuple, list[LineView]] = {}
    for share in shares:
        for line in share.lines:
            key = (share.name, line.category, line.asset, line.unit, line.factors, line.counted, line.reasons)
            merged.setdefault(key, []).append(line)
    return [_asset_line(member, lines, names) for (member, *_), lines in merged.items()]


def left_out(lines: list[AssetLine]) -> tuple[list[LeftOut], int, int]:
    """What counts less than whole; how many lines stand in another unit only, and how many outside the period."""
    other_units, outside, merged = 0, 0, {}
    for line in lines:
        if REASONS["unit-not-counted"] in line.reasons:
            other_units += 1
        elif REASONS["outside-window"] in line.reasons:
            outside += 1
        elif line.counted < 1:
            key = (line.member, line.category, line.name, line.unit, line.part, line.reasons)
            merged.setdefault(key, []).append(line)
    rows = [
        LeftOut(
            member=member,
            category=category,
            name=name,
            assets=tuple((line.asset, line.url) for line in held),
            quantity=sum(line.quantity for line in held),
            unit=unit,
            part=part,
            reasons=reasons,
        )
        for (member, category, name, unit, part, reasons), held in merged.items()
    ]
    return rows, other_units, outside


def _asset_line(member: Text, lines: list[LineView], names: _Names) -> AssetLine:
    line, months = lines[0], sorted(line.month for line in lines)
    name, url = names.of(line.category, line.asset)
    return AssetLine(
        member=member,
        category=CATEGORIES[line.category],
        code=line.category,
        asset=line.asset,
        name=name,
        url=url,
        unit=line.unit,
        first=months[0],
        last=months[-1],
        quantity=sum(each.quantity for each in lines),
        factors=tuple((FACTORS[factor], fraction(value)) for factor, value in line.factors),
        counted=line.counted,
        reasons=tuple(REASONS.get(reason, Text(reason, reason)) for reason in line.reasons),
        points=sum((each.points for each in lines), Fraction(0)),
    )


class _Names:
    """What assets are called and where they are shown, for this viewer."""

    def __init__(self, viewer) -> None:
        self.datasets = {row.number: Text(row.name_ja, row.name_en) for row in contributed.datasets.visible_to(viewer)}
        self.resources = {
            row.number: Text(row.title_ja, row.title_en) for row in contributed.resources.visible_to(viewer)
        }
        self.facilities = {
            row.code: Text(row.name_ja, row.name_en) for row in contributed.compute.facilities_visible_to(viewer)
        }

    def of(self, category: str, asset: str) -> tuple[Text, str]:
        if category == "data":
            number = asset.partition("@")[0]
            known = self.datasets.get(number)
            return known or Text(asset, asset), reverse("contributions:dataset", args=[number]) if known else ""
        if category == "compute":
            facility, _, accelerator = asset.partition("/")
            known = self.facilities.get(facility, Text(facility, facility))
            said = Text(f"{known.ja}　{accelerator}", f"{known.en}, {accelerator}") if accelerator else known
            return said, f"{reverse('contributions:compute')}?q={facility}"
        known = self.resources.get(asset)
        return known or Text(asset, asset), reverse("contributions:resource", args=[asset]) if known else ""


def _part_row(category: CategoryView, part: PartView, share: ShareView, shown_places: int) -> dict:
    """One term: weight × own amount ／ total. A withheld total stands as its commitment."""
    row: dict = {"label": prose.term(category.category, category.method), "factor": _weight(category)}
    if category.kind != CATEGORY:
        return row | _other_row(category, part, shown_places)
    if not part.points:
        return row | {
            "rule": Text("数えられる拠出はありません", "nothing that counts was put in"),
            "figure": percent(0, shown_places),
            "quiet": True,
        }
    own = decimal(part.points, 2)
    row["links"] = [_lines_link(category.category, share)] if share.lines else []
    if part.part is None or category.total is None:
        total = f"◆ {short(category.commitment)}"
        return row | {
            "rule": Text(f"× {own} ／ {total} 点", f"× {own} / {total} points"),
            "figure": "◆",
            "attested": category.state,
        }
    total = decimal(category.total, 2)
    return row | {
        "rule": Text(f"× {own} ／ {total} 点", f"× {own} / {total} points"),
        "note": _renormalised(category),
        "figure": percent(part.part, shown_places),
    }


def _other_row(category: CategoryView, part: PartView, shown_places: int) -> dict:
    """A term that is no category: stakes, a signed table, a game, use, a parent. What is withheld says so."""
    if part.part is not None and category.total is not None and part.points is not None:
        own, total = _amount(part.points), _amount(category.total)
        return {"rule": f"× {own} ／ {total}", "figure": percent(part.part, shown_places)}
    if category.kind == VALUED:
        withheld = Text("× 自社の値 ／ 全員の値", "× own value / worth of all")
    else:
        withheld = Text("× 自社の量 ／ 総量", "× own amount / total")
    return {"rule": withheld, "figure": "◆", "attested": category.state}


def _amount(value: Fraction) -> str:
    """A whole number, a decimal that ends, or two decimals."""
    return exact(value) if value.denominator in {1, 2, 4, 5, 10, 20, 25, 50, 100} else decimal(value, 2)


def _weight(category: CategoryView) -> str:
    return bound(category.effective if category.effective is not None else category.weight)


def _renormalised(category: CategoryView) -> Text | None:
    if category.effective in {None, category.weight}:
        return None
    weight = bound(category.weight)
    return Text(
        f"規程の重み {weight} に、拠出のない区分の重みを加えたもの",
        f"the policy’s {weight} with its part of the weight of empty categories",
    )


def _lines_link(code: str, share: ShareView) -> dict:
    """The assets behind the points, listed below on the same page."""
    held = sorted({line.asset for line in share.lines if line.category == code and line.points})
    ja, en = {
        "data": (f"データセット {len(held)} 版", f"{len(held)} dataset version"),
        "compute": (f"計算機 {len(held)} 種", f"{len(held)} type of machine"),
    }.get(code, (f"拠出 {len(held)} 件", f"{len(held)} contribution"))
    if len(held) != 1:
        en = en.replace("type of", "types of") if code == "compute" else f"{en}s"
    if len(held) <= PLAINLY_MAX and code != "compute":
        ja = en = ", ".join(held)
    return {"label": Text(ja, en), "url": f"#lines-{share.member}-{code}"}


def _bound_rows(view: AllocationView, share: ShareView, right: Right, shown_places: int) -> list[dict]:
    """The scale and the bound, where they moved this share and may be known."""
    rows = []
    if view.scale is not None and view.scale != 1 and share.raw is not None:
        rows.append(
            {
                "op": "×",
                "label": Text("下限・上限の調整", "Scale of floor and cap"),
                "factor": rounded(view.scale, 6),
                "rule": Text(
                    f"区分の合計 {percent(share.raw, shown_places)} に掛けます",
                    f"applied to the sum of the categories, {percent(share.raw, shown_places)}",
                ),
                "figure": percent(view.scale * share.raw, shown_places),
            }
        )
    elif (moved := _moved(view, share)) is not None and not share.clip:
        rows.append(
            {
                "op": "±",
                "label": Text("下限・上限の調整", "Floor and cap"),
                "factor": "",
                "rule": Text(
                    "ほかの会員に下限・上限が適用されたことによる調整と丸め。計算の内訳は配分デスクと監査人が確認",
                    "since a bound applied to another member, and rounding; how is attested by desk and auditor",
                ),
                "figure": percent(moved, shown_places),
            }
        )
    if share.clip:
        name, value = _clip(share.clip, right)
        rows.append(
            {
                "op": "→",
                "label": name,
                "factor": "",
                "rule": Text(f"{name.ja}を適用", f"the {name.en.lower()} applies"),
                "figure": bound(value),
            }
        )
    return rows


def _moved(view: AllocationView, share: ShareView) -> Fraction | None:
    """What lies between the parts shown and the adopted share, where every part is shown and the scale is not."""
    parts = [part.part for part in share.parts if part.points or part.part]
    if share.raw is not None or not parts or view.grid is None or any(part is None for part in parts):
        return None
    moved = Fraction(share.grid, view.grid) - sum((part for part in parts if part), Fraction(0))
    return moved if abs(moved) * view.grid >= 1 else None


def _clip(clip: str, right: Right) -> tuple[Text, Fraction]:
    return (Text("下限", "Floor"), right.floor) if clip == "floor" else (Text("上限", "Cap"), right.cap)


def _attested_row(adopted: str, attested: Text) -> dict:
    """For those who need the share and may not see what it was made of."""
    return {
        "label": Text("配分比率", "Share"),
        "factor": "",
        "rule": Text("点数・総量・明細は示しません", "points, totals and lines are not shown here"),
        "figure": adopted,
        "attested": attested,
    }


def _sum_label(share: ShareView, right: Right) -> Text:
    floor, cap = bound(right.floor), bound(right.cap)
    touched = _clip(share.clip, right)[0] if share.clip else Text("該当なし", "not touched")
    return Text(f"下限 {floor}・上限 {cap}：{touched.ja}", f"Floor {floor}, cap {cap}: {touched.en.lower()}")


def _rounding(share: ShareView, grid: int) -> Text:
    """The last step. Without the exact share only the unit is said."""
    if share.exact is None:
        return Text(f"最大剰余法で 1/{grid:,} の単位に丸めています", f"rounded to 1/{grid:,} by largest remainder")
    before, up = share.exact * grid, share.grid - (share.exact * grid).__floor__()
    size = exact(before) if before.denominator == 1 else rounded(before, 3)
    return Text(
        f"最大剰余法：{size} → {share.grid:,}（1/{grid:,} の単位、{'切上げ' if up else '切捨て'}）",
        f"Largest remainder: {size} → {share.grid:,} of {grid:,}, rounded {'up' if up else 'down'}",
    )
