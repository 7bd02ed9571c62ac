"""Attesting and adopting an allocation, and voting on a policy."""

from allocation_cases import right, second, weighted

from contributions.core import canonical
from licensing.core import archives
from licensing.models import Allocation
from world import MEMBERS


def test_desk_and_auditor_attest_and_legal_adopts(allocated, call, post):
    number = allocated.run().number
    early = post("legal", f"allocations/{number}/adopt")
    assert (early.status_code, early.json()["code"]) == (422, "not-attested")
    assert post("desk", f"allocations/{number}/attest").json()["state"] == "run"
    done = post("auditor", f"allocations/{number}/attest").json()
    assert done["state"] == "attested"
    assert [one["workplace"] for one in done["basis"]["attested_by"]] == ["desk", "auditor"]
    assert post("desk", f"allocations/{number}/adopt").status_code == 403
    undecided = post("legal", f"allocations/{number}/adopt")
    assert (undecided.status_code, undecided.json()["code"]) == (422, "not-decided")
    allocated.carry(Allocation.objects.get(number=number))
    assert post("legal", f"allocations/{number}/adopt").json()["state"] == "adopted"


def test_a_member_cannot_tell_a_calculated_allocation_from_none(allocated, call, post):
    number = allocated.run().number
    for tail in ("", "attest/", "adopt/"):
        verb = "post" if tail else "get"
        rival = getattr(call("tetsu"), verb)(f"/api/v1/allocations/{number}/{tail}")
        none = getattr(call("tetsu"), verb)(f"/api/v1/allocations/A-none/{tail}")
        assert rival.status_code == none.status_code == 404 and rival.content == none.content


def test_a_member_fetches_its_own_bundle_and_nobody_fetches_anothers(allocated, call):
    number = Allocation.objects.get().number
    answer = call("tetsu").get(f"/api/v1/allocations/{number}/member.zip")
    assert answer.status_code == 200 and answer["Content-Type"] == "application/zip"
    files = archives.unpack(answer.content)
    assert canonical.loads(files["division.json"])["member"] == "tetsu"
    assert not any(b"hagane" in content for content in files.values())
    for stranger in ("legal", "desk", "auditor", "robo"):
        assert call(stranger).get(f"/api/v1/allocations/{number}/member.zip").status_code == 404


def test_legal_proposes_a_policy_and_a_faulty_one_is_refused_with_every_fault(allocated, call, post):
    sound = second(right("revenue", weighted(data="1/2", cash="1/2")), number="P-0001", version=2)
    made = post("legal", "policies", document=sound)
    assert made.status_code == 201 and made.json()["state"] == "proposed"
    assert made.json()["sha256"] == canonical.digest(sound)
    again = post("legal", "policies", document=sound)
    assert (again.status_code, again.json()["code"]) == (422, "version-taken")
    wrong = sound | {"version": 3, "disclosure": "all", "rights": [right("revenue", weighted(data="1/2", cash="0.5"))]}
    refused = post("legal", "policies", document=wrong)
    assert (refused.status_code, refused.json()["code"]) == (422, "faulty-policy")
    assert {finding["field"].split(".")[0] for finding in refused.json()["findings"]} == {"disclosure", "rights[0]"}
    floats = post("legal", "policies", document=sound | {"version": 3, "coalitions": 0.5})
    assert floats.status_code == 422 and "0.5" in floats.json()["detail"]
    assert post("tetsu", "policies", document=sound).status_code == 403
    assert [row["version"] for row in call("tetsu").get("/api/v1/policies/").json()["results"]] == [2, 1]


def test_a_member_votes_for_itself_once_and_for_good(allocated, call, post):
    ballot = allocated.ballot(allocated.propose(version=2), days=36_500)
    cast = post("tetsu", f"ballots/{ballot.number}/votes", choice="against", dissent="The floor is too low.")
    assert cast.status_code == 201
    voted = [(one["member"], one["choice"], one["dissent"]) for one in cast.json()["voters"] if one["has_voted"]]
    assert voted == [("tetsu", "against", "The floor is too low.")]
    again = post("tetsu", f"ballots/{ballot.number}/votes", choice="for", language="ja")
    assert (again.status_code, again.json()["code"]) == (422, "already-voted")
    assert "反対" in again.json()["detail"]
    assert post("legal", f"ballots/{ballot.number}/votes", choice="for").status_code == 403
    assert post("hagane", f"ballots/{ballot.number}/votes", choice="for", member="tetsu").status_code == 400
    assert call("robo").get(f"/api/v1/ballots/{ballot.number}/").status_code == 404
    assert {one["member"] for one in cast.json()["voters"]} == set(MEMBERS)


def test_a_what_if_moves_period_and_knowledge_apart_and_gives_a_member_its_points_alone(allocated, call):
    found = Allocation.objects.get()
    where = f"/api/v1/allocations/{found.number}/what-if/"
    asked = {"window_from": "2026-05-01", "window_to": "2026-05-31", "known_at": found.log_size}
    whole = call("desk").get(where, asked).json()
    assert (whole["window_from"], whole["window_until"]) == ("2026-05-01", "2026-06-01")
    assert {row["member"] for row in whole["shares"]} >= {"tetsu", "hagane"}
    own = call("tetsu").get(where, asked).json()
    assert own["shares"] == [] and own["right"] is None and own["points"]
    assert "hagane" not in call("tetsu").get(where, asked).content.decode()
    for wrong in ({"without": "hagane"}, {"known_on": "2026-10-31", "known_at": 5}, {"windows": "1"}):
        assert call("tetsu").get(where, wrong).status_code == 400
    assert call("tetsu").get(where, {"uncorrected": "hagane"}).status_code == 422
    assert call("legal").get(where).status_code == 404
