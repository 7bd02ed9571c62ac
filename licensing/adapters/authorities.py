"""Who vouches for a signature and for its time: certificates, revocation lists, and RFC 3161 time authorities.

Real ones come from the settings: a PKCS#12, a PEM pair or a PKCS#11 token, one or two time authorities over HTTP, a
folder of trusted roots. Where none is configured a *test authority* is made in the keys folder; its certificates carry
試験用署名・法的効力なし in their names, it vouches for integrity only, and every page that shows it says so.
"""

from __future__ import annotations

import asyncio
import os
import urllib.error
import urllib.request
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from http.client import HTTPException
from pathlib import Path

from asn1crypto import cms, pem, tsp
from asn1crypto import crl as asn1_crl
from asn1crypto import keys as asn1_keys
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pyhanko.keys import load_private_key_from_pemder
from pyhanko.sign import signers, timestamps
from pyhanko.sign.general import as_signing_certificate_v2, simple_cms_attribute
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.registry import SimpleCertificateStore

from contributions.core.errors import Refused
from contributions.core.words import Text

TEST_MARK = "試験用署名・法的効力なし"
_FROM, _UNTIL = datetime(2020, 1, 1), datetime(2049, 12, 31)  # noqa: DTZ001 (X.509 wants naive UTC)
_KEY_BITS = 3072
_NAME_MAX = 64  # bytes of one attribute of a certificate's name
_TIME_EVERY, _TIME_LASTS = 3, 5  # a test time certificate begins every so many years and lasts so many
_LIST_LASTS = timedelta(days=7)
_QUERY, _REPLY = "application/timestamp-query", "application/timestamp-reply"
_REPLY_BYTES_MAX = 100_000
_PEM = serialization.Encoding.PEM


class KeyUnreadable(Refused):
    code = "signing-key-unreadable"
    ja = "署名の鍵または証明書を読めません：{what}。設定と権限を確認してください。"
    en = "The signing key or certificate cannot be read: {what}. Check the setting and its permissions."


class TimeAuthorityFailed(Refused):
    code = "time-authority-failed"
    ja = (
        "時刻認証局からタイムスタンプを得られなかったため、署名していません（{reason}）。"
        "何も保存されていません。時間をおいて、もう一度署名してください。"
    )
    en = (
        "No timestamp could be had from the time authority, so nothing was signed ({reason}). "
        "Nothing was stored. Please sign again later."
    )


@dataclass(frozen=True, slots=True)
class Signer:
    """Who signs, with key and certificate."""

    name: str
    test: bool
    key: signers.Signer


@dataclass(frozen=True, slots=True)
class Trust:
    """What a check rests on: roots, other certificates and revocation lists, and whether to ask authorities online."""

    roots: tuple[asn1_x509.Certificate, ...]
    others: tuple[asn1_x509.Certificate, ...] = ()
    crls: tuple[asn1_crl.CertificateList, ...] = ()
    fetching: bool = False

    def context(self, at: datetime | None, *, hard: bool = False) -> ValidationContext:
        """The context of one validation; `hard` asks revocation information of every certificate."""
        return ValidationContext(
            trust_roots=list(self.roots),
            other_certs=list(self.others),
            crls=list(self.crls),
            allow_fetching=self.fetching,
            moment=at,
            revocation_mode="hard-fail" if hard else "soft-fail",
        )


@dataclass(frozen=True, slots=True)
class Authority:
    """What one signature is made with beside its key: trust, and who tells the time."""

    trust: Trust
    stamper: timestamps.TimeStamper
    test: bool


