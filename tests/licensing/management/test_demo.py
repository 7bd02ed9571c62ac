"""`manage.py demo`: told once, to the last yen, safe to repeat; what it writes convinces somebody else's machine."""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
import zipfile
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

import world as cast
from contributions import selectors as contributed
from contributions.core import canonical, notes
from contributions.models import Entry, LogHead
from licensing.core import archives, verify
from licensing.models import Agreement, Distribution, Payout, Share, Slip

pytestmark = pytest.mark.slow
ROOT = Path(__file__).resolve().parents[3]
# Signing keys are made afresh in each installation, so the digests of signed files differ, and with them the log's root
# from then on: the entries that name either are not the same twice.
SIGNED = (
    "agreement.signed",
    "amendment.signed",
    "licence.issued",
    "report.prepared",
    "allocation.run",
    "allocation.attested",
    "allocation.adopted",
    "decision.recorded",
)
_TOLD: dict[str, object] = {}


def tell(folder: Path) -> dict:
    out = io.StringIO()
    call_command("demo", out=folder, json=True, seed="x", stdout=out)
    return json.loads(out.getvalue())


@pytest.fixture
def told(db, tmp_path_factory) -> dict:
    """The demo in the test database, told by the command itself once and then put back."""
    if not _TOLD:
        _TOLD["story"] = tell(tmp_path_factory.mktemp("demo"))
        _TOLD["rows"] = cast.rows()
    else:
        cast.put_back(_TOLD["rows"])
    return _TOLD["story"]


def path_of(told: dict, name: str) -> Path:
    (found,) = [Path(path) for key, path in told["paths"].items() if re.fullmatch(name, key)]
    return found


# ---- what it tells ----
def test_it_names_eleven_members_one_of_them_invented(told):
    assert len(told["members"]) == 11
    assert [row["code"] for row in told["members"] if row["invented"]] == ["minato"]
    assert told["illustrative"] == "見本・架空"


def test_it_names_facilities_in_japan(told):
    assert len(told["facilities"]) >= 2 and {row["country"] for row in told["facilities"]} == {"JP"}


def test_the_shares_sum_to_exactly_one(told):
    assert sum(Fraction(share) for share in told["allocation"]["shares"].values()) == 1
    assert set(told["allocation"]["shares"]) == {row["code"] for row in told["members"]}
    for code in ("revenue", "votes", "weights", "derivative", "use"):
        shares = Share.objects.filter(allocation__state="adopted", right=code)
        assert sum(Fraction(share.exact) for share in shares) == 1


def test_the_payouts_sum_to_the_pool_and_the_books_to_zero(told):
    distribution = told["distribution"]
    assert sum(distribution["payouts"].values()) == distribution["pool"] > 0
    steps = {name: int(value) for name, value in Distribution.objects.get().steps.items() if "rate" not in name}
    assert steps["admin"] + steps["reserve"] + steps["held"] + steps["net"] == steps["gross"]
    debit = sum(row.amount for slip in Slip.objects.all() for row in slip.postings.all() if row.side == "debit")
    credit = sum(row.amount for slip in Slip.objects.all() for row in slip.postings.all() if row.side == "credit")
    assert debit == credit > 0


def test_a_refused_review_and_a_copy_abroad_belong_to_the_invented_member_alone(told):
    for row in told["datasets"]:
        if "refused" in row["reviews"].values() or row["countries"] != ["JP"]:
            assert row["member"] == "minato", row
    assert any("refused" in row["reviews"].values() for row in told["datasets"])
    assert any(row["countries"] != ["JP"] for row in told["datasets"])


def test_findings_in_accounting_files_are_the_invented_members_alone(told):
    assert {row["member"] for row in told["batches"] if row["findings"]} <= {"minato"}


def test_every_invoice_is_taxed_once_and_all_but_the_last_are_paid(told):
    for row in told["invoices"]:
        assert row["gross"] == row["net"] + row["tax"] and row["tax"] == row["net"] // 10
    *paid, last = sorted(told["invoices"], key=lambda row: row["number"])
    assert {row["state"] for row in paid} == {"paid"} and last["state"] == "issued", "one waits for its receipt"


def test_each_role_has_a_login_and_something_to_do(told):
    from contributions.models import User
    from licensing.selectors import inbox

    assert {row["workplace"] for row in told["logins"]} == {
        "legal", "finance", "desk", "auditor", "reviewer", "member", "licensee",
    }  # fmt: skip
    for row in told["logins"]:
        user = User.objects.get(username=row["username"])
        viewer, _ = contributed.people.viewer_of(
            user, chosen=None, on=LogHead.objects.get().recorded_at.date(), request=None
        )
        if row["username"] != "kobelco":
            at = LogHead.objects.get().recorded_at
            assert inbox.waiting_for(viewer, on=at.date(), at=at), row["username"]


def test_whatever_is_written_is_marked_as_a_specimen(told):
    for name, path in told["paths"].items():
        content = Path(path).read_bytes()
        assert content, name
        if name.endswith(".csv"):
            assert "見本・架空" in content.decode("utf-8-sig")
        if name.endswith(".xlsx"):
            with zipfile.ZipFile(io.BytesIO(content)) as book:
                assert any("見本・架空" in book.read(part).decode("utf-8", "ignore") for part in book.namelist())


