"""The certificate by which Apple knows passes to be ours.

`FIEL_APPLE_PASS` names a file with the Pass Type ID certificate and its key: a .p12 as the keychain
exports it (`FIEL_APPLE_PASS_PASSWORD` opens it), or both as PEM. `FIEL_APPLE_WWDR` names Apple's
intermediate certificate, which Apple offers for download. Who we are stands in the certificate.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, load_pem_private_key, pkcs12
from cryptography.hazmat.primitives.serialization.pkcs7 import (
    PKCS7Options,
    PKCS7SignatureBuilder,
)
from cryptography.x509.oid import NameOID

from fiel.domain.language import N_

PASS_VARIABLE = "FIEL_APPLE_PASS"  # noqa: S105 - the variable's name
PASSWORD_VARIABLE = "FIEL_APPLE_PASS_PASSWORD"  # noqa: S105
WWDR_VARIABLE = "FIEL_APPLE_WWDR"

type Key = RSAPrivateKey | EllipticCurvePrivateKey


class AppleTrouble(Exception):
    """What is set up cannot sign passes; the text says why, as a message id."""


@dataclass(frozen=True, slots=True)
class Signer:
    """Signs passes of one type."""

    certificate: x509.Certificate
    key: Key
    intermediate: x509.Certificate

    @property
    def pass_type(self) -> str:
        """The pass type's identifier, such as pass.example.cafe."""
        return _of_subject(self.certificate, NameOID.USER_ID)

    @property
    def team(self) -> str:
        """The identifier of the team that the certificate was made for."""
        return _of_subject(self.certificate, NameOID.ORGANIZATIONAL_UNIT_NAME)

    def sign(self, manifest: bytes) -> bytes:
        """A detached signature of a pass's manifest."""
        return (
            PKCS7SignatureBuilder()
            .set_data(manifest)
            .add_signer(self.certificate, self.key, hashes.SHA256())
            .add_certificate(self.intermediate)
            .sign(Encoding.DER, [PKCS7Options.DetachedSignature, PKCS7Options.Binary])
        )


def apple_signer(environment: Mapping[str, str] = os.environ) -> Signer | None:
    """Who signs passes; None where nothing is set up.

    Raises:
        AppleTrouble: what is set up cannot be read, has ended, or is no pass certificate.
    """
    named, wwdr = environment.get(PASS_VARIABLE, ""), environment.get(WWDR_VARIABLE, "")
    if not named and not wwdr:
        return None
    if not named or not wwdr:
        raise AppleTrouble(N_("Both the pass certificate and Apple’s own certificate are needed."))
    signer = _read(named, wwdr, environment.get(PASSWORD_VARIABLE, ""))
    if signer.certificate.not_valid_after_utc <= datetime.now(UTC):
        raise AppleTrouble(N_("The pass certificate has ended; renew it with Apple."))
    return signer


@lru_cache(maxsize=8)
def _read(named: str, wwdr: str, password: str) -> Signer:
    try:
        certificate, key = _pair(Path(named).read_bytes(), password.encode() or None)
        intermediate = _certificate(Path(wwdr).read_bytes())
    except OSError as failure:
        raise AppleTrouble(N_("A file of Apple Wallet’s certificates cannot be read.")) from failure
    except (ValueError, TypeError, UnsupportedAlgorithm) as failure:
        raise AppleTrouble(N_("The certificate for Apple Wallet cannot be opened.")) from failure
    signer = Signer(certificate, key, intermediate)
    if not signer.pass_type.startswith("pass."):
        raise AppleTrouble(N_("The certificate is none for passes (Pass Type ID)."))
    return signer


def _pair(content: bytes, password: bytes | None) -> tuple[x509.Certificate, Key]:
    if b"-----BEGIN" in content:
        certificate = x509.load_pem_x509_certificate(content)
        key: object = load_pem_private_key(content, password)
    else:
        key, found, _ = pkcs12.load_key_and_certificates(content, password)
        if found is None:
            raise ValueError("no certificate")
        certificate = found
    if not isinstance(key, RSAPrivateKey | EllipticCurvePrivateKey):
        raise ValueError("no key that signs")
    return certificate, key


def _certificate(content: bytes) -> x509.Certificate:
    if b"-----BEGIN" in content:
        return x509.load_pem_x509_certificate(content)
    return x509.load_der_x509_certificate(content)


def _of_subject(certificate: x509.Certificate, oid: x509.ObjectIdentifier) -> str:
    found = certificate.subject.get_attributes_for_oid(oid)
    return str(found[0].value) if found else ""
