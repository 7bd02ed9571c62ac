"""The books: they balance on the page, leave as files for the accounts, and are nobody else's."""

import pytest
from django.urls import reverse

from licensing.models import Slip


@pytest.fixture
def finance(client, settled_world):
    client.force_login(settled_world.user("finance"))
    return client


def test_the_trial_balance_and_every_slip_stand_on_the_page(finance):
    content = finance.get(reverse("licensing:books")).content.decode()
    for slip in Slip.objects.all():
        assert slip.number in content


def test_a_slip_is_found_by_its_source(finance):
    slip = Slip.objects.order_by("number").first()
    content = finance.get(reverse("licensing:books"), {"q": slip.source}).content.decode()
    assert slip.number in content
    assert Slip.objects.exclude(source=slip.source).first().number not in content


def test_the_journal_leaves_as_csv_and_xlsx(finance):
    url = reverse("licensing:books_export")
    rows = finance.get(url, {"format": "csv"}).content.decode("utf-8-sig").splitlines()
    assert len(rows) > Slip.objects.count()
    assert finance.get(url, {"format": "xlsx"}).content.startswith(b"PK")


@pytest.mark.parametrize("username", ["legal", "tetsu", "robo"])
@pytest.mark.parametrize("name", ["books", "books_export"])
def test_for_others_there_are_no_books(client, settled_world, username, name):
    client.force_login(settled_world.user(username))
    assert client.get(reverse(f"licensing:{name}")).status_code == 404
