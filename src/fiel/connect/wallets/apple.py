"""A pass for Apple Wallet: a signed archive, and where its phone asks for a newer one."""

from __future__ import annotations

import hashlib
import hmac
import zipfile
from io import BytesIO

import orjson

from fiel.connect.wallets.apple_signing import Signer
from fiel.connect.wallets.content import PassContent
from fiel.programs.logos import logo_within, square_icon

CONTENT_TYPE = "application/vnd.apple.pkpass"
_ICONS = {"icon.png": 29, "icon@2x.png": 58, "icon@3x.png": 87}
_LOGOS = {"logo.png": (160, 50), "logo@2x.png": (320, 100), "logo@3x.png": (480, 150)}
_LONG_AGO = (1980, 1, 1, 0, 0, 0)


def access_token(secret: bytes, program_id: object, member_id: object) -> str:
    """What a pass shows when it asks for a newer one: nobody can make it up."""
    message = f"apple pass|{program_id}|{member_id}".encode()
    return hmac.digest(secret, message, "sha256").hex()


def pass_file(
    content: PassContent, logo: bytes | None, signer: Signer, *, service: str, token: str
) -> bytes:
    """The .pkpass of a member. `service` is the address that the phone asks for a newer one."""
    files = {"pass.json": orjson.dumps(pass_json(content, signer, service=service, token=token))}
    for name, size in _ICONS.items():
        files[name] = square_icon(content.program_name, content.color, content.on_color, logo, size)
    if logo is not None:
        for name, (width, height) in _LOGOS.items():
            files[name] = logo_within(logo, width, height)
    digests = {
        name: hashlib.sha1(file, usedforsecurity=False).hexdigest() for name, file in files.items()
    }
    manifest = orjson.dumps(digests)
    files |= {"manifest.json": manifest, "signature": signer.sign(manifest)}
    written = BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, file in files.items():
            archive.writestr(zipfile.ZipInfo(name, _LONG_AGO), file)
    return written.getvalue()


def pass_json(
    content: PassContent, signer: Signer, *, service: str, token: str
) -> dict[str, object]:
    """What the pass says, as Apple wants it told."""
    second = [_field("tier", content.tier_label, content.tier)] if content.tier else []
    if content.next_text:
        second.append(_field("next", content.next_label, content.next_text))
    code = {
        "format": "PKBarcodeFormatQR",
        "message": content.barcode,
        "messageEncoding": "utf-8",
        "altText": content.member_name,
    }
    told: dict[str, object] = {
        "formatVersion": 1,
        "passTypeIdentifier": signer.pass_type,
        "teamIdentifier": signer.team,
        "serialNumber": content.member_id,
        "organizationName": content.program_name,
        "description": content.program_name,
        "logoText": content.program_name,
        "foregroundColor": _rgb(content.on_color),
        "labelColor": _rgb(content.on_color),
        "backgroundColor": _rgb(content.color),
        "sharingProhibited": True,
        "barcodes": [code],
        "storeCard": {
            "headerFields": [],
            "primaryFields": [
                # What changes is said on the lock screen: %@ is the new value.
                _field("balance", content.balance_label, content.balance)
                | {"changeMessage": f"{content.program_name}: %@ {content.balance_label}"}
            ],
            "secondaryFields": second,
            "backFields": [_field("page", content.program_name, content.url)],
        },
    }
    if service:
        told |= {"webServiceURL": service, "authenticationToken": token}
    return told


def _field(key: str, label: str, value: str) -> dict[str, object]:
    return {"key": key, "label": label, "value": value}


def _rgb(color: str) -> str:
    return f"rgb({', '.join(str(int(color[at : at + 2], 16)) for at in (1, 3, 5))})"