def test_every_paper_is_a_pdf_and_there_is_one_for_each_fact(told):
    papers = {name for name in told["paths"] if name.endswith(".pdf")}
    assert all(Path(told["paths"][name]).read_bytes().startswith(b"%PDF-") for name in papers)
    stages = sum(agreement.documents.count() for agreement in Agreement.objects.all())
    assert len(papers) == 1 + stages + len(told["invoices"]) + Payout.objects.count()


# ---- repeating ----
def test_told_again_it_adds_nothing_and_writes_the_same(told, tmp_path):
    size, before = LogHead.objects.get().size, Entry.objects.count()
    again = tell(tmp_path)
    assert (LogHead.objects.get().size, Entry.objects.count()) == (size, before)
    assert {key: value for key, value in again.items() if key != "paths"} == {
        key: value for key, value in told.items() if key != "paths"
    }
    for name, path in again["paths"].items():
        assert Path(path).read_bytes() == Path(told["paths"][name]).read_bytes(), name


def test_it_does_not_touch_a_ledger_that_is_not_a_demos(world, tmp_path):
    size = LogHead.objects.get().size
    with pytest.raises(CommandError, match="real use"):
        tell(tmp_path / "none")
    call_command("demo", out=tmp_path / "none", if_empty=True)
    assert LogHead.objects.get().size == size and not (tmp_path / "none").exists()


def test_a_story_broken_off_leaves_nothing_behind(transactional_db, monkeypatch, tmp_path):
    from licensing.services import story

    def break_off() -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(story, "CHAPTERS", (*story.CHAPTERS[:2], ("中断", break_off)))
    with pytest.raises(KeyboardInterrupt):
        tell(tmp_path)
    assert not LogHead.objects.exists() and not Entry.objects.exists()


# ---- what it proves ----
def check(content: bytes, told: dict, folder: Path, *more: str) -> int:
    path = folder / "bundle.zip"
    path.write_bytes(content)
    return verify.main([str(path), "--key", str(path_of(told, "log.vkey")), *more])


BUNDLES = {"licensee": r"licensee-.*\.zip", "full": r"full\.zip"}
OWN = r"member-minato-.*\.zip"


@pytest.fixture(params=BUNDLES)
def bundle(request, told) -> dict[str, bytes]:
    return archives.unpack(path_of(told, BUNDLES[request.param]).read_bytes())


@pytest.fixture
def full(told) -> dict[str, bytes]:
    return archives.unpack(path_of(told, BUNDLES["full"]).read_bytes())


@pytest.mark.parametrize("pattern", [*BUNDLES.values(), OWN])
def test_the_key_is_found_beside_the_bundle_and_it_verifies(told, pattern, capsys):
    assert verify.main([str(path_of(told, pattern)), "--lang", "en"]) == 0
    said = capsys.readouterr().out
    assert "Verified" in said and "Not checked" in said


