"""Certificates and accounts as Apple and Google give them, made by ourselves."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    pkcs12,
)
from cryptography.x509.oid import NameOID

from fiel.connect.wallets.content import PassContent

PASS_TYPE, TEAM = "pass.example.cafe-sol", "TEAM123456"
CONTENT = PassContent(
    slug="cafe-sol", program_name="Café Sol", color="#0f766e", on_color="#ffffff",
    member_id="0197a3b2-0000-7000-8000-000000000001", member_name="Ana Ruiz",
    barcode="fiel:0197a3b2-0000-7000-8000-000000000001", balance_label="puntos", balance="75",
    tier_label="Nivel", tier="plata", next_label="café gratis", next_text="faltan 3 sellos",
    url="https://fiel.example/m/cafe-sol/", language="es",
)  # fmt: skip


def named(**parts):
    oids = {
        "cn": NameOID.COMMON_NAME,
        "uid": NameOID.USER_ID,
        "ou": NameOID.ORGANIZATIONAL_UNIT_NAME,
    }
    return x509.Name([x509.NameAttribute(oids[key], value) for key, value in parts.items()])


def certificate(subject, issuer, public_key, signing_key, *, days=30, names=(), signs=False):
    now = datetime.now(UTC)
    usage = x509.KeyUsage(
        digital_signature=not signs, key_cert_sign=signs, crl_sign=False, key_encipherment=False,
        content_commitment=False, data_encipherment=False, key_agreement=False,
        encipher_only=False, decipher_only=False,
    )  # fmt: skip
    issued_by = x509.AuthorityKeyIdentifier.from_issuer_public_key(signing_key.public_key())
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public_key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=60))
        .not_valid_after(now + timedelta(days=days))
        .add_extension(x509.BasicConstraints(ca=signs, path_length=None), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public_key), critical=False)
        .add_extension(issued_by, critical=False)
    )
    if names:
        made = made.add_extension(x509.SubjectAlternativeName(names), critical=False)
    return made.sign(signing_key, hashes.SHA256())


def apple_files(folder, *, pass_type=PASS_TYPE, days=30, password=b"secret"):
    """What is set for Apple Wallet: files as Apple gives them."""
    root_key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    root = certificate(
        named(cn="WWDR"), named(cn="WWDR"), root_key.public_key(), root_key, signs=True
    )
    ours = certificate(
        named(uid=pass_type, cn=f"Pass Type ID: {pass_type}", ou=TEAM), named(cn="WWDR"),
        key.public_key(), root_key, days=days,
    )  # fmt: skip
    (folder / "wwdr.cer").write_bytes(root.public_bytes(Encoding.DER))
    (folder / "pass.p12").write_bytes(
        pkcs12.serialize_key_and_certificates(
            b"pass", key, ours, None, BestAvailableEncryption(password)
        )
    )
    return {
        "FIEL_APPLE_PASS": str(folder / "pass.p12"),
        "FIEL_APPLE_PASS_PASSWORD": password.decode(),
        "FIEL_APPLE_WWDR": str(folder / "wwdr.cer"),
    }


def google_files(folder, *, server="https://oauth2.example"):
    """What is set for Google Wallet: a service account's file, and its public key to check with."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    told = {
        "type": "service_account",
        "client_email": "wallet@cafe-sol.example",
        "private_key_id": "1",
        "private_key": key.private_bytes(
            Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
        ).decode(),
        "token_uri": f"{server}/token",
    }
    (folder / "google.json").write_text(json.dumps(told))
    environment = {
        "FIEL_GOOGLE_ISSUER": "3388000000012345678",
        "FIEL_GOOGLE_WALLET": str(folder / "google.json"),
        "FIEL_GOOGLE_WALLET_API": f"{server}/walletobjects/v1",
    }
    now = key
    return environment, certificate(named(cn="x"), named(cn="x"), now.public_key(), key)
