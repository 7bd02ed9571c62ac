"""The verifier: keys, age, every bit, the command. No input makes a traceback."""

from __future__ import annotations

import io
import random
import subprocess
import sys
import zipfile

import pytest
from synthetic_log import (
    ADOPTED,
    FULL,
    KEY,
    LICENSEE,
    ORIGIN,
    OTHER,
    PARTS,
    SERVER,
    admitted,
    flipped,
    full_parts,
    lines,
    resigned,
    run,
    unsigned,
    world,
)

from contributions.core import notes
from licensing.core import archives, bundles, verify


@pytest.mark.parametrize("kind", ["full", "licensee"])
def test_a_good_bundle_verifies_and_says_what_it_checked(kind):
    code, answer = run(bundles.build(kind, PARTS[kind], KEY))
    assert (code, answer["verdict"], answer["bundle"]) == (0, "verified", kind)
    assert answer["size"] == SERVER.size
    assert answer["checked"] and answer["not_checked"]


def test_a_full_bundle_recomputes_and_a_licensee_bundle_says_that_it_did_not():
    _, full = run(bundles.build("full", FULL, KEY))
    assert any("recomputed" in line for line in full["checked"])
    _, licensee = run(bundles.build("licensee", LICENSEE, KEY))
    assert any("not recomputed" in line for line in licensee["not_checked"])


def test_the_same_parts_and_key_give_the_same_bytes():
    assert bundles.build("full", FULL, KEY) == bundles.build("full", dict(reversed(FULL.items())), KEY)


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_a_bundle_repacked_by_an_ordinary_tool_still_verifies(method):
    good = archives.unpack(bundles.build("full", FULL, KEY))
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", method) as repacked:
        for name in reversed(good):
            repacked.writestr(name, good[name])
    assert run(packed.getvalue())[0] == 0


def test_python_reads_what_we_pack():
    with zipfile.ZipFile(io.BytesIO(bundles.build("full", FULL, KEY))) as packed:
        assert packed.testzip() is None
        assert {name: packed.read(name) for name in FULL} == FULL


def test_an_erased_statement_is_named_as_not_checked():
    statements = [None if seq == 6 + 7 else data for seq, data in enumerate(SERVER.statements)]
    parts = FULL | {"statements.jsonl": lines(b"null" if data is None else data for data in statements)}
    code, answer = run(resigned("full", parts))
    assert code == 0
    assert any("erased" in line for line in answer["not_checked"])


def test_an_older_checkpoint_verifies_as_what_it_is():
    code, answer = run(bundles.build("full", full_parts(size=ADOPTED + 1), KEY))
    assert (code, answer["size"]) == (0, ADOPTED + 1)


@pytest.mark.parametrize("kind", ["full", "licensee"])
def test_without_a_key_a_bundle_is_self_consistent_only(kind):
    code, answer = run(bundles.build(kind, PARTS[kind], KEY), key=None)
    assert (code, answer["verdict"], answer["key"]) == (3, "self-consistent", None)
    assert any("signature" in line for line in answer["not_checked"])


def test_without_a_key_a_lie_is_refused_all_the_same():
    assert run(unsigned("full", {"report": b""}), key=None)[0] == 12
    assert run(unsigned("full", {"rows.json": FULL["rows.json"] + b" "}), key=None)[0] == 10


def test_the_key_is_found_beside_the_bundle_or_one_folder_up(tmp_path):
    data, folder = bundles.build("full", FULL, KEY), tmp_path / "bundles"
    folder.mkdir()
    assert run(data, key=None, folder=folder)[0] == 3
    (tmp_path / "log.vkey").write_text(KEY.verifier.vkey + "\n")
    assert run(data, key=None, folder=folder)[0] == 0
    (folder / "log.vkey").write_text(OTHER.verifier.vkey + "\n")
    assert run(data, key=None, folder=folder)[0] == 19


def test_the_key_may_be_a_file(tmp_path):
    (tmp_path / "some.key").write_text(KEY.verifier.vkey + "\n")
    assert run(bundles.build("full", FULL, KEY), key=str(tmp_path / "some.key"))[0] == 0


