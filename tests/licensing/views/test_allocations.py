"""What each workplace sees of an allocation, and what no rival and no licensee ever does."""

from __future__ import annotations

import json

import pytest
from django.urls import reverse
from django.utils.html import strip_tags

from contributions import services
from contributions.core import canonical, committed, merkle
from contributions.models import LogHead
from licensing.core import archives, verify
from licensing.models import Allocation

pytestmark = pytest.mark.django_db
RIVALS = ("鋼野製鉄", "Hagano Iron", "hagane")


def body(response) -> str:
    return response.content.decode()


@pytest.fixture
def allocation(allocated_world) -> Allocation:
    return Allocation.objects.get()


@pytest.fixture
def at(client, allocated_world, allocation):
    """`at("desk", "allocation")`: what that person gets from a page of the allocation."""

    def get(username: str, name: str = "allocation", *more: str, **query):
        client.force_login(allocated_world.user(username))
        return client.get(reverse(f"licensing:{name}", args=[allocation.number, *more]), query)

    return get


def test_the_desk_sees_every_share_and_the_flow_of_all_members(at):
    page = body(at("desk"))
    assert 'class="chart"' in page
    for name in ("鉄山製鋼", "鋼野製鉄", "車田自動車", "銀河銀行"):
        assert name in page
    assert "100.0000" in page


def test_a_member_sees_its_own_share_and_nothing_of_its_rival(at, allocation):
    page = body(at("tetsu"))
    rival = allocation.shares.get(member__organization__code="hagane")
    assert "鉄山製鋼" in page
    assert not any(name in page for name in RIVALS)
    assert f"{rival.grid_units / 10_000:.4f}" not in page
    assert "◆" in page


def test_a_member_cannot_open_the_derivation_of_another(at):
    assert at("tetsu", "allocation_why", "tetsu").status_code == 200
    assert at("tetsu", "allocation_why", "hagane").status_code == 404
    assert at("desk", "allocation_why", "hagane").status_code == 200


def test_the_derivation_comes_as_a_fragment_to_a_page_that_opens_it_in_place(client, allocated_world, allocation):
    client.force_login(allocated_world.user("desk"))
    url = reverse("licensing:allocation_why", args=[allocation.number, "tetsu"])
    fragment = body(client.get(url, headers={"HX-Request": "true"}))
    assert "<html" not in fragment
    assert "厳密値" in fragment
    assert "<html" in body(client.get(url))


def test_legal_sees_shares_but_neither_points_nor_lines(at):
    page = body(at("legal"))
    assert "鋼野製鉄" in page
    assert 'class="chart"' not in page
    assert "lines-" not in body(at("legal", "allocation_why", "hagane"))


def test_a_licensee_learns_only_that_one_exists(client, licensed_world):
    allocation = Allocation.objects.get()
    client.force_login(licensed_world.user("robo"))
    page = body(client.get(reverse("licensing:allocation", args=[allocation.number])))
    assert "合計はちょうど 1" in page
    assert not any(name in page for name in ("鉄山製鋼", "車田自動車", "銀河銀行", *RIVALS))
    assert client.get(reverse("licensing:allocation_export", args=[allocation.number])).status_code == 404


def test_an_allocation_that_is_not_adopted_does_not_exist_for_a_member(client, allocated_world):
    later = allocated_world.run()
    client.force_login(allocated_world.user("tetsu"))
    assert client.get(reverse("licensing:allocation", args=[later.number])).status_code == 404
    assert later.number not in body(client.get(reverse("licensing:allocations")))


def test_a_what_if_is_answered_side_by_side_and_written_nowhere(at, allocation):
    size, stored = LogHead.objects.get().size, Allocation.objects.count()
    assert "試算" in body(at("desk", "allocation_what_if"))
    page = body(at("desk", "allocation_what_if", method="equal/1", without="hagane"))
    assert "33.3333" in page and 'class="chart"' in page
    later = at("desk", "allocation_what_if", known_at=str(allocation.log_size), uncorrected="tetsu")
    assert later.status_code == 200 and "鉄山製鋼" in body(later)
    wrong = {"weight-data": "50", "weight-compute": "10"}
    assert at("desk", "allocation_what_if", **wrong).status_code == 422
    assert at("desk", "allocation_what_if", **{"weight-data": "many"}).status_code == 422
    assert (LogHead.objects.get().size, Allocation.objects.count()) == (size, stored)


