"""Apple's push service as its rules say: HTTP/2 and nothing else, with a client's certificate."""

from __future__ import annotations

import asyncio
import json
import ssl
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from ipaddress import ip_address

import h2.config
import h2.connection
import h2.events
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from tests.connect.wallets.makers import certificate, named


@dataclass
class Pushes:
    """What was pushed, and what each token is answered: a status and why; else it is taken."""

    address: str = ""
    answers: dict[str, tuple[int, dict[str, object]]] = field(default_factory=dict)
    heard: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)
    shown: list[str] = field(default_factory=list)  # the pass type of each who connected
    speakers: list[Speaker] = field(default_factory=list)

    def hang_up(self):
        """Close every connection, as Apple does now and then."""
        for speaker in self.speakers:
            speaker.loop.call_soon_threadsafe(speaker.transport.close)

    def take(self):
        """The tokens that were pushed to since the last time."""
        tokens = sorted(token for token, _, _ in self.heard)
        self.heard.clear()
        return tokens


class Speaker(asyncio.Protocol):
    """Speaks HTTP/2 with one who connected."""

    def __init__(self, pushes):
        self.pushes, self.told = pushes, {}
        self.h2 = h2.connection.H2Connection(
            h2.config.H2Configuration(client_side=False, header_encoding="utf-8")
        )

    def connection_made(self, transport):
        self.transport, self.loop = transport, asyncio.get_running_loop()
        self.pushes.speakers.append(self)
        subject = dict(part[0] for part in transport.get_extra_info("peercert")["subject"])
        self.pushes.shown.append(subject["userId"])
        self.h2.initiate_connection()
        transport.write(self.h2.data_to_send())

    def data_received(self, data):
        for event in self.h2.receive_data(data):
            if isinstance(event, h2.events.RequestReceived):
                self.told[event.stream_id] = (dict(event.headers), b"")
            elif isinstance(event, h2.events.DataReceived):
                headers, body = self.told[event.stream_id]
                self.told[event.stream_id] = (headers, body + event.data)
            elif isinstance(event, h2.events.StreamEnded):
                self.answer(event.stream_id)
        self.transport.write(self.h2.data_to_send())

    def answer(self, stream):
        headers, body = self.told.pop(stream)
        token = headers[":path"].removeprefix("/3/device/")
        self.pushes.heard.append((token, headers, body))
        status, why = self.pushes.answers.get(token, (200, {}))
        self.h2.send_headers(stream, [(":status", str(status))])
        self.h2.send_data(stream, json.dumps(why).encode() if why else b"", end_stream=True)


@contextmanager
def push_server(folder, wwdr):
    """Apple's service on this machine, for whoever shows a certificate that `wwdr` signed.

    `folder` gets `trusted.pem`, by which clients know the service.
    """
    pushes = Pushes()
    context = _context(folder, wwdr)
    loop = asyncio.new_event_loop()
    server = loop.run_until_complete(
        loop.create_server(lambda: Speaker(pushes), "127.0.0.1", 0, ssl=context)
    )
    pushes.address = f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    try:
        yield pushes
    finally:
        loop.call_soon_threadsafe(server.close)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(timeout=10)
        loop.close()


def _context(folder, wwdr):
    root_key, key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    root = certificate(
        named(cn="root"), named(cn="root"), root_key.public_key(), root_key, signs=True
    )
    names = [x509.IPAddress(ip_address("127.0.0.1"))]
    own = certificate(named(cn="push"), named(cn="root"), key.public_key(), root_key, names=names)
    (folder / "trusted.pem").write_bytes(root.public_bytes(Encoding.PEM))
    (folder / "push.pem").write_bytes(
        own.public_bytes(Encoding.PEM)
        + key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "push.pem")
    context.verify_mode = ssl.CERT_REQUIRED
    context.load_verify_locations(cadata=wwdr.read_bytes())
    context.set_alpn_protocols(["h2"])
    return context