def test_a_key_that_is_none_is_a_wrong_use(tmp_path):
    (tmp_path / "some.key").write_text("not a key")
    assert run(bundles.build("full", FULL, KEY), key=str(tmp_path / "some.key"))[0] == 2
    assert run(bundles.build("full", FULL, KEY), key=str(tmp_path / "absent.key"))[0] == 4


def test_a_key_inside_the_bundle_is_not_trusted():
    parts = FULL | {"log.vkey": OTHER.verifier.vkey.encode()}
    assert run(resigned("full", parts, OTHER), key=None)[0] == 12


@pytest.mark.parametrize("kind", ["full", "licensee"])
def test_a_bundle_by_another_key_is_refused(kind):
    assert run(bundles.build(kind, PARTS[kind], OTHER))[0] == 19
    stranger = notes.Signer("ledger.example/ffff/ledger", KEY.seed)
    assert run(bundles.build(kind, PARTS[kind], stranger), key=stranger.verifier.vkey)[0] == 19


@pytest.mark.parametrize("kind", ["full", "licensee"])
def test_a_checkpoint_by_another_key_is_refused(kind):
    note = SERVER.checkpoint(signer=OTHER)
    changed = {"checkpoint": note.encode()}
    for name, content in PARTS[kind].items():
        if name.startswith("proofs/"):
            changed[name] = content.replace(SERVER.checkpoint().encode(), note.encode())
    assert run(resigned(kind, PARTS[kind] | changed))[0] == 19
    assert run(unsigned(kind, changed))[0] == 19
    assert run(resigned(kind, PARTS[kind] | changed), key=None)[0] == 19


def test_a_second_signature_on_the_manifest_is_refused():
    good = archives.unpack(bundles.build("full", FULL, KEY))
    text = good["manifest"].decode().split("\n\n")[0] + "\n"
    doubled = {"manifest": notes.sign(text, KEY, notes.Signer("witness.example", bytes(32))).encode()}
    assert run(archives.pack(good | doubled))[0] in {10, 19}


@pytest.mark.parametrize("kind", ["full", "licensee"])
def test_at_least_a_size(kind):
    data = bundles.build(kind, PARTS[kind], KEY)
    assert run(data, "--at-least", SERVER.size)[0] == 0
    assert run(data, "--at-least", SERVER.size + 1)[0] == 21


@pytest.mark.parametrize("kind", ["full", "licensee"])
def test_at_least_a_checkpoint(kind, tmp_path):
    data, wanted = bundles.build(kind, PARTS[kind], KEY), tmp_path / "wanted"
    wanted.write_text(SERVER.checkpoint())
    assert run(data, "--at-least", wanted)[0] == 0
    wanted.write_text(SERVER.checkpoint(5))
    code, answer = run(data, "--at-least", wanted)
    assert code == 0
    assert any("history" in line for line in answer["checked" if kind == "full" else "not_checked"])
    newer, _ = world()
    newer.say(*admitted("kaede"))
    wanted.write_text(newer.checkpoint())
    assert run(data, "--at-least", wanted)[0] == 21


def test_at_least_a_checkpoint_of_another_history(tmp_path):
    data, wanted = bundles.build("full", FULL, KEY), tmp_path / "wanted"
    wanted.write_text(notes.sign_checkpoint(notes.Checkpoint(ORIGIN, 5, bytes(32)), KEY))
    assert run(data, "--at-least", wanted)[0] == 23
    wanted.write_text(notes.sign_checkpoint(notes.Checkpoint(ORIGIN, SERVER.size, bytes(32)), KEY))
    assert run(bundles.build("licensee", LICENSEE, KEY), "--at-least", wanted)[0] == 23
    wanted.write_text(SERVER.checkpoint(signer=OTHER))
    assert run(data, "--at-least", wanted)[0] == 19
    wanted.write_text("nothing")
    assert run(data, "--at-least", wanted)[0] == 22
    assert run(data, "--at-least", tmp_path / "absent")[0] == 4