def test_period_and_knowledge_are_asked_apart_and_said_on_the_page(at, allocation):
    asked = {"known_on": "2026-10-31", "window_from": "2026-05-01", "window_to": "2026-05-31"}
    page = body(at("desk", "allocation_what_if", **asked))
    assert "2026-05-01 – 2026-05-31" in strip_tags(page) and "2026-10-31 の終わり" in page and "鋼野製鉄" in page
    own = body(at("tetsu", "allocation_what_if", **asked))
    assert 'id="points"' in own and 'id="beside"' not in own and not any(name in own for name in RIVALS)
    size = str(allocation.log_size)
    assert at("desk", "allocation_what_if", known_on="2026-10-31", known_at=size).status_code == 422
    assert at("desk", "allocation_what_if", window_from="2026-06-01", window_to="2026-05-01").status_code == 422
    assert at("desk", "allocation_what_if", known_on="2020-01-01").status_code == 422
    assert at("tetsu", "allocation_what_if", window_from="2026-06-01", points="1", category="cash").status_code == 422


def test_a_member_asks_about_its_own_points_and_learns_nothing_more_than_its_page_shows(at):
    page = body(at("tetsu", "allocation_what_if"))
    assert not any(name in page for name in RIVALS) and 'name="without"' not in page
    refused = at("tetsu", "allocation_what_if", category="data", points="10")
    assert refused.status_code == 422 and "開示水準" in body(refused)
    # What only the desk may assume is no field of a member's form: it changes nothing.
    assert not any(name in body(at("tetsu", "allocation_what_if", without="hagane")) for name in RIVALS[:2])


def test_what_if_and_comparison_do_not_exist_for_whom_they_are_not(at):
    for username in ("legal", "finance", "robo"):
        assert at(username, "allocation_what_if").status_code == 404
    for username in ("legal", "finance", "robo", "tetsu"):
        assert at(username, "allocation_compare").status_code == 404
    page = body(at("auditor", "allocation_compare"))
    assert "集中度" in page and "鋼野製鉄" in page
    assert at("desk", right="votes").status_code == 404
    assert at("tetsu", right="revenue").status_code == 200


def test_the_plain_statement_stands_beside_the_derivation(at):
    page = body(at("tetsu", "allocation_why", "tetsu"))
    assert "やさしい説明" in page and "配分比率を上げるには" in page


def test_the_files_hold_what_the_page_holds(at, allocation):
    own = json.loads(at("tetsu", "allocation_export", format="json").content)
    assert [share["member"] for share in own["shares"]] == ["tetsu"]
    assert {line["member"] for line in own["lines"]} == {"tetsu"}
    assert own["rows_root"] == allocation.rows_root
    assert "member:tetsu" in {one["row"]["row"] for one in own["openings"]}
    assert not any("hagane" in one["row"]["row"] for one in own["openings"])
    for one in own["openings"]:
        leaf, path = committed.row_hash(one["row"]), [bytes.fromhex(node) for node in one["path"]]
        assert merkle.verify_inclusion(leaf, one["index"], one["size"], path, bytes.fromhex(allocation.rows_root))
    assert at("tetsu", "allocation_export", format="xlsx").content.startswith(b"PK")
    table = at("desk", "allocation_export").content.decode("utf-8-sig")
    assert "hagane" in table
    assert "hagane" not in at("tetsu", "allocation_export", table="lines").content.decode("utf-8-sig")


def test_the_bundle_is_for_the_desk_and_the_auditor(at):
    assert at("auditor", "allocation_bundle").content.startswith(b"PK")
    assert at("legal", "allocation_bundle").status_code == 404
    assert at("tetsu", "allocation_bundle").status_code == 404


def test_a_members_own_bundle_is_for_that_member_and_is_verified(at, allocation, tmp_path):
    assert "member.zip" in body(at("tetsu"))
    answer = at("tetsu", "allocation_own_bundle")
    assert f"member-tetsu-{allocation.number}.zip" in answer["Content-Disposition"]
    (tmp_path / "own.zip").write_bytes(answer.content)
    key = services.log.signer().verifier.vkey
    assert verify.main([str(tmp_path / "own.zip"), "--key", key]) == 0
    files = archives.unpack(answer.content)
    assert not [name for name, content in files.items() for rival in RIVALS if rival.encode() in content]
    rows = canonical.loads(bytes(allocation.rows))
    theirs = [row for row in rows if row["row"].startswith("member:") and row["row"] != "member:tetsu"]
    assert theirs and not any(f'"share":{row["share"]},'.encode() in files["division.json"] for row in theirs)
    assert at("hagane", "allocation_own_bundle").content != answer.content


@pytest.mark.parametrize("username", ["desk", "legal", "auditor", "finance", "reviewer"])
def test_nobody_else_has_an_own_bundle(at, username):
    assert at(username, "allocation_own_bundle").status_code == 404


