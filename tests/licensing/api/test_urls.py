"""The API as a whole: its OpenAPI document, and every address of it without a login."""

import json
import re

from django.core.management import call_command
from django.test import Client
from drf_spectacular.generators import SchemaGenerator

MADE_UP = {"integer": "1", "string": "X-0001", "uuid": "5e1ab6a0-50a1-4c7e-8f0b-0c6f0b7a9d11"}


def operations():
    """(verb, address with made-up numbers) of every operation in the document."""
    for path, verbs in SchemaGenerator().get_schema(request=None, public=True)["paths"].items():
        for verb, operation in verbs.items():
            kinds = {one["name"]: one["schema"] for one in operation.get("parameters", []) if one["in"] == "path"}
            made_up = {name: MADE_UP[kind.get("format", kind["type"])] for name, kind in kinds.items()}
            yield verb, re.sub(r"\{(\w+)\}", lambda found, values=made_up: values[found[1]], path)


def test_the_document_validates_without_a_warning(tmp_path):
    call_command("spectacular", validate=True, fail_on_warn=True, format="openapi-json", file=str(tmp_path / "a.json"))
    document = json.loads((tmp_path / "a.json").read_text())
    assert set(document["components"]["schemas"]["Problem"]["properties"]) == {"code", "detail", "findings"}
    named = [one["operationId"] for verbs in document["paths"].values() for one in verbs.values()]
    assert len(named) == len(set(named)) > 80
    assert all(one["tags"] and one["summary"] for verbs in document["paths"].values() for one in verbs.values())


def test_without_a_login_every_address_answers_401_in_json_and_never_redirects(db):
    tried = [*operations(), ("get", "/api/v1/schema/"), ("get", "/api/v1/none"), ("post", "/api/v1/none/")]
    assert len(tried) > 80
    for verb, address in tried:
        answer = getattr(Client(), verb)(address)
        assert answer.status_code == 401, (verb, address, answer.status_code)
        assert answer["WWW-Authenticate"].startswith("Session"), address
        assert answer["Content-Type"] == "application/json" and set(answer.json()) == {"code", "detail"}, address


def test_the_document_is_served_to_whoever_is_signed_in(call, licensed):
    answer = call("robo").get("/api/v1/schema/")
    assert answer.status_code == 200 and answer.json()["openapi"].startswith("3.")