@pytest.mark.parametrize("kind", ["full", "licensee"])
def test_one_bit_changed_in_the_content_of_any_file_is_refused(kind):
    good = archives.unpack(bundles.build(kind, PARTS[kind], KEY))
    chance = random.Random(20261031)
    for name, content in good.items():
        everything = range(len(content) * 8)
        for bit in chance.sample(everything, min(40, len(everything))):
            code, answer = run(archives.pack(good | {name: flipped(content, bit)}))
            assert code == 10, (name, bit, answer)


def test_hardly_a_bit_of_manifest_and_checkpoint_is_left_untried():
    good = archives.unpack(bundles.build("licensee", LICENSEE, KEY))
    chance = random.Random(3)
    for name in ("manifest", "checkpoint"):
        for bit in chance.sample(range(len(good[name]) * 8), 500):
            code, answer = run(archives.pack(good | {name: flipped(good[name], bit)}))
            assert code == 10, (name, bit, answer)


@pytest.mark.parametrize("kind", ["full", "licensee"])
def test_a_bit_flipped_in_the_zip_itself_never_shows_other_content(kind):
    data = bundles.build(kind, PARTS[kind], KEY)
    good = archives.unpack(data)
    chance = random.Random(7)
    for bit in chance.sample(range(len(data) * 8), 800):
        changed = flipped(data, bit)
        code, _ = run(changed)
        if code == 0:
            assert archives.unpack(changed) == good, bit


def test_the_command_speaks_japanese_and_english(tmp_path, capsys):
    path = tmp_path / "full.zip"
    path.write_bytes(bundles.build("full", FULL, KEY))
    assert verify.main([str(path), "--key", KEY.verifier.vkey, "--lang", "ja"]) == 0
    assert "検証できました" in capsys.readouterr().out
    assert verify.main([str(path), "--key", KEY.verifier.vkey, "--lang", "en"]) == 0
    assert "Verified." in capsys.readouterr().out
    assert verify.main([str(path), "--lang", "ja"]) == 3
    assert "内部の整合のみ" in capsys.readouterr().out
    assert verify.main([str(path), "--key", OTHER.verifier.vkey, "--lang", "ja"]) == 19
    assert "署名されていません" in capsys.readouterr().out


def test_the_language_follows_the_environment(monkeypatch):
    for name in ("LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", "ja_JP.UTF-8")
    assert verify._language() == "ja"
    monkeypatch.setenv("LC_ALL", "C")
    assert verify._language() == "en"


def test_it_runs_as_a_program_without_django_or_a_database(tmp_path):
    path = tmp_path / "licensee-L-0001.zip"
    path.write_bytes(bundles.build("licensee", LICENSEE, KEY))
    (tmp_path / "log.vkey").write_text(KEY.verifier.vkey)
    program = (
        "import sys, runpy; sys.modules['django'] = None;runpy.run_module('licensing.core.verify', run_name='__main__')"
    )
    for environment in ({"LANG": "ja_JP.UTF-8"}, {"LC_ALL": "C", "PYTHONIOENCODING": "ascii"}):
        done = subprocess.run(
            [sys.executable, "-c", program, str(path)], env=environment, capture_output=True, timeout=60, check=False
        )
        assert (done.returncode, done.stderr) == (0, b"")


def test_a_file_that_is_not_there_is_said_to_be_unreadable(tmp_path, capsys):
    assert verify.main([str(tmp_path / "absent.zip")]) == 4
    assert verify.main([str(tmp_path), "--lang", "en"]) == 4
    assert "cannot be read" in capsys.readouterr().out


def test_help_lists_every_exit_code():
    table = verify._exit_table()
    assert all(code in table for code in ("altered", "share-changed", "unknown-kind", "self-consistent"))


def test_the_exit_codes_are_those_that_the_documentation_lists():
    text = (verify.Path(verify.__file__).parents[2] / "docs" / "log.md").read_text()
    for kind, number in verify.EXITS.items():
        assert f"| {number} | `{kind.code}` |" in text
