"""Mail goes to the server that is named, encrypted as the address says, to a real SMTP server."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from aiosmtpd.smtp import AuthResult, LoginPassword
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from fiel.domain.refusal import Refusal
from fiel.platform.schema import set_django_up
from fiel.platform.settings.mail import mail_is_set_up, mailers, sender
from tests.support.letterbox import Letterbox, mail_server


@pytest.fixture
def certificate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ssl.SSLContext:
    """A certificate for localhost that this test's process trusts."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = tmp_path / "localhost.pem"
    file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + made.public_bytes(serialization.Encoding.PEM)
    )
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(file)
    return context


def _knows_ana(server, session, envelope, mechanism, data) -> AuthResult:
    assert isinstance(data, LoginPassword)
    return AuthResult(success=(data.login, data.password) == (b"ana@example.com", b"sol y sombra"))


@pytest.fixture
def box(request: pytest.FixtureRequest) -> Iterator[Letterbox]:
    """The letterbox of a mail server of the kind that the test's parameter says."""
    if request.param == "smtp":
        told = {}
    else:
        context = request.getfixturevalue("certificate")
        told = {"auth_required": True, "authenticator": _knows_ana}
        if request.param == "starttls":
            told |= {"tls_context": context, "require_starttls": True}
        else:
            told |= {"ssl_context": context, "auth_require_tls": False}
    with mail_server(**told) as received:
        yield received


def send(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    set_django_up()
    from django.core.mail.backends.smtp import EmailBackend
    from django.core.mail.message import EmailMessage

    monkeypatch.setenv("FIEL_SMTP_URL", url)
    (configured,) = mailers().values()
    letter = EmailMessage("Hola", "Un café te espera.", sender(), ["berta@example.com"])
    sent = EmailBackend(alias="default", **configured["OPTIONS"]).send_messages([letter])
    assert sent == 1


@pytest.mark.parametrize("box", ["smtp"], indirect=True)
def test_mail_is_sent_in_the_clear_where_the_address_says_so(box, monkeypatch) -> None:
    monkeypatch.setenv("FIEL_MAIL_FROM", "Café Sol <hola@cafe-sol.example>")

    send(monkeypatch, f"smtp://localhost:{box.port}")

    (letter,) = box.letters
    assert letter["Subject"] == "Hola"
    assert letter["From"] is not None
    assert "hola@cafe-sol.example" in letter["From"]
    assert box.encrypted == [False]


@pytest.mark.parametrize("box", ["starttls", "smtps"], indirect=True)
def test_mail_is_sent_encrypted_by_who_signs_in(box, monkeypatch, request) -> None:
    scheme = request.node.callspec.params["box"]

    send(monkeypatch, f"{scheme}://ana%40example.com:sol%20y%20sombra@localhost:{box.port}")

    assert box.encrypted == [True]
    assert box.letters[0]["From"] == "Fiel <ana@example.com>"


@pytest.mark.parametrize(
    "url",
    [
        "ana:cortado@mail.example",
        "http://ana:cortado@mail.example",
        "smtp://ana:cortado@",
        "smtp://ana:cortado@mail.example:x",
    ],
)
def test_an_address_that_cannot_be_read_is_refused_without_repeating_it(
    monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    monkeypatch.setenv("FIEL_SMTP_URL", url)

    with pytest.raises(Refusal) as refused:
        mailers()

    assert "cortado" not in str(refused.value)


def test_mail_needs_a_server_and_the_address_that_links_lead_to(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("FIEL_URL", raising=False)
    assert not mail_is_set_up()

    monkeypatch.setenv("FIEL_SMTP_URL", "smtps://mail.example")
    assert not mail_is_set_up()

    monkeypatch.setenv("FIEL_URL", "https://fiel.example")
    assert mail_is_set_up()
    assert sender() == "Fiel <fiel@fiel.example>"


def test_the_usual_ports_need_not_be_named(monkeypatch: pytest.MonkeyPatch) -> None:
    ports = []
    for scheme in ("smtp", "starttls", "smtps"):
        monkeypatch.setenv("FIEL_SMTP_URL", f"{scheme}://mail.example")
        ports.append(mailers()["default"]["OPTIONS"]["port"])

    assert ports == [25, 587, 465]
