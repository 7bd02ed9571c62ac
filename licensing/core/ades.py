"""The codes in which ETSI EN 319 102-1 tells what a check of a signature found, each as a sentence."""

from __future__ import annotations

from contributions.core.words import Text

SAID = {
    "OK": Text("検証に必要な情報がそろい、有効です。", "Everything needed to check it is there, and it is valid."),
    "HASH_FAILURE": Text("署名後に内容が変更されています。", "The content was changed after signing."),
    "SIG_CRYPTO_FAILURE": Text("署名の値が鍵と合いません。", "The signature value does not fit the key."),
    "FORMAT_FAILURE": Text("署名の形式が正しくありません。", "The signature is not in the right format."),
    "REVOKED": Text("署名の時点で証明書は失効していました。", "The certificate was revoked when it signed."),
    "NO_CERTIFICATE_CHAIN_FOUND": Text(
        "証明書が、信頼する認証局につながりません。", "The certificate leads to no authority that is trusted here."
    ),
    "NO_POE": Text(
        "長期の検証に必要な、時刻の証明が足りません。", "It lacks the proof of time that a long-term check needs."
    ),
    "TRY_LATER": Text("失効情報がないため、判定できません。", "Without revocation data there is no verdict."),
    "EXPIRED": Text(
        "証明書の有効期間が終わった後の署名です。", "It was made after the validity of its certificate had ended."
    ),
    "NOT_YET_VALID": Text(
        "証明書の有効期間が始まる前の署名です。", "It was made before the validity of its certificate began."
    ),
    "OUT_OF_BOUNDS_NO_POE": Text(
        "証明書の有効期間が終わっており、有効期間中の署名であることを示す時刻の証明がありません。",
        "The certificate has expired, and no proof of time shows that it signed while it was valid.",
    ),
    "OUT_OF_BOUNDS_NOT_REVOKED": Text(
        "証明書の有効期間が終わっています。失効はしていませんでした。",
        "The certificate has expired; it was not revoked before.",
    ),
    "REVOKED_NO_POE": Text(
        "証明書は失効しており、失効前の署名であることを示す時刻の証明がありません。",
        "The certificate was revoked, and no proof of time shows that it signed before.",
    ),
    "REVOKED_CA_NO_POE": Text(
        "証明書を発行した認証局の証明書が失効しています。",
        "The certificate of the authority that issued it was revoked.",
    ),
    "REVOCATION_OUT_OF_BOUNDS_NO_POE": Text(
        "失効情報に署名した証明書の有効期間が終わっています。",
        "The certificate under the revocation data has expired.",
    ),
    "CHAIN_CONSTRAINTS_FAILURE": Text(
        "証明書のつながりが、検証の条件に合いません。", "The chain of certificates does not meet what is asked of it."
    ),
    "CERTIFICATE_CHAIN_GENERAL_FAILURE": Text(
        "証明書のつながりを検証できません。", "The chain of certificates cannot be checked."
    ),
    "CRYPTO_CONSTRAINTS_FAILURE": Text(
        "使われている暗号の方式又は鍵の長さが十分ではありません。", "Its algorithms or its key are too weak."
    ),
    "CRYPTO_CONSTRAINTS_FAILURE_NO_POE": Text(
        "暗号の方式又は鍵の長さが十分でなく、十分であった時期の署名であることの証明がありません。",
        "Its algorithms or its key are too weak now, and no proof of time shows that they sufficed when it signed.",
    ),
    "SIG_CONSTRAINTS_FAILURE": Text(
        "署名の属性が、検証の条件に合いません。", "The attributes of the signature do not meet what is asked of it."
    ),
    "NO_SIGNING_CERTIFICATE_FOUND": Text("署名者の証明書がありません。", "The signer's certificate is missing."),
    "TIMESTAMP_ORDER_FAILURE": Text("タイムスタンプの順序が正しくありません。", "Its timestamps are not in order."),
    "SIGNATURE_POLICY_NOT_AVAILABLE": Text(
        "署名が指す署名ポリシーを入手できません。", "The signature policy that it names is not to be had."
    ),
    "POLICY_PROCESSING_ERROR": Text(
        "署名が指す署名ポリシーを処理できません。", "The signature policy that it names cannot be processed."
    ),
    "SIGNED_DATA_NOT_FOUND": Text("署名の対象がありません。", "What was signed is missing."),
    "GENERIC": Text(
        "検証を終えられないため、判定できません。", "The check could not be finished, so there is no verdict."
    ),
}
REVOKED = ("REVOKED", "REVOKED_NO_POE")