class HTTPTime(timestamps.TimeStamper):
    """A client of RFC 3161 over HTTP: the first authority that grants; none, and the signature fails."""

    def __init__(self, urls: Sequence[str], timeout: int) -> None:
        super().__init__()
        self.urls, self.timeout = tuple(urls), timeout

    async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
        """Ask one authority after the other, off the event loop."""
        return await asyncio.get_running_loop().run_in_executor(None, self._ask, req.dump())

    def _ask(self, query: bytes) -> tsp.TimeStampResp:
        reasons = []
        for url in self.urls:
            try:
                return self._ask_one(url, query)
            except (OSError, ValueError, HTTPException) as wrong:
                why, host = _why(wrong), _host(url)
                reasons.append(Text(f"{host}：{why.ja}", f"{host}: {why.en}"))
        said = Text("；".join(one.ja for one in reasons), "; ".join(one.en for one in reasons))
        raise TimeAuthorityFailed(reason=said)

    def _ask_one(self, url: str, query: bytes) -> tsp.TimeStampResp:
        request = urllib.request.Request(url, data=query, headers={"Content-Type": _QUERY, "Accept": _REPLY})
        with urllib.request.urlopen(request, timeout=self.timeout) as reply:
            if reply.headers.get_content_type() != _REPLY:
                raise ValueError("not a timestamp reply")
            answer = tsp.TimeStampResp.load(reply.read(_REPLY_BYTES_MAX))
        _check_answer(answer, tsp.TimeStampReq.load(query))
        return answer


def _check_answer(answer: tsp.TimeStampResp, query: tsp.TimeStampReq) -> None:
    """Refuse what is not granted, or answers another question: the next authority may do better."""
    try:
        status = answer["status"]["status"].native
        if status not in {"granted", "granted_with_mods"}:
            raise ValueError(f"status {status}")
        said = answer["time_stamp_token"]["content"]["encap_content_info"]["content"].parsed
        for name in ("nonce", "message_imprint"):
            if said[name].native != query[name].native:
                raise ValueError(f"another {name}")
    except (KeyError, TypeError, AttributeError) as wrong:  # it reads as some other structure
        raise ValueError("no token") from wrong


def http_time(urls: Sequence[str], timeout: int) -> HTTPTime:
    """The time authorities of those addresses, in the order in which they are asked."""
    for url in urls:
        if not url.startswith(("http://", "https://")):
            raise TimeAuthorityFailed(reason=Text("URLが http(s) ではありません", "its address is not http(s)"))
    return HTTPTime(urls, timeout)


def file_signer(path: Path, passphrase: bytes | None, name: str) -> Signer:
    """A signer from a PKCS#12 file that an authority issued."""
    signer = signers.SimpleSigner.load_pkcs12(str(path), passphrase=passphrase) if path.is_file() else None
    if signer is None:
        raise KeyUnreadable(what=path.name)
    return Signer(name, False, signer)


def pem_signer(key: Path, certificate: Path, passphrase: bytes | None, name: str) -> Signer:
    """A signer from a PEM key and a PEM certificate followed by its chain."""
    try:
        own, *above = certificates(certificate.read_bytes())
    except (OSError, ValueError) as wrong:
        raise KeyUnreadable(what=certificate.name) from wrong
    try:
        loaded = load_private_key_from_pemder(str(key), passphrase)
    except (OSError, ValueError, TypeError) as wrong:
        raise KeyUnreadable(what=key.name) from wrong
    return Signer(name, False, signers.SimpleSigner(own, loaded, SimpleCertificateStore.from_certs(above)))


def certificates(data: bytes) -> list[asn1_x509.Certificate]:
    """Every certificate of a PEM text, in order."""
    return [asn1_x509.Certificate.load(der) for kind, _, der in pem.unarmor(data, multiple=True) if "CERT" in kind]


def trust_from(folder: Path | None, *, fetching: bool = False) -> Trust:
    """The roots (*.crt, *.pem) and revocation lists (*.crl) of a folder; none where there is none."""
    if folder is None or not folder.is_dir():
        return Trust((), fetching=fetching)
    files = sorted(folder.iterdir())
    roots = [one for path in files if path.suffix in {".crt", ".pem"} for one in certificates(path.read_bytes())]
    lists = [asn1_crl.CertificateList.load(_der(path.read_bytes())) for path in files if path.suffix == ".crl"]
    return Trust(tuple(roots), crls=tuple(lists), fetching=fetching)


