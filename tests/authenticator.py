"""A security key made of software (WebAuthn, ES256, no attestation): answers what a browser would hand on."""

import hashlib
import json
import secrets
import struct
from dataclasses import dataclass, field
from typing import Any

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url

_PRESENT, _NEW_KEY = 0x01, 0x40


@dataclass
class Authenticator:
    """One key, and the site that its browser is on; it answers for that site whatever it is asked for."""

    origin: str = "https://desk.example"
    count: int = 0
    identity: bytes = field(default_factory=lambda: secrets.token_bytes(16))
    private: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))

    def create(self, options: str) -> str:
        """Make this key known to whoever asks."""
        asked = json.loads(options)
        point = self.private.public_key().public_numbers()
        public = {1: 2, 3: -7, -1: 1, -2: point.x.to_bytes(32, "big"), -3: point.y.to_bytes(32, "big")}
        credential = bytes(16) + struct.pack(">H", len(self.identity)) + self.identity + cbor2.dumps(public)
        attestation = {"fmt": "none", "attStmt": {}, "authData": self._data(asked["rp"]["id"], _NEW_KEY) + credential}
        said = self._client_data("webauthn.create", asked["challenge"])
        return self._answer(clientDataJSON=said, attestationObject=cbor2.dumps(attestation))

    def get(self, options: str) -> str:
        """Prove that it is this key."""
        asked = json.loads(options)
        self.count += 1
        data = self._data(asked["rpId"])
        said = self._client_data("webauthn.get", asked["challenge"])
        signed = self.private.sign(data + hashlib.sha256(said).digest(), ec.ECDSA(hashes.SHA256()))
        return self._answer(clientDataJSON=said, authenticatorData=data, signature=signed)

    def _data(self, host: str, flags: int = 0) -> bytes:
        return hashlib.sha256(host.encode()).digest() + struct.pack(">BI", _PRESENT | flags, self.count)

    def _client_data(self, kind: str, challenge: str) -> bytes:
        return json.dumps({"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": False}).encode()

    def _answer(self, **parts: bytes) -> str:
        name = bytes_to_base64url(self.identity)
        response: dict[str, Any] = {part: bytes_to_base64url(value) for part, value in parts.items()}
        return json.dumps({"id": name, "rawId": name, "type": "public-key", "response": response})


def changed(answer: str, part: str, **values: Any) -> str:
    """The answer with other values in a part that is JSON itself, or with another value in place of the part."""
    content = json.loads(answer)
    if values:
        said = json.loads(base64url_to_bytes(content["response"][part]))
        content["response"][part] = bytes_to_base64url(json.dumps({**said, **values}).encode())
    else:
        content["response"][part] = bytes_to_base64url(b"\0" + base64url_to_bytes(content["response"][part]))
    return json.dumps(content)
