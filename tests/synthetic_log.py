"""A synthetic log of two members, the bundles over it, and whoever holds its key.

`Server` is what a dishonest server could do: it signs whatever it likes. `unsigned` is what anybody else can do.
"""

from __future__ import annotations

import contextlib
import io
import json
import tempfile
from pathlib import Path
from uuid import UUID, uuid5

from contributions.core import canonical, committed, merkle, notes, proofs
from licensing.core import allocations, archives, bundles, inputs, verify

ORIGIN = "ledger.example/0f0e/ledger"
KEY = notes.Signer(ORIGIN, bytes(range(32)))
OTHER = notes.Signer(ORIGIN, bytes(range(1, 33)))
NAMESPACE = UUID("8a3c1a52-5c3e-4c59-9d0a-1f3c1d1b7a10")
WINDOW = ["2026-04-01", "2026-10-01"]
POLICY = {
    "v": 1,
    "number": "P-0001",
    "version": 1,
    "right": "revenue",
    "form": "claim",
    "method": "category-weighted/1",
    "categories": [
        {"code": "cash", "weight": "2/3", "units": {"JPY": "1/1000000"}},
        {"code": "compute", "weight": "1/3", "units": {"gpu_s": "1/3600"}, "factors": ["accelerator"]},
    ],
    "equity_counts": False,
    "residency": ["JP"],
    "empty_category": "renormalise",
    "floor": "1/100",
    "cap": "90/100",
    "rounding": {"method": "largest-remainder/1", "grid": 1000000, "tie": "member-code"},
    "disclosure": "safe-totals/1",
}


def statement(number, kind, facts, *, member=None, movements=()):
    return canonical.dumps(
        {
            "v": 1,
            "kind": kind,
            "nonce": f"{number:032x}",
            "subject": f"thing:{number}",
            "member": member,
            "by": {"user": None, "workplace": "system", "organization": None},
            "effective": [None, None],
            "movements": list(movements),
            "facts": facts,
            "annexes": [],
            "corrects": None,
        }
    )


def leaf(number, statement_bytes, *, at=None):
    return canonical.dumps(
        {
            "v": 1,
            "log": ORIGIN,
            "id": str(uuid5(NAMESPACE, str(number))),
            "recorded_at": at or f"2026-10-{1 + number // 10:02d}T05:00:{number % 10:02d}Z",
            "statement_sha256": canonical.sha256_hex(statement_bytes),
        }
    )


def cash(code, member, amount):
    facts = {
        "resource": code,
        "member": member,
        "kind": "cash",
        "nature": "levy",
        "unit": "JPY",
        "quantity": str(amount),
        "period": ["2026-05-01", "2026-06-01"],
        "funding": None,
        "agreement": None,
    }
    moved = [[f"member:{member}", "JPY", str(-amount)], ["pool", "JPY", str(amount)]]
    return "resource.recorded", facts, {"member": member, "movements": moved}


def metered(member, seconds):
    facts = {
        "batch": "B-0001",
        "member": member,
        "facility": "F-01",
        "accelerator": "h100",
        "day": "2026-06-03",
        "jobs": 3,
        "cpu_s": "0",
        "node_s": "0",
        "gpu_s": str(seconds),
        "funding": None,
        "country": "JP",
    }
    moved = [[f"member:{member}", "gpu_s:h100", str(-seconds)], ["pool", "gpu_s:h100", str(seconds)]]
    return "compute.metered", facts, {"member": member, "movements": moved}


def admitted(code):
    return "member.admitted", {"member": code, "organization": code, "class": "full", "from": "2026-04-01"}, {}


