"""Whatever is sent to whatever endpoint: it is answered with what is wrong, never with a fault of ours, and nothing
half-written stays. Bodies are made from the API's own description, so that a new endpoint is tried as it comes.
"""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterator

import pytest
from drf_spectacular.generators import SchemaGenerator

from contributions.models import Entry, LogHead, Movement

pytestmark = pytest.mark.slow
GARBAGE = (
    None, "", "-1", -1, 2**70, "9" * 400, "NaN", "2026-02-30", "9999-12-31", "=1+1", "x" * 5000, "\x00", "\ud800", [],
    ["x"], {}, {"a": {"a": 1}}, True, 1.5, "𠮷",
)  # fmt: skip
PLACES = {"number": "D-tetsu-0001", "code": "tetsu", "member": "tetsu", "log": "W-tetsu-0001", "verb": "examine"}
IDENTITY = "6f1c2f0e-8d0a-4b53-9b52-0f6f5f0e3a11"


def operations(wing: str) -> Iterator[tuple[str, dict, dict]]:
    """Every POST: its address with something in its places, its fields, and the description they may refer to."""
    document = SchemaGenerator().get_schema(request=None, public=True)
    known = document["components"]["schemas"]
    for path, methods in sorted(document["paths"].items()):
        body = methods.get("post", {}).get("requestBody", {}).get("content", {}).get("application/json")
        if "post" in methods and (wing in {"", _wing_of(methods["post"])}):
            yield _address(path), _fields(body["schema"], known) if body else {}, known


def _wing_of(operation: dict) -> str:
    return "contributions" if set(operation["tags"]) <= TAGS else "licensing"


TAGS = {"organizations", "people", "terms", "members", "stakes", "funding", "ratecards", "datasets", "reviews",
        "exclusions", "residency", "compute", "batches", "intakes", "resources", "log", "jobs", "places"}  # fmt: skip


def _address(path: str) -> str:
    return re.sub(r"\{(\w+)\}", lambda found: str(_place(found[1])), path)


def _place(name: str) -> object:
    if name in PLACES:
        return PLACES[name]
    return IDENTITY if name in {"intake", "job", "pk", "person", "user"} else 1


def _fields(schema: dict, known: dict) -> dict[str, dict]:
    if "$ref" in schema:
        schema = known[schema["$ref"].rpartition("/")[2]]
    return schema.get("properties", {})


def usual(field: dict, known: dict) -> object:
    """A value that the description allows."""
    if "$ref" in field or "allOf" in field:
        name = (field.get("$ref") or field["allOf"][0].get("$ref", "")).rpartition("/")[2]
        field = known.get(name, {})
    if "oneOf" in field:
        return usual(field["oneOf"][0], known)
    if "enum" in field:
        return field["enum"][0]
    made = {"integer": 1, "number": 1, "boolean": True, "array": [], "object": {}}
    if field.get("type") == "object":
        return {name: usual(each, known) for name, each in field.get("properties", {}).items()}
    if field.get("type") == "array":
        return [usual(field.get("items", {}), known)]
    return made.get(
        field.get("type", ""), {"date": "2026-05-01", "uuid": IDENTITY}.get(field.get("format", ""), "tetsu")
    )


def bodies(fields: dict, known: dict, turn: int) -> Iterator[object]:
    """As described; then with one field after another, and all of them, as they must not be."""
    good = {name: usual(field, known) for name, field in fields.items()}
    yield good
    for place, name in enumerate(fields):
        yield good | {name: GARBAGE[(turn + place) % len(GARBAGE)]}
    yield dict.fromkeys(fields, GARBAGE[turn % len(GARBAGE)])
    yield GARBAGE[turn % len(GARBAGE)]


def tried(call, wing: str, *usernames: str) -> int:
    count = 0
    callers = {username: call(username) for username in usernames}
    for client in callers.values():
        client.raise_request_exception = False
    for turn, (address, fields, known) in enumerate(operations(wing)):
        for username, client in callers.items():
            for body in bodies(fields, known, turn):
                size = LogHead.objects.get().size
                answer = client.post(address, json.dumps(body), content_type="application/json")
                assert answer.status_code < 500, (username, address, body, answer.content[:500])
                if answer.status_code >= 400:
                    assert answer["Content-Type"] == "application/json", (address, body)
                    told = answer.json()
                    assert told["code"] and told["detail"], (address, body, told)
                    assert LogHead.objects.get().size == size == Entry.objects.count(), (address, body)
                count += 1
    return count