# ---- the test authority ----
def test_authority(folder: Path, at: datetime) -> Authority:
    """The test authority as it stands at an instant: its root, its list of revocations, and its own time."""
    key, certificate = _time_certificate(folder, at)
    stamper = _TestTime(certificate, key, certs_to_embed=certificates(test_root(folder)), fixed_dt=at)
    return Authority(test_trust(folder, at), stamper, True)


def test_trust(folder: Path, at: datetime) -> Trust:
    """Trust in the test authority, with a list of its revocations of that day."""
    return Trust(tuple(certificates(test_root(folder))), crls=(_revocations(folder, at),))


def test_root(folder: Path) -> bytes:
    """The test authority's root certificate (PEM), made with its key on first use."""
    _authority(folder)
    return (folder / "test-authority.crt").read_bytes()


def test_signer(folder: Path, code: str, name: str) -> Signer:
    """A signer of the test authority for one organization; key and certificate are made on first use and kept."""
    key_file, crt_file = folder / f"test-{code}.key", folder / f"test-{code}.crt"
    if not (key_file.exists() and crt_file.exists()):
        authority_key, authority = _authority(folder)
        key = _new_key()
        _keep(key_file, _key_pem(key))
        _keep(crt_file, _issue(name, key, authority.subject, authority_key, kind="signer").public_bytes(_PEM))
    chain = SimpleCertificateStore.from_certs(certificates(test_root(folder)))
    own = certificates(crt_file.read_bytes())[0]
    return Signer(name, True, _TestSigner(own, _private_key(key_file), chain))


class _TestSigner(signers.SimpleSigner):
    """Signs with a key that was loaded once: checking it anew at each signature takes longer than signing."""

    def __init__(self, certificate: asn1_x509.Certificate, key: rsa.RSAPrivateKey, chain) -> None:
        super().__init__(certificate, asn1_keys.PrivateKeyInfo.load(_key_der(key)), chain)
        self._own = key

    def sign_raw(self, data: bytes, digest_algorithm: str) -> bytes:
        assert digest_algorithm == "sha256"
        return self._own.sign(data, padding.PKCS1v15(), hashes.SHA256())


class _TestTime(timestamps.DummyTimeStamper):
    """The test authority's time: says the instant that it was made for, and so also tells a story's time."""

    def __init__(self, certificate: asn1_x509.Certificate, key: rsa.RSAPrivateKey, **options) -> None:
        super().__init__(certificate, asn1_keys.PrivateKeyInfo.load(_key_der(key)), **options)
        self._own = key

    def _sign_tst_info(self, tst_info_data: bytes, md_algorithm: str, dt: datetime) -> tuple[bytes, cms.CMSAttributes]:
        digest = hashes.Hash(hashes.SHA256())
        digest.update(tst_info_data)
        named = {
            "content_type": "tst_info",
            "signing_certificate_v2": as_signing_certificate_v2(self.tsa_cert),
            "message_digest": digest.finalize(),
        }
        attributes = cms.CMSAttributes([simple_cms_attribute(name, value) for name, value in named.items()])
        return self._own.sign(attributes.dump(), padding.PKCS1v15(), hashes.SHA256()), attributes


def _time_certificate(folder: Path, at: datetime) -> tuple[rsa.RSAPrivateKey, asn1_x509.Certificate]:
    """The test authority's time key of the day: a new one every few years, so that renewal can be shown."""
    began = at.year - (at.year - _FROM.year) % _TIME_EVERY
    key_file, crt_file = folder / f"test-time-{began}.key", folder / f"test-time-{began}.crt"
    if not (key_file.exists() and crt_file.exists()):
        authority_key, authority = _authority(folder)
        span = datetime(began, 1, 1), datetime(min(began + _TIME_LASTS, _UNTIL.year), 1, 1)  # noqa: DTZ001
        key = _new_key()
        issued = _issue("試験用時刻認証局", key, authority.subject, authority_key, kind="time", span=span)
        _keep(key_file, _key_pem(key))
        _keep(crt_file, issued.public_bytes(_PEM))
    return _private_key(key_file), certificates(crt_file.read_bytes())[0]


