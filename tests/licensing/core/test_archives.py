"""The zip around a bundle: ordinary ones pass, odd ones are refused, none does harm."""

from __future__ import annotations

import io
import random
import struct
import zipfile
import zlib

import pytest
from synthetic_log import (
    FULL,
    KEY,
    LICENSEE,
    run,
)

from contributions.core import notes
from licensing.core import archives, bundles


def repacked(change):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, content in archives.unpack(bundles.build("full", FULL, KEY)).items():
            archive.writestr(zipfile.ZipInfo(name), content)
        change(archive)
    return packed.getvalue()


def with_comment(archive):
    archive.comment = b"psst"


def with_member_comment(archive):
    archive.infolist()[0].comment = b"psst"


def with_path(name):
    return lambda archive: archive.writestr(zipfile.ZipInfo(name), b"x")


def with_extra(archive):
    info = zipfile.ZipInfo("extra")
    info.extra = struct.pack("<HH4s", 0x6D6F, 4, b"moya")
    archive.writestr(info, b"x")


def with_link(archive):
    info = zipfile.ZipInfo("link")
    info.external_attr = 0o120777 << 16
    archive.writestr(info, b"/etc/passwd")


@pytest.mark.parametrize(
    "change",
    [
        with_comment,
        with_member_comment,
        with_extra,
        with_link,
        with_path("../up"),
        with_path("/etc/passwd"),
        with_path("a\\b"),
        with_path("a//b"),
        with_path("folder/"),
        with_path(".hidden"),
        with_path("名前"),
    ],
)
def test_oddities_of_a_zip_are_refused(change):
    assert run(repacked(change))[0] == 22


def test_data_before_between_or_after_the_members_is_refused():
    data = bundles.build("full", FULL, KEY)
    directory = struct.unpack("<L", data[-6:-2])[0]
    assert run(data + b"\0")[0] == 22
    assert run(b"#!/bin/sh\n" + data)[0] == 22
    gap = bytearray(data[:directory] + b"gap" + data[directory:])
    gap[-6:-2] = struct.pack("<L", directory + 3)
    assert run(bytes(gap))[0] == 22


def test_an_encrypted_or_strangely_packed_member_is_refused():
    data = bytearray(bundles.build("full", FULL, KEY))
    directory = struct.unpack("<L", bytes(data[-6:-2]))[0]
    encrypted = bytearray(data)
    encrypted[6] |= 1
    encrypted[directory + 8] |= 1
    assert run(bytes(encrypted))[0] == 22
    strange = bytearray(data)
    strange[8] = strange[directory + 10] = 12
    assert run(bytes(strange))[0] == 22


def test_a_bomb_is_refused_before_it_is_unpacked(monkeypatch):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("manifest", bytes(20_000_000))
    monkeypatch.setattr(archives, "CONTENT_BYTES_MAX", 10_000_000)
    assert run(packed.getvalue())[0] == 22


def test_a_member_that_unpacks_to_more_than_it_states_is_refused():
    raw = zlib.compress(bytes(1_000_000), 9)[2:-4]
    shared = (20, 0, 8, 0, 33, 0, len(raw), 10, len(b"manifest"), 0)
    body = struct.pack("<4sHHHHHLLLHH", b"PK\x03\x04", *shared) + b"manifest" + raw
    entry = struct.pack("<4sHHHHHHLLLHHHHHLL", b"PK\x01\x02", 0x314, *shared, 0, 0, 0, 0, 0) + b"manifest"
    end = struct.pack("<4sHHHHLLH", b"PK\x05\x06", 0, 0, 1, 1, len(entry), len(body), 0)
    assert run(body + entry + end)[0] == 10


@pytest.mark.parametrize("data", [b"", b"PK", b"x" * 21, b"x" * 5000, b"PK\x05\x06" + bytes(18)])
def test_what_is_no_zip_is_refused(data):
    assert run(data)[0] in {11, 22}


def test_random_damage_never_makes_a_traceback():
    data = bundles.build("licensee", LICENSEE, KEY)
    chance = random.Random(11)
    for _ in range(300):
        changed = bytearray(data)
        for _ in range(chance.randrange(1, 6)):
            start = chance.randrange(len(changed))
            changed[start : start + chance.randrange(4)] = chance.randbytes(chance.randrange(4))
        code, _ = run(bytes(changed))
        assert code in {0, *range(10, 24)}


MANIFEST_TEXT = archives.unpack(bundles.build("full", FULL, KEY))["manifest"].decode().split("\n\n")[0] + "\n"


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace("bundle/1", "bundle/2"),
        lambda text: text.replace("\nfull\n", "\nempty\n"),
        lambda text: text.replace("\nfull\n", "\nlicensee\n"),
        lambda text: text + text.splitlines()[-1] + "\n",
        lambda text: "\n".join([*text.splitlines()[:3], *reversed(text.splitlines()[3:])]) + "\n",
        lambda text: text.replace(" checkpoint", " ../checkpoint"),
        lambda text: "moyai bundle/1\n",
        lambda text: "\n",
    ],
)
def test_a_signed_manifest_in_another_form_is_refused(change):
    note = notes.sign(change(MANIFEST_TEXT), KEY)
    assert run(archives.pack({"manifest": note.encode(), **FULL}))[0] in {11, 12, 22}
