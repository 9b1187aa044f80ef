"""Whom a verification believes, and what it says of signers, certificates and times: one rule for PDFs and packages."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from asn1crypto import x509 as asn1_x509  # type: ignore[import-untyped]
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko_certvalidator import ValidationContext

from gengdi_desktop.signing.appearance import CHINA_TIME
from gengdi_desktop.signing.certificates import Certificate
from gengdi_desktop.signing.verdict import Finding

SIGNING_USAGES: Final = KeyUsageConstraints(
    key_usage={"digital_signature", "non_repudiation"}, match_all_key_usages=False
)
_FUTURE_SLACK = timedelta(days=1)


def context_of(certificate: Certificate, trusted: Sequence[Certificate], at: datetime) -> ValidationContext:
    """Believe the signer's own certificate if it is on the list, else only those on it that may issue others.

    Without this a clerk whose certificate is trusted could issue one in the name of the leader.
    """
    listed = any(certificate.fingerprint == known.fingerprint for known in trusted)
    roots = [certificate] if listed else [known for known in trusted if known.authority]
    return ValidationContext(
        trust_roots=[asn1_x509.Certificate.load(root.der) for root in roots],
        moment=at,
        allow_fetching=False,
        # No revocation lists travel between the desks: whom one trusts no longer, one takes off the list.
        revocation_mode="soft-fail",
    )


def doubts(certificate: Certificate, at: datetime | None, *, believed: bool) -> tuple[Finding, ...]:
    """Why an unbroken signature is not trusted; empty when it is.

    Args:
        certificate: Of the signer.
        at: Claimed time.
        believed: What the chain of certificates says.
    """
    who = certificate.subject
    if at is None:
        return (Finding("time_missing", f"{who}的签名没有写签名时间，无法判断证书当时是否有效。"),)
    if not certificate.holds_at(at):
        return (
            Finding(
                "certificate_out_of_time",
                f"{who}的证书从 {_day(certificate.not_before)} 到 {_day(certificate.not_after)} 有效，"
                f"签名时间 {_day(at)} 不在这期间。",
            ),
        )
    if believed:
        return ()
    return (
        Finding(
            "signer_unknown",
            f"{who}的证书不在信任名单里。请当面或打电话向本人核对指纹 {certificate.fingerprint_groups}，"
            "核对一致再加入名单。",
        ),
    )


def remarks(certificate: Certificate, at: datetime | None, now: datetime) -> tuple[Finding, ...]:
    """What a reader should know of a signer although the signature may be sound."""
    who = certificate.subject
    found = []
    if certificate.not_after < now:
        found.append(Finding("certificate_expired_since", f"{who}的证书已于 {_day(certificate.not_after)} 到期。"))
    if certificate.sample:
        found.append(Finding("sample_identity", f"{who}是样例身份，签名不作正式使用。"))
    if at is not None and at > now + _FUTURE_SLACK:
        found.append(Finding("time_in_future", f"{who}的签名时间 {_day(at)} 晚于这台电脑的日期，请核对两边的日期。"))
    return tuple(found)


def _day(moment: datetime) -> str:
    return f"{moment.astimezone(CHINA_TIME):%Y-%m-%d}"
