"""The same story on SQLite and on PostgreSQL gives the same leaves and the same allocation, byte for byte.

Leaves are compared up to the first entry that names a signed file: a signature carries the key made for each
installation, so its digest differs between two that otherwise tell the same.
"""

from __future__ import annotations

import hashlib
import json
from fractions import Fraction

import psycopg
import pytest
from conftest import not_run
from journeys.stage import SEED, Stage

import servers

LEAVES = "SELECT seq, kind, leaf FROM contributions_entry ORDER BY seq"
ALLOCATIONS = """SELECT a.number, a.inputs, a.result, p.sha256 FROM licensing_allocation a
    JOIN licensing_policy p ON a.policy_id = p.id ORDER BY a.number"""
SHARES = """SELECT a.number, s."right", o.code, s.exact, s.grid_units FROM licensing_share s
    JOIN licensing_allocation a ON s.allocation_id = a.id JOIN contributions_member m ON s.member_id = m.id
    JOIN contributions_organization o ON m.organization_id = o.id"""
SIGNED = "agreement.offered"


@pytest.fixture(scope="module")
def on_postgres(tmp_path_factory):
    """The story told on a throw-away PostgreSQL, whose cluster sorts Japanese by ICU."""
    try:
        with servers.postgres() as url:
            Stage(tmp_path_factory.mktemp("postgres"), DATABASE_URL=url).tell(SEED)
            with psycopg.connect(url) as connection:
                yield connection
    except servers.NoServer as error:
        not_run(str(error))


def test_leaves_are_the_same_until_the_first_signed_file(told, on_postgres):
    one, other = told.rows(LEAVES), on_postgres.execute(LEAVES).fetchall()
    assert [row[:2] for row in one] == [row[:2] for row in other], "the same entries in the same order"
    signed = next(seq for seq, kind, _ in one if kind == SIGNED)
    assert signed > 100
    differing = [seq for (seq, _, leaf), (_, _, mirrored) in zip(one, other, strict=True)
                 if bytes(leaf) != bytes(mirrored) and seq < signed]  # fmt: skip
    assert differing == []


def test_allocations_are_the_same_to_the_byte(told, on_postgres):
    one, other = told.rows(ALLOCATIONS), on_postgres.execute(ALLOCATIONS).fetchall()
    assert len(one) == len(other) == 2
    for mine, its in zip(one, other, strict=True):
        assert mine[0] == its[0]
        assert without_log(mine[1]) == without_log(its[1])
        assert without_inputs(mine[2], mine[1]) == without_inputs(its[2], its[1])
        assert mine[3] == its[3], "the policy's digest"


def test_shares_are_the_same_and_sum_to_one(told, on_postgres):
    one, other = set(told.rows(SHARES)), set(on_postgres.execute(SHARES).fetchall())
    assert one == other and one
    for divided in {row[:2] for row in one}:
        assert sum(row[4] for row in one if row[:2] == divided) == 10**6
        assert sum(Fraction(row[3]) for row in one if row[:2] == divided) == 1


def without_log(inputs) -> bytes:
    """The inputs without the root of the log, which covers the signed files too."""
    document = json.loads(bytes(inputs))
    document["log"].pop("root")
    return json.dumps(document, sort_keys=True).encode()


def without_inputs(result, inputs) -> bytes:
    """The result without the digest of its inputs, where it names it."""
    return bytes(result).replace(hashlib.sha256(bytes(inputs)).hexdigest().encode(), b"")
