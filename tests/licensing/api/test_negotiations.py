"""The API of negotiations: the same barriers as on the pages, and the same verbs."""

import pytest
from negotiation_cases import laid_open

from licensing import services


@pytest.fixture
def talks(db):
    return laid_open()


def test_a_licensee_reads_its_own_table_and_no_note_deviation_or_approval(talks, client):
    number = talks.talks.agreement.number
    for internal in (True, False):
        services.negotiations.comment(talks.talks, clause="", text="注", internal=internal, **talks.by("legal"))
    client.force_login(talks.user("robo"))
    assert client.get(f"/api/v1/agreements/{number}/negotiation/").json()["turn"] == "licensee"
    comments = client.get(f"/api/v1/agreements/{number}/negotiation/comments/").json()
    assert (comments["count"], comments["results"][0]["internal"]) == (1, False)
    for noun in ("deviations", "approvals"):
        assert client.get(f"/api/v1/{noun}/").json()["count"] == 0
    client.force_login(talks.user("arm"))
    assert client.get(f"/api/v1/agreements/{number}/negotiation/").status_code == 404


def test_a_figure_is_proposed_handed_over_and_accepted(talks, client):
    base = f"/api/v1/agreements/{talks.talks.agreement.number}/negotiation/"
    asked = {"kind": "variable", "subject": "audit_notice_days", "value": 30, "reason": "準備のため"}
    client.force_login(talks.user("robo"))
    made = client.post(f"{base}proposals/", asked, content_type="application/json")
    assert (made.status_code, made.json()["state"]) == (201, "draft")
    assert client.post(f"{base}hand-over/", content_type="application/json").json()["state"] == "with_licensor"
    client.force_login(talks.user("legal"))
    answer = client.post(f"{base}proposals/1/accept/", {"reason": "許容の範囲"}, content_type="application/json")
    assert answer.json()["state"] == "accepted"
    assert client.get("/api/v1/deviations/?subject=audit_notice_days").json()["results"][0]["rung"] == "acceptable"
