"""P16: a whole allocation in memory: ten members, 500 datasets, every method, and all that a report prints of it.

A policy names each right once, so the methods are spread over two policies on the same inputs.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

from bench.case import Case
from contributions.core import canonical, committed
from contributions.core.roles import Viewer
from contributions.core.words import Text
from licensing.core import allocations, disclosure, explanations, methods, policies
from licensing.core.rights import RIGHTS

SEED = 20261122
MEMBERS, DATASETS, VALUATION = tuple(f"m{number:02d}" for number in range(10)), 500, "ab" * 32
GAME = {"valuation": VALUATION}
DATA = {"of": "points", "categories": ["data"]}
BOTH = {"name": "category-weighted/1", "weights": {"data": "2/3", "compute": "1/3"}, "empty_category": "renormalise"}
LAW = {
    "law": {
        "law": "power/1", "digits": 50, "points": 1000, "needed": ["data"],
        "terms": [{"resource": "data", "coefficient": "1.8", "exponent": "0.28", "reference": "1000"}],
    },
    "resources": {"data": ["data", "compute"]},
}  # fmt: skip
METHODS: list[dict[str, Any]] = [
    {"name": "equal/1"},
    {"name": "stakes/1"},
    {"name": "proportional/1", "basis": DATA},
    {"name": "time-weighted/1", "basis": DATA},
    BOTH,
    {"name": "tiered-cost/1", "basis": {"of": "table", "table": "table-needs"}},
    *(
        {"name": f"claims-{rule}/1", "estate": "10000", "basis": DATA}
        for rule in ("proportional", "cea", "cel", "talmud")
    ),
    {"name": "shapley/1", "game": GAME},
    {"name": "shapley/1", "game": LAW},
    {"name": "banzhaf/1", "game": GAME},
    {"name": "owen/1", "game": GAME, "unions": [["m00", "m01"], ["m02", "m03", "m04"]]},
    {"name": "nucleolus/1", "game": {"quota": "1/2", "weights": {"of": "stakes"}}},
    {"name": "prenucleolus/1", "game": GAME},
    {"name": "shapley-sampled/1", "game": GAME, "seed": "2026", "samples": 1000},
    {"name": "pro-rata/1", "table": "table-use"},
    {"name": "licensee-centric/1", "table": "table-use"},
    {"name": "share-pool/1", "table": "table-pool", "category": "data"},
    {"name": "inherited/1", "own": BOTH},
    {"name": "mix/1", "parts": [{"weight": "1/2", "method": BOTH}, {"weight": "1/2", "method": {"name": "equal/1"}}]},
]
assert {method["name"] for method in METHODS} == set(methods.PARAMETERS)


def explained(policy: dict[str, Any], inputs: dict[str, Any]) -> list[str]:
    """Digests of both documents and of the rows, then every right as the desk sees it: each share, and why."""
    result = allocations.allocate(policy, inputs)
    document = result.document()
    rows = allocations.rows(result, lambda name: canonical.sha256_hex(name.encode()))
    said = [canonical.sha256_hex(canonical.dumps(each)) for each in (inputs, document)] + [committed.rows_root(rows)]
    names = {row["member"]: Text(row["member"], row["member"]) for row in inputs["members"]}
    told = {
        "policy": policy,
        "viewer": Viewer.system("bench"),
        "group_of": disclosure.groups_of(inputs),
        "names": names,
    }
    for right in policies.read(policy).rights:
        if right.method is None:
            continue
        view = disclosure.view(document, **told, commitments=committed.commitments(rows), right=right.right)
        for share in view.shares:
            sentences = (*explanations.why(view, share, right), *explanations.raising(view, share, right))
            said.append(f"{share.grid} {share.exact} {len(share.lines)} {' '.join(text.ja for text in sentences)}")
    return said


def cases() -> Iterator[Case]:
    """Beside it the least that a recomputation does: reading the same inputs from their bytes, and writing them."""
    inputs = _inputs()
    stored, policies_asked = canonical.dumps(inputs), _policies()
    yield Case(
        f"whole allocation, {len(MEMBERS)} members, {DATASETS} datasets, {len(METHODS)} methods, with its report",
        ours=lambda: [explained(policy, inputs) for policy in policies_asked],
        others={
            "from the stored bytes again": lambda: [
                explained(policy, canonical.loads(stored)) for policy in policies_asked
            ],
            "limit: its inputs read and written": lambda: canonical.dumps(canonical.loads(stored)),
        },
    )


def _policies() -> list[dict[str, Any]]:
    """Every method once, as many policies as it takes."""
    rights = list(RIGHTS)
    return [
        {
            "v": 2,
            "number": "P-0001",
            "version": 1 + start // len(rights),
            "eligibility": {
                "step": "eligibility/1", "reviewed": True, "residency": ["JP"], "state_paid": "excluded",
                "rewarded": "excluded", "equity_counts": False,
            },
            "points": {
                "step": "points/1",
                "categories": [
                    {"code": "data", "units": {"record": "1/1000"}, "factors": ["quality", "uniqueness"]},
                    {"code": "compute", "units": {"gpu_s": "1/3600"}, "factors": ["accelerator"]},
                ],
            },
            "rights": [
                _right(right, method)
                for right, method in zip(rights, METHODS[start : start + len(rights)], strict=False)
            ],
            "disclosure": "open/1",
            "coalitions": "desk",
        }
        for start in range(0, len(METHODS), len(rights))
    ]  # fmt: skip


def _right(name: str, method: dict[str, Any]) -> dict[str, Any]:
    return {
        "right": name, "form": "claim", "ownership": "consortium", "use": "internal", "further_training": "licensed",
        "method": method, "bounds": {"step": "clip-lambda/1", "floor": "0", "cap": "1"},
        "rounding": {"method": "largest-remainder/1", "grid": 1_000_000, "tie": "member-code"},
    }  # fmt: skip


def _inputs() -> dict[str, Any]:
    draw = random.Random(SEED)
    data = [
        _line(draw.choice(MEMBERS), "data", f"D-{number:04d}@1", "record", str(draw.randrange(10**6, 10**9)),
              [["quality", f"{draw.randrange(50, 100)}/100"], ["uniqueness", f"{draw.randrange(50, 100)}/100"]])
        for number in range(DATASETS)
    ]  # fmt: skip
    compute = [
        _line(member, "compute", f"{member}/h100", "gpu_s", str(draw.randrange(10**6, 10**9)), [["accelerator", "2/5"]])
        for member in MEMBERS
    ]
    brings = {member: draw.randrange(10**5, 10**6) for member in MEMBERS}
    named = {}
    for coalition in range(1, 1 << len(MEMBERS)):
        together = [member for place, member in enumerate(MEMBERS) if coalition >> place & 1]
        worth = len(together) * sum(brings[member] for member in together) + draw.randrange(1000)
        named[",".join(together)] = str(worth)
    use = {f"L{number}": "1000000" for number in range(5)}
    use |= {f"L{number}/{member}": str(draw.randrange(1, 1000)) for number in range(5) for member in MEMBERS}
    return {
        "v": 2,
        "release": "R-1.0",
        "window": ["2026-04-01", "2027-04-01"],
        "log": {"size": 1000, "root": "00" * 32},
        "members": [{"member": member, "from": "2026-04-01", "until": None} for member in MEMBERS],
        "groups": [],
        "lines": sorted(data + compute, key=lambda row: (row["member"], row["category"], row["asset"])),
        "stakes": dict.fromkeys(MEMBERS, f"1/{len(MEMBERS)}"),
        "days": dict.fromkeys(MEMBERS, 365),
        "tables": {
            "table-use": use,
            "table-needs": {member: str(place + 8) for place, member in enumerate(MEMBERS)},
            "table-pool": {member: str(draw.randrange(1, 9999)) for member in MEMBERS},
        },
        "valuations": {VALUATION: {"players": list(MEMBERS), "values": named}},
        "lineage": [{"release": "R-0.9", "weight": "1/2"}],
        "parents": {
            "R-0.9": {right: dict.fromkeys(MEMBERS, f"1/{len(MEMBERS)}") for right in RIGHTS},
        },
    }


def _line(member: str, category: str, asset: str, unit: str, quantity: str, factors: list) -> dict[str, Any]:
    return {
        "member": member, "category": category, "asset": asset, "unit": unit, "month": "2026-05",
        "quantity": quantity, "factors": factors, "counted": "1", "reasons": [],
    }  # fmt: skip