class Server:
    """A log under construction, and whoever holds its key."""

    def __init__(self):
        self.statements, self.leaves = [], []

    def say(self, kind, facts, more=None):
        said = statement(len(self.statements), kind, facts, **(more or {}))
        self.leaves.append(leaf(len(self.leaves), said))
        self.statements.append(said)

    @property
    def size(self):
        return len(self.leaves)

    def root(self, size):
        return merkle.root([merkle.leaf_hash(data) for data in self.leaves[:size]])

    def checkpoint(self, size=None, signer=KEY):
        size = self.size if size is None else size
        return notes.sign_checkpoint(notes.Checkpoint(ORIGIN, size, self.root(size)), signer)

    def proof(self, seq, note):
        found = [merkle.leaf_hash(data) for data in self.leaves]

        def node(level, index):
            return merkle.root(found[index << level : (index + 1) << level])

        size = int(note.split("\n")[1])
        return proofs.prove(seq, size, note, node).text()


def founded(policy=POLICY):
    """A log of two members, with an adopted policy and allocation, and a licensee's report."""
    server = Server()
    server.say("installation.founded", {"installation": "x", "demo": True, "name": {}, "legal_form": "stock-company"})
    for code in ("akane", "midori"):
        server.say(*admitted(code))
    lines = {"h100": "1", "a100": "2/5"}
    server.say("ratecard.adopted", {"card": "accelerator", "version": 1, "from": "2026-04-01", "lines": lines})
    server.say(*cash("C-0001", "akane", 30_000_000))
    server.say(*cash("C-0002", "midori", 10_000_000))
    server.say("resource.accepted", {"resource": "C-0001"})
    server.say("resource.accepted", {"resource": "C-0002"})
    server.say(*metered("midori", 7_200_000))
    server.say("compute.attested", {"batch": "B-0001"})
    server.say("policy.adopted", {"policy": "P-0001", "policy_sha256": canonical.digest(policy)})
    return server


def allocated(server, policy=POLICY, *, release="R-0.3", number="A-0001", opened=None):
    """Run and adopt the allocation at the present size; returns its documents."""
    size, known = server.size, [canonical.loads(data) for data in server.statements]
    log = {"size": size, "root": server.root(size).hex()}
    folded = inputs.fold(known, policy=policy, release=release, window=tuple(WINDOW), log=log, opened=opened)
    result = allocations.allocate(policy, folded)
    rows = allocations.rows(result, canonical.digest)
    facts = {
        "allocation": number,
        "release": release,
        "policy_sha256": canonical.digest(policy),
        "inputs_sha256": canonical.digest(folded),
        "rows_root": committed.rows_root(rows),
        "sum": "1",
        "checkpoint": size,
        "window": WINDOW,
    }
    server.say("allocation.adopted", facts)
    return {"policy": policy, "inputs": folded, "result": result.document(), "rows": rows}


VALUES = {"players": ["akane", "midori"], "values": {"akane": "1", "midori": "2", "akane,midori": "6"}}
_ROUNDING = {"method": "largest-remainder/1", "grid": 1000000, "tie": "member-code"}


def _right(name, method):
    stated = {"form": "claim", "ownership": "consortium", "use": "internal", "further_training": "licensed"}
    bounds = {"step": "clip-lambda/1", "floor": "1/100", "cap": "90/100"}
    return stated | {"right": name, "method": method, "bounds": bounds, "rounding": _ROUNDING}


BY_GAME = {"name": "shapley/1", "game": {"valuation": canonical.digest(VALUES)}}
BY_POINTS = {"name": "category-weighted/1", "weights": {"cash": "2/3", "compute": "1/3"}, "empty_category": "hold"}
SEVERAL = {
    "v": 2,
    "number": "P-0001",
    "version": 2,
    "eligibility": {
        "step": "eligibility/1",
        "reviewed": True,
        "residency": ["JP"],
        "state_paid": "excluded",
        "rewarded": "excluded",
        "equity_counts": False,
    },
    "points": {
        "step": "points/1",
        "categories": [
            {"code": row["code"], "units": row["units"], "factors": row.get("factors", [])}
            for row in POLICY["categories"]
        ],
    },
    "rights": [
        _right("revenue", {"name": "inherited/1", "own": BY_POINTS}),
        _right("votes", {"name": "stakes/1"}),
        _right("use", BY_GAME),
    ],
    "disclosure": "safe-totals/1",
    "coalitions": "desk",
}