def _revocations(folder: Path, at: datetime) -> asn1_crl.CertificateList:
    """An empty list of revocations, issued at the beginning of the day before."""
    key, authority = _authority(folder)
    day = at.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=None) - timedelta(days=1)
    builder = x509.CertificateRevocationListBuilder().issuer_name(authority.subject)
    issued = builder.last_update(day).next_update(day + _LIST_LASTS)
    signed_by = x509.AuthorityKeyIdentifier.from_issuer_public_key(key.public_key())
    number = x509.CRLNumber(day.toordinal())
    made = issued.add_extension(signed_by, critical=False).add_extension(number, critical=False)
    return asn1_crl.CertificateList.load(made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.DER))


def _authority(folder: Path) -> tuple[rsa.RSAPrivateKey, x509.Certificate]:
    key_file, crt_file = folder / "test-authority.key", folder / "test-authority.crt"
    if not (key_file.exists() and crt_file.exists()):
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        key = _new_key()
        _keep(key_file, _key_pem(key))
        _keep(crt_file, _issue("試験用認証局", key, None, key, kind="authority").public_bytes(_PEM))
    return _private_key(key_file), x509.load_pem_x509_certificate(crt_file.read_bytes())


def _issue(
    name: str,
    key: rsa.RSAPrivateKey,
    issuer: x509.Name | None,
    issuer_key: rsa.RSAPrivateKey,
    *,
    kind: str,
    span: tuple[datetime, datetime] = (_FROM, _UNTIL),
) -> x509.Certificate:
    authority = kind == "authority"
    subject = x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, _fitting(name)),
            x509.NameAttribute(NameOID.COMMON_NAME, TEST_MARK),
        ]
    )
    usage = x509.KeyUsage(
        digital_signature=not authority,
        content_commitment=not authority,
        key_cert_sign=authority,
        crl_sign=authority,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )
    identifier = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
    signed_by = x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key())
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer or subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(span[0])
        .not_valid_after(span[1])
        .add_extension(x509.BasicConstraints(ca=authority, path_length=0 if authority else None), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(identifier, critical=False)
        .add_extension(signed_by, critical=False)
    )
    if kind == "time":
        builder = builder.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
    return builder.sign(issuer_key, hashes.SHA256())


def _fitting(name: str) -> str:
    """The name cut to what a certificate holds, at a whole character."""
    return name.encode()[:_NAME_MAX].decode(errors="ignore")


def _new_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=_KEY_BITS)


def _key_pem(key: rsa.RSAPrivateKey) -> bytes:
    return key.private_bytes(_PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())


def _key_der(key: rsa.RSAPrivateKey) -> bytes:
    plain = serialization.NoEncryption()
    return key.private_bytes(serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, plain)


def _private_key(path: Path) -> rsa.RSAPrivateKey:
    return _loaded(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=64)
def _loaded(path: Path, _changed: int) -> rsa.RSAPrivateKey:
    """A key of the test authority; we made it ourselves, so its primes need no check."""
    loaded = serialization.load_pem_private_key(path.read_bytes(), None, unsafe_skip_rsa_key_validation=True)
    assert isinstance(loaded, rsa.RSAPrivateKey)
    return loaded


def _keep(path: Path, data: bytes) -> None:
    """Write a key file that only its owner may read, whole or not at all."""
    draft = path.with_suffix(path.suffix + ".new")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(data)
    draft.replace(path)


def _der(data: bytes) -> bytes:
    return pem.unarmor(data)[2] if pem.detect(data) else data


def _host(url: str) -> str:
    return url.split("/")[2]


def _why(wrong: OSError | ValueError | HTTPException) -> Text:
    """What went wrong with a time authority, in plain words."""
    if isinstance(wrong, urllib.error.HTTPError):
        return Text(f"エラー（{wrong.code}）が返されました", f"it answered with an error ({wrong.code})")
    if isinstance(wrong, TimeoutError) or isinstance(getattr(wrong, "reason", None), TimeoutError):
        return Text("時間内に応答がありません", "it did not answer in time")
    if isinstance(wrong, OSError):
        return Text("接続できません", "it cannot be reached")
    return Text("応答がタイムスタンプではありません", "its answer is no timestamp")
