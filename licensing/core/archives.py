"""The envelope of a bundle: a plain zip, written one way and read strictly.

Readers of zip files disagree on doubled names, hidden gaps, comments and extra fields, and each disagreement is a way
to show two people two contents. So nothing of the kind is accepted: members lie back to back from the first byte, the
directory follows, and the file ends there. Stored or deflated members, any dates and any order are fine, so that an
ordinary tool may repack a bundle. Source: PKWARE APPNOTE 6.3.10, sections 4.3 to 4.4.
"""

from __future__ import annotations

import re
import struct
import zlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from contributions.core.errors import Refused
from contributions.core.proofs import Altered, Malformed
from contributions.core.words import Text

ARCHIVE_BYTES_MAX = 512 * 1024 * 1024
CONTENT_BYTES_MAX = 512 * 1024 * 1024
MEMBERS_MAX = 60_000
_LOCAL = struct.Struct("<4sHHHHHLLLHH")
_CENTRAL = struct.Struct("<4sHHHHHHLLLHHHHHLL")
_END = struct.Struct("<4sHHHHLLH")
_NAME = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9_.-]*(/[A-Za-z0-9_-][A-Za-z0-9_.-]*)*\Z")
_STORED, _DEFLATED = 0, 8
_HARMLESS_FLAGS = 0x0806  # UTF-8 names; how hard the packer tried
_FIRST_DAY = 33  # 1980-01-01, the first date a zip can state
_REGULAR = 0o100644 << 16
_WHAT = Text("zipファイル", "the zip file")


class DuplicateName(Refused):
    code = "duplicate-name"
    ja = "同じ名前のファイルが二度入っています：{name}。"
    en = "A name stands twice in the bundle: {name}."


@dataclass(frozen=True, slots=True)
class _Member:
    name: str
    flags: int
    method: int
    time: int
    date: int
    crc: int
    packed: int
    size: int
    offset: int


def pack(files: Mapping[str, bytes]) -> bytes:
    """The zip of these files, stored in the given order under a fixed date: the same files give the same bytes."""
    body, directory = bytearray(), bytearray()
    for name, content in files.items():
        if not _NAME.match(name):
            raise _malformed("名前", "a name")
        encoded, crc, size = name.encode(), zlib.crc32(content), len(content)
        shared = (20, 0, _STORED, 0, _FIRST_DAY, crc, size, size, len(encoded), 0)
        directory += _CENTRAL.pack(b"PK\x01\x02", 0x0314, *shared, 0, 0, 0, _REGULAR, len(body)) + encoded
        body += _LOCAL.pack(b"PK\x03\x04", *shared) + encoded + content
    end = _END.pack(b"PK\x05\x06", 0, 0, len(files), len(files), len(directory), len(body), 0)
    return bytes(body + directory + end)


def unpack(data: bytes) -> dict[str, bytes]:
    """The files of a zip by name, or a refusal of whatever is odd about it."""
    if not _END.size <= len(data) <= ARCHIVE_BYTES_MAX:
        raise _malformed("大きさ", "size")
    members = _directory(data)
    _check_layout(data, members)
    name, times = Counter(member.name for member in members).most_common(1)[0] if members else ("", 1)
    if times > 1:
        raise DuplicateName(name=name)
    if sum(member.size for member in members) > CONTENT_BYTES_MAX:
        raise _malformed("内容が大きすぎます", "the content is too large")
    return {member.name: _content(data, member) for member in members}


def _directory(data: bytes) -> list[_Member]:
    magic, disk, start_disk, here, count, size, offset, comment = _END.unpack_from(data, len(data) - _END.size)
    if magic != b"PK\x05\x06" or comment or disk or start_disk or here != count:
        raise _malformed(
            "終端レコード（コメントや余分なデータは認めません）", "its end; comments and extra data are refused"
        )
    if offset + size != len(data) - _END.size or count > MEMBERS_MAX:
        raise _malformed("ディレクトリーの位置または件数", "place or number of the directory")
    members, position = [], offset
    for _ in range(count):
        member, position = _member(data, position, len(data) - _END.size)
        members.append(member)
    if position != len(data) - _END.size:
        raise _malformed("ディレクトリーの後の余分なデータ", "data after the directory")
    return members


def _member(data: bytes, position: int, end: int) -> tuple[_Member, int]:
    if position + _CENTRAL.size > end:
        raise _malformed("ディレクトリー", "the directory")
    fields = _CENTRAL.unpack_from(data, position)
    magic, _, _, flags, method, time, date, crc, packed, size, length, extra, comment, disk, _, attributes, offset = (
        fields
    )
    position += _CENTRAL.size
    if magic != b"PK\x01\x02" or extra or comment or disk or position + length > end:
        raise _malformed(
            "ディレクトリーの項目（コメントや追加欄は認めません）",
            "a directory entry; comments and extra fields are refused",
        )
    if flags & ~_HARMLESS_FLAGS or method not in {_STORED, _DEFLATED}:
        raise _malformed("暗号化または未知の圧縮方式", "encryption or an unknown method")
    if attributes >> 28 not in {0, 8} or attributes & 0x10:
        raise _malformed("通常のファイルでないもの", "something that is no plain file")
    raw = data[position : position + length]
    name = raw.decode("ascii", "replace")
    if not _NAME.match(name) or length > 200:
        raise _malformed("ファイル名", "a file name")
    return _Member(name, flags, method, time, date, crc, packed, size, offset), position + length


def _check_layout(data: bytes, members: list[_Member]) -> None:
    """Local headers repeat the directory exactly, back to back from the first byte."""
    directory = _END.unpack_from(data, len(data) - _END.size)[6]
    position = 0
    for member in sorted(members, key=lambda member: member.offset):
        name = member.name.encode()
        start = position + _LOCAL.size + len(name)
        if member.offset != position or start + member.packed > directory:
            raise _malformed("重なりまたは隙間", "an overlap or a gap")
        _, *stated, length, extra = _LOCAL.unpack_from(data, position)
        wanted = [member.flags, member.method, member.time, member.date, member.crc, member.packed, member.size]
        if (
            data[position : position + 4] != b"PK\x03\x04"
            or stated[1:] != wanted
            or (length, extra) != (len(name), 0)
            or data[position + _LOCAL.size : start] != name
        ):
            raise _malformed("見出しがディレクトリーと異なります", "a header that differs from the directory")
        position = start + member.packed
    if position != directory:
        raise _malformed("隙間", "a gap")


def _content(data: bytes, member: _Member) -> bytes:
    start = member.offset + _LOCAL.size + len(member.name)
    content = data[start : start + member.packed]
    if member.method == _DEFLATED:
        content = _inflate(content, member)
    if len(content) != member.size or zlib.crc32(content) != member.crc:
        raise Altered(what=member.name)
    return content


def _inflate(packed: bytes, member: _Member) -> bytes:
    stream = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        content = stream.decompress(packed, member.size + 1)
    except zlib.error:
        raise Altered(what=member.name) from None
    if not stream.eof or stream.unused_data or stream.unconsumed_tail:
        raise Altered(what=member.name)
    return content


def _malformed(ja: str, en: str) -> Malformed:
    return Malformed(what=_WHAT, reason=Text(ja, en))