def test_half_a_character_is_refused_before_it_is_told_back(call, contributed):
    for body, field in (
        (r'{"part": "\ud800"}', "part"),
        (r'{"\ud800": 1}', r"\ud800"),
        (r'{"\ud800": 1, "\ud800": 2}', r"\ud800"),
        (r'["\ud800"]', ""),
    ):
        answer = call("tetsu").post("/api/v1/resources/C-1/recoveries/", body, content_type="application/json")
        assert answer.status_code == 400 and field in str(answer.json()["findings"]), (body, answer.content)


SENT = {
    "NaN": ('{"part": NaN}', "part", "not-a-number"),
    "infinity within": ('{"part": [1, {"a": -Infinity}]}', "part.2.a", "not-a-number"),
    "an exponent beyond measure": ('{"part": 1e400}', "part", "not-a-number"),
    "more digits than are read": ('{"part": ' + "9" * 5000 + "}", "part", "not-a-number"),
    "a control character": (r'{"source": "a\u001bb"}', "source", "unseen-character"),
    "no character": (r'{"source": ["x", "\uffff"]}', "source.2", "unseen-character"),
    "a name twice within": ('{"source": {"a": 1, "a": 2}}', "a", "duplicate-name"),
}


@pytest.mark.parametrize("case", SENT)
def test_what_no_field_can_hold_is_told_by_its_place(call, contributed, case):
    body, field, code = SENT[case]
    answer = call("tetsu").post("/api/v1/resources/C-1/recoveries/", body, content_type="application/json")
    (finding,) = answer.json()["findings"]
    assert (answer.status_code, finding["field"], finding["code"]) == (400, field, code) and finding["reason"]


def test_a_body_in_another_charset_or_compressed_is_turned_away_in_words(call, contributed):
    address, body = "/api/v1/resources/C-1/recoveries/", '{"part": "é"}'
    other = call("tetsu").generic("POST", address, body.encode("latin-1"), "application/json; charset=latin-1")
    assert (other.status_code, other.json()["code"]) == (415, "not-utf-8") and "latin-1" in other.json()["detail"]
    packed = call("tetsu").generic(
        "POST", address, gzip.compress(body.encode()), "application/json", headers={"Content-Encoding": "gzip"}
    )
    assert (packed.status_code, packed.json()["code"]) == (415, "compressed")


def test_a_form_of_more_fields_than_are_read_is_refused_in_words(call, contributed):
    answer = call("tetsu").post("/api/v1/batches/", {f"f{n}": "x" for n in range(2_000)})
    assert (answer.status_code, answer.json()["code"]) == (400, "too-many-fields")


def test_a_name_that_stands_twice_in_an_address_is_refused_and_many_unknown_ones_are_told_in_part(call, contributed):
    twice = call("tetsu").get("/api/v1/resources/?as_of=2026-06-30&as_of=2026-07-01")
    assert [(one["field"], one["code"]) for one in twice.json()["findings"]] == [("as_of", "duplicate-name")]
    body = json.dumps({f"k{n}": 1 for n in range(5000)})
    answer = call("tetsu").post("/api/v1/resources/", body, content_type="application/json")
    assert answer.status_code == 400 and len(answer.content) < len(body)


def test_whatever_is_sent_to_this_wing_is_answered_and_leaves_nothing_half_written(call, contributed):
    assert tried(call, "contributions", "legal", "tetsu") > 300
    totals: dict[str, int] = {}
    for unit, amount in Movement.objects.values_list("unit", "amount"):
        totals[unit] = totals.get(unit, 0) + amount
    assert not any(totals.values())


def test_whatever_is_sent_to_the_other_wing_too(call, contributed):
    assert tried(call, "licensing", "legal", "finance", "robo") > 300
