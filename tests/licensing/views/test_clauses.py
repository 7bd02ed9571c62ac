"""The clause library: both languages side by side, and the agreements that hold a clause."""

import pytest
from django.urls import reverse

from licensing.models import Agreement


@pytest.fixture
def legal(client, licensed_world):
    client.force_login(licensed_world.user("legal"))
    return client


def test_a_clause_stands_in_both_languages_with_its_blanks_named(legal):
    content = legal.get(reverse("licensing:clause", args=["audit"])).content.decode()
    assert "記録の保存及び利用料監査" in content
    assert "Records and royalty audit" in content
    assert "［利用料監査の予告（日）］" in content
    assert "{audit_notice_days}" not in content


def test_the_page_says_where_the_clause_is_used(legal):
    content = legal.get(reverse("licensing:clause", args=["audit"])).content.decode()
    for agreement in Agreement.objects.all():
        assert agreement.number in content


def test_the_library_is_searched_in_its_wording(legal):
    content = legal.get(reverse("licensing:clauses"), {"q": "公認会計士"}).content.decode()
    assert "audit@1" in content
    assert "delivery@1" not in content


@pytest.mark.parametrize("username", ["robo", "tetsu"])
def test_the_library_is_the_secretariat_s(client, licensed_world, username):
    client.force_login(licensed_world.user(username))
    assert client.get(reverse("licensing:clauses")).status_code == 404
    assert client.get(reverse("licensing:clause", args=["audit"])).status_code == 404
