"""Licensee pages: screening with its findings for the secretariat, its own state for the licensee."""

import pytest
from django.urls import reverse


def url(code: str) -> str:
    return reverse("licensing:licensee", args=[code])


def test_legal_sees_every_check_with_its_finding(client, licensed_world):
    client.force_login(licensed_world.user("legal"))
    content = client.get(url("robo")).content.decode()
    assert content.count('class="state ok"') >= 5


def test_a_licensee_sees_itself_without_the_findings(client, licensed_world):
    from licensing.models import Licensee

    finding = Licensee.objects.get(organization__code="robo").screenings.first().finding_ja
    client.force_login(licensed_world.user("legal"))
    assert finding in client.get(url("robo"), headers={"accept-language": "ja"}).content.decode()
    client.force_login(licensed_world.user("robo"))
    assert finding not in client.get(url("robo"), headers={"accept-language": "ja"}).content.decode()


@pytest.mark.parametrize("username", ["arm", "tetsu", "desk"])
def test_for_a_rival_or_a_member_a_licensee_does_not_exist(client, licensed_world, username):
    client.force_login(licensed_world.user(username))
    assert client.get(url("robo")).status_code == 404