def test_of_an_allocation_not_adopted_there_is_no_own_bundle(client, allocated_world):
    later = allocated_world.run()
    client.force_login(allocated_world.user("tetsu"))
    assert client.get(reverse("licensing:allocation_own_bundle", args=[later.number])).status_code == 404


def test_attesting_asks_for_the_number_and_recomputes(client, allocated_world):
    later = allocated_world.run()
    url = reverse("licensing:allocation_attest", args=[later.number])
    client.force_login(allocated_world.user("desk"))
    page = body(client.get(reverse("licensing:allocation", args=[later.number])))
    assert f'action="{url}"' in page
    assert f'href="{reverse("licensing:allocation_export", args=[later.number])}?format=csv"' in page
    assert client.post(url, {"confirm": "A-1"}).status_code == 422
    later.refresh_from_db()
    assert later.attestations == []
    assert client.post(url, {"confirm": later.number}).status_code == 302
    later.refresh_from_db()
    assert [done["workplace"] for done in later.attestations] == ["desk"]


def test_a_stored_result_that_was_altered_is_refused_on_the_page(client, allocated_world):
    later = allocated_world.run()
    Allocation.objects.filter(pk=later.pk).update(
        result=bytes(later.result).replace(b'"clip":null', b'"clip":"cap"', 1)
    )
    client.force_login(allocated_world.user("auditor"))
    answer = client.post(reverse("licensing:allocation_attest", args=[later.number]), {"confirm": later.number})
    assert answer.status_code == 422
    assert "一致しません" in body(answer)


def test_legal_adopts_only_what_both_have_attested(client, allocated_world):
    later = allocated_world.run()
    url = reverse("licensing:allocation_adopt", args=[later.number])
    client.force_login(allocated_world.user("legal"))
    assert client.post(url, {"confirm": later.number}).status_code == 422
    allocated_world.attest(later)
    assert client.post(url, {"confirm": later.number}).status_code == 422, "nothing was decided"
    allocated_world.carry(later)
    assert client.post(url, {"confirm": later.number}).status_code == 302
    later.refresh_from_db()
    assert later.state == "adopted"


# ---- running one ----
@pytest.fixture
def desk(client, allocated_world):
    allocated_world.wait_until("2026-11-05 09:00")
    client.force_login(allocated_world.user("desk"))
    return client


def choices(**changes) -> dict:
    policy = Allocation.objects.get().policy
    return {
        "policy": str(policy), "release": "R-0.1", "window_from": "2026/4/1", "window_to": "令和8年9月30日",
        "checkpoint": "now", **changes,
    }  # fmt: skip


def test_the_desk_runs_an_allocation_over_a_checkpoint_sealed_for_it(desk):
    page = desk.get(reverse("licensing:allocation_new"))
    assert page.status_code == 200 and "R-0.1" in body(page)
    answer = desk.post(reverse("licensing:allocation_new"), choices())
    made = Allocation.objects.order_by("pk").last()
    assert answer.url == reverse("licensing:allocation", args=[made.number])
    assert (str(made.window_until), made.state) == ("2026-10-01", "run")


def test_the_same_choices_give_the_same_shares_to_the_byte(desk):
    size = str(Allocation.objects.get().log_size)
    window = Allocation.objects.get()
    last = f"{window.window_until:%Y-%m-}01"
    assert last == window.window_until.isoformat()
    desk.post(reverse("licensing:allocation_new"), choices(checkpoint=size))
    first, second = Allocation.objects.order_by("pk")
    assert bytes(first.inputs) == bytes(second.inputs) and bytes(first.result) == bytes(second.result)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"window_to": "2026-03-31"}, "Period from"),
        ({"window_to": "2099-12-31"}, "has not ended"),
        ({"checkpoint": "999999"}, "Select a valid choice"),
        ({"release": "R-9"}, "Select a valid choice"),
    ],
)
def test_what_cannot_be_calculated_is_said_beside_its_field(desk, changes, said):
    desk.cookies["django_language"] = "en"
    answer = desk.post(reverse("licensing:allocation_new"), choices(**changes))
    assert answer.status_code == 422 and said in body(answer)
    assert Allocation.objects.count() == 1


@pytest.mark.parametrize("username", ["legal", "finance", "auditor", "tetsu"])
def test_nobody_but_the_desk_can_start_one(client, allocated_world, username):
    client.force_login(allocated_world.user(username))
    assert client.get(reverse("licensing:allocation_new")).status_code == 404
    assert reverse("licensing:allocation_new") not in body(client.get(reverse("licensing:allocations")))
