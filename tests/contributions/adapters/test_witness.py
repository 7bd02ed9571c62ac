"""The witness on a member's own machine: one head, kept before anything is answered, and never two histories."""

from __future__ import annotations

import http.client
import threading
from pathlib import Path

import pytest

from contributions.adapters import witness as command
from contributions.adapters.witness import Witness, answered, main
from contributions.core import cosignatures, merkle, notes
from contributions.core.notes import Checkpoint
from contributions.core.witnessing import AnotherHistory, Elsewhere, Request

LOG = notes.Signer("ledger.example/log", bytes(range(32)))
LEAVES = [merkle.leaf_hash(bytes([number])) for number in range(20)]
FORK = [*LEAVES[:5], merkle.leaf_hash(b"another"), *LEAVES[6:]]
NAME = "witness.example/w1"
AT = 1_792_000_000


def request(old, size, leaves=LEAVES, *more):
    def node(level, index):
        return merkle.root(leaves[index << level : (index + 1) << level])

    proof = merkle.consistency_proof(old, size, node) if old else []
    note = notes.sign_checkpoint(Checkpoint(LOG.name, size, merkle.root(leaves[:size])), LOG, *more)
    return Request(old, tuple(proof), note)


@pytest.fixture
def site(tmp_path) -> Path:
    """A folder with the log's key and a witness's own."""
    (tmp_path / "log.vkey").write_text(LOG.verifier.vkey + "\n")
    assert main(["new-key", "--name", NAME, "--key", str(tmp_path / "key")]) == 0
    return tmp_path


@pytest.fixture
def witness(site) -> Witness:
    return Witness(command._signer(site / "key"), [LOG.verifier], site / "head")


def options(site) -> list[str]:
    return ["--log", str(site / "log.vkey"), "--key", str(site / "key"), "--head", str(site / "head")]


def test_a_new_key_is_its_owners_alone_and_never_written_over(site, capsys):
    assert (site / "key").stat().st_mode & 0o777 == 0o600
    before = (site / "key").read_text()
    assert main(["new-key", "--name", NAME, "--key", str(site / "key")]) == 4
    assert (site / "key").read_text() == before


def test_it_cosigns_what_continues_its_head_and_keeps_it(witness, site):
    first = witness.answer(request(0, 5), at=AT)
    assert cosignatures.check(first, notes.parse_note(request(0, 5).note)[0], witness.signer.key)
    assert witness.held().size == 5
    witness.answer(request(5, 20), at=AT + 1)
    assert witness.held().size == 20
    assert notes.open_checkpoint((site / "head").read_text(), LOG.verifier).size == 20, "verify --at-least takes it"


def test_it_refuses_another_history_and_keeps_the_evidence(witness, site):
    witness.answer(request(0, 8), at=AT)
    head = (site / "head").read_text()
    with pytest.raises(AnotherHistory):
        witness.answer(request(8, 20, FORK), at=AT + 1)
    assert (site / "head").read_text() == head
    assert Request.parse((site / f"head.contradicted-{AT + 1}").read_text()).old == 8
    assert witness.answer(request(8, 20), at=AT + 2).time == AT + 2, "and goes on with the true one"


def test_the_head_keeps_the_logs_signature_and_its_own_alone(witness, site):
    stranger = notes.Signer("stranger.example", bytes(32))
    witness.answer(request(0, 5, LEAVES, stranger), at=AT)
    text = (site / "head").read_text()
    assert "stranger.example" not in text and f"— {NAME} " in text and f"— {LOG.name} " in text


def test_a_downloaded_proof_is_cosigned_offline(site, capsys):
    (site / "proof").write_text(request(0, 5).text())
    assert main(["cosign", *options(site), str(site / "proof")]) == 0
    assert capsys.readouterr().out.splitlines()[-1].startswith(f"— {NAME} ")
    (site / "proof").write_text(request(0, 20).text())
    assert main(["--lang", "ja", "cosign", *options(site), str(site / "proof")]) == 1
    assert "最後に署名した時点証明は 5 件" in capsys.readouterr().err
    assert main(["cosign", *options(site), str(site / "absent")]) == 4


def test_the_answers_of_the_protocol_have_the_statuses_of_the_specification(witness):
    assert answered(witness, request(0, 8).text(), at=AT) == (200, witness.signer.cosign(
        notes.parse_note(request(0, 8).note)[0], AT).line)  # fmt: skip
    assert answered(witness, request(0, 20).text(), at=AT) == (409, "8\n", "text/x.tlog.size")
    assert answered(witness, request(8, 8, FORK).text(), at=AT) == (409, "8\n", "text/x.tlog.size")
    assert answered(witness, request(8, 20, FORK).text(), at=AT)[0] == 422
    assert answered(witness, Request(20, (), request(0, 8).note).text(), at=AT)[0] == 400
    assert answered(witness, "nothing", at=AT)[0] == 400
    other = notes.Signer("other.example/log", bytes(32))
    note = notes.sign_checkpoint(Checkpoint(other.name, 1, bytes(32)), other)
    assert answered(witness, Request(0, (), note).text(), at=AT)[0] == 404
    forged = notes.sign_checkpoint(Checkpoint(LOG.name, 9, bytes(32)), notes.Signer(LOG.name, bytes(32)))
    assert answered(witness, Request(0, (), forged).text(), at=AT)[0] == 403


def test_it_serves_the_protocol_over_http(witness):
    running = command.server(witness, ("127.0.0.1", 0))
    threading.Thread(target=running.serve_forever, daemon=True).start()
    try:
        for path, body, status in (
            ("/add-checkpoint", request(0, 5).text(), 200),
            ("/add-checkpoint", request(0, 9).text(), 409),
            ("/elsewhere", "x", 404),
        ):
            connection = http.client.HTTPConnection(*running.server_address, timeout=10)
            connection.request("POST", path, body.encode())
            answer = connection.getresponse()
            assert answer.status == status
            said = answer.read().decode()
            connection.close()
            if status == 409:
                assert (said, answer.headers["Content-Type"]) == ("5\n", "text/x.tlog.size")
    finally:
        running.shutdown()
        running.server_close()


def test_two_at_once_never_roll_the_head_back(witness):
    witness.answer(request(0, 5), at=AT)
    outcomes = []

    def ask(size):
        try:
            outcomes.append(witness.answer(request(5, size), at=AT).time)
        except Elsewhere:
            outcomes.append(None)

    threads = [threading.Thread(target=ask, args=(size,)) for size in (9, 12, 15, 18)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert sum(one is not None for one in outcomes) == 1, "one won, the others were told where it stands"
    assert witness.held().size in {9, 12, 15, 18}
