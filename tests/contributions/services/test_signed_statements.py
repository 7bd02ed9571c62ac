"""Members sign what they stated, here or on their own machine; the log is checked with their signatures in it."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client

from contributions import selectors, services
from contributions.adapters import witness as command
from contributions.core import canonical, cosignatures, merkle, witnesses
from contributions.core import signed_statements as rules
from contributions.core.periods import jst_date
from contributions.core.roles import NotAllowed
from contributions.models import Entry, Organization, Statement, Witness, guards

SITE = cosignatures.Cosigner("witness.tetsu.example/w1", bytes(32))
PAGE = "/log/entries/{}/"


@pytest.fixture
def stated(world) -> Entry:
    """What tetsu stated of a dataset."""
    version = world.dataset("tetsu", "圧延")
    return Entry.objects.select_related("statement").get(seq=version.seq)


def enroll(world, code: str = "tetsu", signer=SITE) -> Witness:
    return services.witnesses.enroll(
        Organization.objects.get(code=code),
        kind="site",
        vkey=signer.key.vkey,
        valid_from=jst_date(world.clock),
        **world.by(code),
    )


def line(world, entry: Entry, signer=SITE, *, late: int = 0) -> str:
    digest = canonical.sha256_hex(bytes(entry.statement.content))
    text = rules.text(services.log.signer().name, entry.seq, digest)
    return rules.sign(signer, text, int(world.clock.timestamp()) + late).line


def receive(world, entry: Entry, text: str, *, by: str = "tetsu") -> Entry:
    return services.signed_statements.receive(entry, text, **world.by(by))


def test_an_officer_signs_here_once_and_the_page_tells_the_key_is_held_here(world, stated):
    made = services.signed_statements.sign(stated, **world.by("tetsu"))
    assert services.signed_statements.sign(stated, **world.by("tetsu")) == made
    assert (made.kind, made.subject, made.member) == ("statement.signed", f"entry:{stated.seq}", "tetsu")
    (found,) = selectors.signed_statements.of(world.viewer("legal"), stated)
    assert (found.kind, found.seq) == ("officer", made.seq)
    checked = selectors.verification.check_log(services.log.ring())
    assert checked.is_sound and checked.signatures == 1


def test_a_members_own_machine_signs_the_downloaded_statement(world, stated, tmp_path, capsys):
    (tmp_path / "log.vkey").write_text(services.log.signer().verifier.vkey)
    assert command.main(["new-key", "--name", "witness.tetsu.example/w2", "--key", str(tmp_path / "key")]) == 0
    vkey = capsys.readouterr().out.strip()
    services.witnesses.enroll(
        Organization.objects.get(code="tetsu"), kind="site", vkey=vkey, valid_from=jst_date(world.clock),
        **world.by("tetsu"),
    )  # fmt: skip
    (tmp_path / "statement").write_text(selectors.signed_statements.request_for(stated), encoding="utf-8")
    options = ["--log", str(tmp_path / "log.vkey"), "--key", str(tmp_path / "key")]
    asked = ["sign", *options, str(tmp_path / "statement")]
    assert command.main(asked, clock=world.clock.timestamp) == 0
    said = capsys.readouterr()
    assert said.out.startswith("— witness.tetsu.example/w2 ") and '"dataset.revised"' in said.err
    receive(world, stated, said.out)
    (found,) = selectors.signed_statements.of(world.viewer("tetsu"), stated)
    assert (found.name, found.kind) == ("witness.tetsu.example/w2", "site")
    (tmp_path / "statement").write_text(
        rules.request("another.example/log", stated.seq, bytes(stated.statement.content)), encoding="utf-8"
    )
    assert command.main(asked) == 1, "a statement of a log whose key it was not given"


def test_what_does_not_fit_is_refused_and_nothing_is_written(world, stated):
    enroll(world)
    other = cosignatures.Cosigner("witness.hagane.example/w1", bytes([1]) * 32)
    enroll(world, "hagane", other)
    size = Entry.objects.count()
    elsewhere = Entry.objects.get(seq=stated.seq - 1)
    for wrong, text in (
        (rules.NoOwnKey, line(world, stated, other)),
        (rules.BadSignature, line(world, elsewhere)),
        (witnesses.OutOfTime, line(world, stated, late=86_400)),
        (witnesses.OutOfTime, line(world, stated, late=-86_400)),
    ):
        with pytest.raises(wrong):
            receive(world, stated, text)
    with pytest.raises(rules.NotYourStatement):
        receive(world, stated, line(world, stated), by="hagane")
    with pytest.raises(NotAllowed):
        services.signed_statements.sign(stated, **world.by("legal"))
    assert Entry.objects.count() == size
    receive(world, stated, line(world, stated))
    with pytest.raises(rules.SignedAlready):
        receive(world, stated, line(world, stated, late=1))


def test_what_others_say_of_a_member_is_not_the_members_to_sign(world):
    world.cash("tetsu", 5)
    accepted = Entry.objects.filter(kind="resource.accepted", member="tetsu").latest("seq")
    with pytest.raises(rules.NotYourStatement):
        services.signed_statements.sign(accepted, **world.by("tetsu"))


def test_a_signature_that_was_made_up_is_the_first_fault_of_the_log(world, stated):
    """As whoever runs the server could: the entry, its hash and its leaf are all made to fit."""
    enroll(world)
    made = receive(world, stated, line(world, stated))
    said = canonical.loads(bytes(Statement.objects.get(pk=made.seq).content))
    said["facts"]["time"] += 1
    content = canonical.dumps(said)
    leaf = canonical.dumps(canonical.loads(bytes(made.leaf)) | {"statement_sha256": canonical.sha256_hex(content)})
    connection.check_constraints()
    guards.disarm(connection)
    Statement.objects.filter(pk=made.seq).update(content=content)
    Entry.objects.filter(pk=made.seq).update(leaf=leaf, leaf_hash=merkle.leaf_hash(leaf))
    fault = selectors.verification.check_log(services.log.ring()).fault
    assert fault is not None and (fault.seq, fault.invariant) == (made.seq, "I2")
    assert "signature" in fault.text("en")


def client(username: str, language: str = "en") -> Client:
    from world import User

    made = Client(headers={"accept-language": language})
    made.force_login(User.objects.get(username=username), backend="django.contrib.auth.backends.ModelBackend")
    return made


def test_the_page_of_an_entry_signs_hands_in_and_tells(world, stated):
    url = PAGE.format(stated.seq)
    page = client("tetsu").get(url).content.decode()
    assert "The member has not signed it" in page and "Sign on your own machine" in page
    assert "Sign here" not in client("legal").get(url).content.decode(), "it is the member's to sign"
    for username in ("legal", "hagane"):
        assert client(username).post(f"{url}sign/", {"confirm": stated.seq}).status_code == 404
        assert client(username).get(f"{url}statement").status_code == 404
    file = client("tetsu").get(f"{url}statement")
    assert rules.read_request(file.content.decode())[1] == stated.seq
    assert client("tetsu").post(f"{url}sign/", {"confirm": "1"}).status_code == 422
    wrong = client("tetsu").post(f"{url}signatures/", {"line": "nothing"})
    assert wrong.status_code == 422 and "errorlist" in wrong.content.decode()
    assert client("tetsu").post(f"{url}sign/", {"confirm": stated.seq}).status_code == 302
    told = client("legal").get(url).content.decode()
    assert "key held here" in told and "The member has not signed it" not in told


def test_the_api_signs_lists_and_hands_out_the_same(world, stated):
    url = f"/api/v1/log/entries/{stated.seq}/"
    assert client("tetsu").get(f"{url}signatures/").json()["results"] == []
    made = client("tetsu").post(f"{url}signatures/", "{}", content_type="application/json")
    assert made.status_code == 201 and made.json()["kind"] == "officer", made.content
    assert client("legal").get(f"{url}signatures/").json()["count"] == 1
    assert client("hagane").get(f"{url}signatures/").status_code == 404
    assert (
        client("tetsu").get(f"{url}to-sign/").content
        == client("tetsu").get(f"/log/entries/{stated.seq}/statement").content
    )
    bad = client("tetsu").post(f"{url}signatures/", {"line": "x"}, content_type="application/json")
    assert bad.status_code in {400, 422}