def test_a_bit_changed_in_any_file_is_refused(told, bundle, tmp_path):
    for name, content in bundle.items():
        flipped = bytearray(content)
        flipped[len(content) // 2] ^= 1
        code = check(archives.pack(bundle | {name: bytes(flipped)}), told, tmp_path)
        assert code == 10 or (name in {"manifest", "checkpoint"} and code in {10, 19, 22}), (name, code)


def test_a_missing_an_unlisted_and_a_doubled_name_are_refused(told, bundle, tmp_path):
    for name in bundle:
        less = {key: content for key, content in bundle.items() if key != name}
        assert check(archives.pack(less), told, tmp_path) == 11, name
    assert check(archives.pack(bundle | {"more.json": b"{}"}), told, tmp_path) == 12
    doubled = io.BytesIO()
    with zipfile.ZipFile(doubled, "w") as archive:
        for name, content in bundle.items():
            archive.writestr(name, content)
        with pytest.warns(UserWarning, match="Duplicate"):
            archive.writestr("checkpoint", bundle["checkpoint"])
    assert check(doubled.getvalue(), told, tmp_path) == 13


def lines(change: Callable[[list[bytes]], list[bytes]], full: dict[str, bytes], *names: str) -> dict[str, bytes]:
    """The full bundle with the lines of those files changed alike."""
    return full | {name: b"".join(line + b"\n" for line in change(full[name].splitlines())) for name in names}


LOG = ("leaves.jsonl", "statements.jsonl", "hashes.txt")


def swapped(rows: list[bytes]) -> list[bytes]:
    return [rows[0], rows[2], rows[1], *rows[3:]]


def unknown(rows: list[bytes]) -> list[bytes]:
    said = canonical.loads(rows[5])
    return [*rows[:5], canonical.dumps(said | {"kind": "member.promoted"}), *rows[6:]]


def with_share(full: dict[str, bytes]) -> dict[str, bytes]:
    result = canonical.loads(full["result.json"])
    first, second = result["rights"][0]["members"][:2]
    first["grid"], second["grid"] = first["grid"] - 1, second["grid"] + 1
    return full | {"result.json": canonical.dumps(result)}


def with_policy(full: dict[str, bytes]) -> dict[str, bytes]:
    return full | {"policy.json": canonical.dumps(canonical.loads(full["policy.json"]) | {"floor": "1/100"})}


def with_inputs(full: dict[str, bytes]) -> dict[str, bytes]:
    inputs = canonical.loads(full["inputs.json"])
    inputs["lines"] = inputs["lines"][1:]
    return full | {"inputs.json": canonical.dumps(inputs)}


def with_key(full: dict[str, bytes]) -> dict[str, bytes]:
    """The checkpoint signed anew by somebody who calls himself the log."""
    text, signatures = notes.parse_note(full["checkpoint"].decode())
    other = notes.Signer(signatures[0].name, bytes(range(32)))
    return full | {"checkpoint": notes.sign(text, other).encode()}


MUTATIONS = {
    "fewer entries than the checkpoint counts": (lambda full: lines(lambda rows: rows[:-1], full, *LOG), 14),
    "two entries swapped": (lambda full: lines(swapped, full, *LOG[:2]), 15),
    "a share moved from one member to another": (with_share, 16),
    "another policy": (with_policy, 17),
    "a line of the inputs left out": (with_inputs, 18),
    "a checkpoint by another key": (with_key, 19),
    "an entry of a kind that nobody knows": (lambda full: lines(unknown, full, "statements.jsonl"), None),
}


@pytest.mark.parametrize("mutation", MUTATIONS)
def test_each_way_to_tamper_with_the_whole_log_has_its_own_exit_code(told, full, tmp_path, mutation):
    change, code = MUTATIONS[mutation]
    found = check(archives.pack(change(full)), told, tmp_path)
    assert found == code if code is not None else found in {10, 20}


def test_a_bundle_by_another_log_is_refused(told, bundle, tmp_path):
    other = notes.Signer(LogHead.objects.get().origin, bytes(range(32)))
    path = tmp_path / "bundle.zip"
    path.write_bytes(archives.pack(bundle))
    assert verify.main([str(path), "--key", other.verifier.vkey]) == 19


def test_a_newer_checkpoint_can_be_demanded(told, tmp_path):
    content = path_of(told, BUNDLES["licensee"]).read_bytes()
    assert check(content, told, tmp_path, "--at-least", "10") == 0
    assert check(content, told, tmp_path, "--at-least", str(10**6)) == 21


def naming(told, files: dict[str, bytes], *, but: str = "") -> list[tuple[str, str]]:
    """Where a file of a bundle names a member, by code or by name."""
    found = []
    for name, content in files.items():
        said = content.decode()
        for row in told["members"]:
            named = row["name_ja"] in said or row["name_en"] in said
            if row["code"] != but and (named or re.search(rf'"{row["code"]}"|[:/-]{row["code"]}\b', said)):
                found.append((name, row["code"]))
    return found


def test_a_members_own_bundle_names_no_other_member(told):
    files = archives.unpack(path_of(told, OWN).read_bytes())
    assert "見本・架空" in files["division.json"].decode()
    assert not naming(told, files, but="minato")


def test_the_licensees_bundle_names_no_member(told):
    held = archives.unpack(path_of(told, BUNDLES["licensee"]).read_bytes())
    assert not naming(told, {name: content for name, content in held.items() if not name.endswith(".pdf")})


# ---- the same bytes ----
TELLER = """
import json, sys, django; django.setup()
from contributions.models import Entry
rows = Entry.objects.order_by("seq").values_list("kind", "leaf")
json.dump([[kind, bytes(leaf).decode()] for kind, leaf in rows], sys.stdout)
"""


def test_the_same_seed_gives_the_same_bytes_in_another_installation(told, tmp_path):
    """A new SQLite installation, set up and told by the command line: on PostgreSQL this compares both databases."""
    environment = {key: value for key, value in os.environ.items() if key not in {"MOYAI_HOME", "DATABASE_OWNER_URL"}}
    environment |= {
        "DATABASE_URL": f"sqlite:///{tmp_path / 'moyai.sqlite3'}",
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }

    def run(*arguments: str) -> bytes:
        command = [sys.executable, *arguments]
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, check=False)
        assert done.returncode == 0, done.stderr.decode()
        return done.stdout

    run("manage.py", "migrate", "--verbosity", "0")
    other = json.loads(run("manage.py", "demo", "--json", "--seed", "x", "--out", str(tmp_path / "out")))
    assert {key: value for key, value in other.items() if key != "paths"} == {
        key: value for key, value in told.items() if key != "paths"
    }
    theirs = json.loads(run("-c", TELLER))
    ours = [(entry.kind, bytes(entry.leaf).decode()) for entry in Entry.objects.order_by("seq")]
    assert len(theirs) == len(ours) > 500
    for seq, ((kind, leaf), own) in enumerate(zip(theirs, ours, strict=True)):
        assert kind == own[0]
        if kind not in SIGNED:
            assert leaf == own[1], (seq, kind)
    assert sum(kind in SIGNED for kind, _ in theirs) < 30
