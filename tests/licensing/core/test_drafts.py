"""What a new draft proposes: the licensee's own agreement first, the house's newest, else the template's default."""

import pytest

from contributions.core.words import Text
from licensing.core import drafts, variables
from licensing.core.variables import Variable, VariableRefused


def variable(name: str, *, required: bool = True, default: object = None) -> Variable:
    return Variable(name, "count", Text(name, name), required, {}, default)


SCHEMA = {
    one.name: one
    for one in (
        variable("cure_days"), variable("term"), variable("regions"), variable("licensee_signatory"),
        variable("renewal_rise_max", required=False, default=0), variable("mfn", required=False, default=False),
    )
}  # fmt: skip


def test_what_the_licensee_agreed_to_goes_before_what_the_house_does():
    found = drafts.proposed(SCHEMA, own={"cure_days": 45, "regions": ["JP"]}, house={"cure_days": 30})
    assert found == {"cure_days": 45, "regions": ["JP"], "renewal_rise_max": 0}


def test_what_another_licensee_has_or_was_granted_is_not_offered_to_the_next():
    house = {"cure_days": 30, "regions": ["TH"], "licensee_signatory": "x", "renewal_rise_max": 20, "mfn": True}
    assert drafts.proposed(SCHEMA, own={}, house=house) == {"cure_days": 30, "renewal_rise_max": 0}


def test_what_our_records_settle_is_never_typed():
    assert "term" not in drafts.proposed(SCHEMA, own={"term": 1}, house={"term": 2})


def test_destinations_count_only_with_the_model_on_board():
    stated = {"fields": ["robot"], "destinations": {"vehicle": ["JP"]}, "on_board": False}
    schema = variables.schema(
        [
            {
                "name": "destinations",
                "kind": "destinations",
                "label": {"ja": "仕向地", "en": "Destinations"},
                "choices": {"robot": {"ja": "ロボット", "en": "robots"}, "vehicle": {"ja": "車両", "en": "vehicles"}},
            }
        ]
    )
    drafts.check_destinations(schema, stated)
    with pytest.raises(VariableRefused, match="robots"):
        drafts.check_destinations(schema, stated | {"on_board": True})
    with pytest.raises(VariableRefused, match="“vehicles” is not a licensed field"):
        drafts.check_destinations(
            schema, stated | {"on_board": True, "destinations": {"robot": ["JP"], "vehicle": ["JP"]}}
        )


def test_a_variable_that_is_part_of_another_repeats_it_and_is_never_proposed():
    label = {"ja": "前払金", "en": "Advance"}
    rows = [
        {"name": "terms", "kind": "terms", "label": {"ja": "単価", "en": "Prices"}},
        {"name": "advance", "kind": "money", "label": label, "required": False, "default": "0", "part_of": "terms"},
    ]
    schema = variables.schema(rows)
    assert variables.filled(schema, {"terms": {"advance": "1000000"}, "advance": "5"})["advance"] == "1000000"
    assert variables.filled(schema, {"terms": {}})["advance"] == "0"
    assert variables.filled(schema, {})["advance"] == "0", "a template without terms still has its default"
    assert "advance" not in drafts.proposed(schema, own={"advance": "1"}, house={"advance": "2"})


@pytest.mark.parametrize(
    ("fields", "regions", "priced", "named"),
    [
        (["robot", "vehicle"], ["JP"], {}, "vehicles"),
        (["robot"], ["JP", "TH"], {"JP": "1"}, "Thailand"),
    ],
)
def test_what_the_price_list_has_no_price_for_is_not_licensed(fields, regions, priced, named):
    both = {"robot": {"ja": "ロボット", "en": "robots"}, "vehicle": {"ja": "車両", "en": "vehicles"}}
    label = {"ja": "x", "en": "x"}
    schema = variables.schema(
        [
            {"name": "fields", "kind": "choices", "label": label, "choices": both},
            {"name": "regions", "kind": "regions", "label": label},
        ]
    )
    asked = {"fields": fields, "regions": regions, "terms": {"regions": priced}}
    with pytest.raises(VariableRefused, match=f"no price for .*{named}"):
        drafts.check_priced(schema, asked, field="robotics")
    drafts.check_priced(schema, asked | {"fields": ["robot"], "regions": ["JP"]}, field="robotics")