def several():
    """A log whose policy shares out three rights: inherited from a parent, by stakes, by an adopted valuation."""
    server = founded(SEVERAL)
    for member, share in (("akane", "3/5"), ("midori", "1/5")):
        server.say("stake.declared", {"member": member, "share": share, "from": "2026-04-01"})
    valued = {"valuation": "V-0001", "valuation_sha256": canonical.digest(VALUES), **VALUES}
    server.say("valuation.adopted", valued)
    server.say("policy.adopted", {"policy": "P-0001", "policy_sha256": canonical.digest(POLICY)})
    parent = allocated(server, release="R-0.2", number="A-0000")
    server.say("release.published", {"release": "R-0.3", "parents": [{"release": "R-0.2", "weight": "1/4"}]})
    opened = {"A-0000": parent["rows"]}
    return server, allocated(server, SEVERAL, opened=opened) | {"parents": opened}


REPORT = canonical.dumps({"v": 1, "report": "AR-0001", "licensee": "L-0001", "notice": "見本・架空"})
PDF = b"%PDF-1.7 " + bytes(range(256))


def world():
    server = founded()
    documents = allocated(server)
    facts = {
        "report": "AR-0001",
        "report_sha256": canonical.sha256_hex(REPORT),
        "pdf_sha256": canonical.sha256_hex(PDF),
    }
    server.say("report.prepared", facts)
    server.say("member.withdrawn", {"member": "midori", "from": "2027-04-01"})
    return server, documents


SERVER, DOCUMENTS = world()
ADOPTED, PREPARED = 11, 12


def full_parts(server=SERVER, documents=DOCUMENTS, size=None):
    return bundles.full_parts(
        leaves=server.leaves[:size],
        statements=server.statements[:size],
        checkpoint=server.checkpoint(size),
        **documents,
    )


def licensee_parts(server=SERVER, seqs=(ADOPTED, PREPARED)):
    note = server.checkpoint()
    entries = [
        bundles.Disclosed(seq, server.leaves[seq], server.statements[seq], server.proof(seq, note)) for seq in seqs
    ]
    return bundles.licensee_parts(entries=entries, checkpoint=note, report=REPORT, report_pdf=PDF)


FULL, LICENSEE = full_parts(), licensee_parts()
PARTS = {"full": FULL, "licensee": LICENSEE}


def resigned(kind, parts, signer=KEY):
    """What a dishonest server can hand out: any files at all under a manifest that fits them."""
    listed = {name: (canonical.sha256_hex(content), len(content)) for name, content in parts.items()}
    note = notes.sign(bundles.Manifest(kind, signer.name, listed).text(), signer)
    return archives.pack({"manifest": note.encode(), **parts})


def unsigned(kind, changed):
    """What somebody without the key can do: exchange files under the manifest that was."""
    good = archives.unpack(bundles.build(kind, PARTS[kind], KEY))
    return archives.pack({**good, **changed})


def swapped(items, i, j):
    items = list(items)
    items[i], items[j] = items[j], items[i]
    return items


def lines(items):
    return b"".join(item + b"\n" for item in items)


def flipped(content, bit):
    changed = bytearray(content)
    changed[bit // 8] ^= 1 << bit % 8
    return bytes(changed)


def run(data, *arguments, key=KEY.verifier.vkey, folder=None):
    """Verify these bytes as the command does; returns the exit code and the answer."""
    with tempfile.TemporaryDirectory() as temporary:
        path = Path(folder or temporary) / "bundle.zip"
        path.write_bytes(data)
        given = ["--key", key] if key else []
        out, err = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = verify.main([str(path), "--json", "--lang", "en", *given, *map(str, arguments)])
    answer = json.loads(out.getvalue())
    assert answer["exit"] == code
    assert "Traceback" not in err.getvalue()
    return code, answer
