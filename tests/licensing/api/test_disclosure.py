"""No endpoint shows one side's figures to the other: every address is read as two rival members and two licensees.

What is secret is collected from what the other side itself can read; each caller then reads every list and, with the
numbers of everybody, every detail. A number it may not see must answer exactly as one that nobody holds.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import pytest
from django.test import Client
from drf_spectacular.generators import SchemaGenerator

from contributions.core.signed_statements import HEADER
from licensing.core import archives
from world import LICENSEES, MEMBERS, ORGANIZATIONS

pytestmark = pytest.mark.slow

KEYS = {
    "ballot": ("number",),
    "checkpoint": ("number",),
    "old": ("number",),
    "person": ("id",),
    "review": ("number",),
    "seq": ("seq",),
    "job": ("id",),
    "number": ("number", "agreement"),
    "code": ("code",),
    "card": ("card",),
    "version": ("version",),
    "serial": ("serial",),
}
DAYS = {"day": "2026-10-01"}  # a day is asked for, not held by a row
ASKED = {"rows": {"day": "2026-05-10", "accelerator": "h100"}}  # what some addresses need to be asked
SAMPLED = 30  # details read of a long list: every few rows
NOBODYS = {"seq": "999999", "review": "999999", "person": "00000000-0000-4000-8000-000000000000"}


@pytest.fixture
def addresses() -> list[str]:
    schema = SchemaGenerator().get_schema(request=None, public=True)
    return [path for path, verbs in schema["paths"].items() if "get" in verbs]


# No list: whoever may not read it finds nothing there.
ONE_THING = {"/api/v1/clauses/shipped/"}


def lists(addresses: list[str]) -> list[str]:
    return [path for path in addresses if "{" not in path]


def details(addresses: list[str], listed: dict[str, list[dict]]) -> Iterator[tuple[str, str]]:
    """Every address with a number in it, for every row of its list: (address, the same with nobody's number)."""
    for path in (path for path in addresses if "{" in path):
        names = re.findall(r"\{(\w+)\}", path)
        rows = listed[path.partition("{")[0]]
        for row in rows[:: 1 + len(rows) // SAMPLED]:
            newest = {"version": row["versions"][-1]["version"]} if row.get("versions") else {}
            held = newest | row
            values = {
                name: DAYS.get(name) or str(next(held[key] for key in KEYS[name] if key in held)) for name in names
            }
            nobodys = values | {names[0]: NOBODYS.get(names[0], "0" if values[names[0]].isdigit() else "none")}
            yield path.format(**values), path.format(**nobodys)


def read_lists(client: Client, addresses: list[str]) -> dict[str, list[dict]]:
    found = {}
    for path in lists(addresses):
        answer = client.get(path, {} if path.endswith("head/") else {"limit": 500})
        assert answer.status_code == 200 or (path in ONE_THING and answer.status_code == 404), (path, answer.content)
        found[path] = answer.json().get("results", [])
    return found


def everything(call, addresses: list[str]) -> dict[str, list[dict]]:
    """The rows that anybody may see."""
    union: dict[str, list[dict]] = {}
    for username in ("auditor", "legal", "finance", "desk"):
        for path, rows in read_lists(call(username), addresses).items():
            held = union.setdefault(path, [])
            held += [row for row in rows if row not in held]
    return union


def bodies(client: Client, addresses: list[str], listed: dict[str, list[dict]]) -> Iterator[tuple[str, str]]:
    """All that the caller can read: (address, body); what it cannot read it cannot tell from what is not there."""
    for path in lists(addresses):
        yield path, client.get(path, {} if path.endswith("head/") else {"limit": 500}).content.decode()
    hidden: dict[str, bytes] = {}
    for path, nobodys in details(addresses, listed):
        answer = client.get(path, ASKED.get(path.split("/")[-2], {}))
        if answer.status_code == 200:
            yield from texts(path, answer)
            continue
        assert answer.status_code == 404, (path, answer.status_code)
        if nobodys not in hidden:
            hidden[nobodys] = client.get(nobodys, ASKED.get(nobodys.split("/")[-2], {})).content
        assert answer.content == hidden[nobodys], (path, nobodys)


def texts(path: str, answer) -> Iterator[tuple[str, str]]:
    """The body of an answer; of a bundle, each document in it."""
    if answer["Content-Type"] != "application/zip":
        yield path, answer.content.decode()
        return
    for name, content in archives.unpack(answer.content).items():
        if name.endswith(".json"):
            yield f"{path} {name}", content.decode()


def shown_by(body: str) -> set[str]:
    """What an answer tells; the file of a statement to be signed has it on its fourth line."""
    return set(values(json.loads(body.split("\n")[3] if body.startswith(HEADER) else body)))


def values(document: object) -> Iterator[str]:
    """Every scalar of a JSON document as text."""
    if isinstance(document, dict):
        for inner in document.values():
            yield from values(inner)
    elif isinstance(document, list):
        for inner in document:
            yield from values(inner)
    elif document is not None:
        yield str(document)


def figures_of(call, member: str) -> set[str]:
    """What only that member and the secretariat may know, as the member itself reads it."""
    client, secret = call(member), set()
    own = {name: client.get(f"/api/v1/{name}/").json()["results"] for name in
           ("datasets", "batches", "compute/days", "resources", "payouts", "terms")}  # fmt: skip
    for rows in own.values():
        secret |= {str(row["number"]) for row in rows if "number" in row}
    secret |= {
        version[key] for row in own["datasets"] for version in row["versions"] for key in ("quantity", "file_sha256")
    }
    secret |= {row["name"]["ja"] for row in own["datasets"]} | {row["file_sha256"] for row in own["batches"]}
    secret |= {row[key] for row in own["payouts"] for key in ("net", "gross", "tax")}
    secret |= {row["quantity"] for row in own["resources"]} | {row["gpu_s"] for row in own["compute/days"]}
    allocation = client.get("/api/v1/allocations/").json()["results"][0]["number"]
    view = client.get(f"/api/v1/allocations/{allocation}/").json()["view"]
    secret |= {str(share["grid"]) for share in view["shares"]}
    rule = set(values(client.get("/api/v1/policies/").json()))  # a round figure may stand in the common rule as well
    return secret - rule


@pytest.mark.parametrize(("reader", "rival"), [("tetsu", "hagane"), ("hagane", "tetsu")])
def test_a_member_reads_nothing_of_its_rival_and_nothing_of_a_licensee(call, settled, addresses, reader, rival):
    settled.seal()
    listed = everything(call, addresses)
    secret = figures_of(call, rival) - figures_of(call, reader)
    assert len(secret) > 10
    strangers = {name for code in LICENSEES for name in ORGANIZATIONS[code][:2]}
    strangers |= {row["number"] for noun in ("agreements", "invoices", "usage", "reports") for row in
                  listed[f"/api/v1/{noun}/"]}  # fmt: skip
    for path, body in bodies(call(reader), addresses, listed):
        if path.endswith(("proof/", "note/")) or "/consistency/" in path:  # text, of hashes alone
            continue
        shown = shown_by(body)
        assert not shown & secret, (path, shown & secret)
        assert not [name for name in strangers if name in body], path
        assert not shown & set(LICENSEES), path


@pytest.mark.parametrize(("reader", "rival"), [("robo", "arm"), ("arm", "robo")])
def test_a_licensee_reads_nothing_of_its_rival_and_no_member(call, settled, addresses, reader, rival):
    settled.seal()
    listed = everything(call, addresses)
    own = call(rival)
    secret = {row["number"] for noun in ("agreements", "invoices", "usage") for row in
              own.get(f"/api/v1/{noun}/").json()["results"]}  # fmt: skip
    assert len(secret) == 3
    names = {name for code in (*MEMBERS, rival) for name in ORGANIZATIONS[code][:2]}
    for path, body in bodies(call(reader), addresses, listed):
        if path.endswith(("proof/", "note/")) or "/consistency/" in path:  # text, of hashes alone
            continue
        shown = shown_by(body)
        assert not shown & {*MEMBERS, rival}, (path, shown & {*MEMBERS, rival})
        assert not [word for word in names | secret if word in body], path


def test_a_licensee_learns_of_the_allocation_only_that_it_exists(call, licensed):
    row = call("robo").get("/api/v1/allocations/").json()["results"][0]
    detail = call("robo").get(f"/api/v1/allocations/{row['number']}/").json()
    assert detail["view"]["audience"] == "existence" and detail["basis"] is None
    assert detail["view"]["shares"] == detail["view"]["categories"] == []


def test_a_member_sees_its_own_share_and_hidden_figures_are_null(call, allocated):
    number = call("tetsu").get("/api/v1/allocations/").json()["results"][0]["number"]
    view = call("tetsu").get(f"/api/v1/allocations/{number}/").json()["view"]
    assert [share["member"] for share in view["shares"]] == ["tetsu"]
    assert view["shares"][0]["lines"] and view["shares"][0]["parts"]
    assert all(row["total"] is None for row in view["categories"] if not row["shown"])
    desk = call("desk").get(f"/api/v1/allocations/{number}/").json()["view"]
    assert desk["audience"] == "full" and sum(share["grid"] for share in desk["shares"]) == desk["grid"]
