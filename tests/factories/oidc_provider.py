"""A small sign-in provider over real HTTP with keys of its own, which says whatever a test wants it to say."""

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT = "wardpost"


def _new_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


class Provider:
    """Start it with `with`; `claims` are laid over those of an honest ID token, `None` takes one out."""

    def __init__(self) -> None:
        self.key, self.strange_key = _new_key(), _new_key()
        self.nonce = ""
        self.claims: dict[str, Any] = {}
        self.signed_with: Any = self.key
        self.algorithm = "RS256"
        self.said: dict[str, Any] = {}
        self.issuer_said = ""
        self.forms: list[dict[str, str]] = []
        provider = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:  # http.server's name
                self._tell(provider.told(urlsplit(self.path).path))

            def do_POST(self) -> None:
                length = int(self.headers.get("Content-Length", "0"))
                form = parse_qs(self.rfile.read(length).decode())
                provider.forms.append({name: values[0] for name, values in form.items()})
                self._tell({"access_token": "a", "token_type": "Bearer", "id_token": provider.token()})

            def _tell(self, data: dict[str, Any] | None) -> None:
                self.send_response(404 if data is None else 200)
                self.send_header("Content-Type", "application/json")
                self.end_headers()
                self.wfile.write(json.dumps(data or {}).encode())

            def log_message(self, *_: object) -> None:
                """Tests speak for themselves."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.issuer = f"http://127.0.0.1:{self.server.server_port}"

    def __enter__(self) -> Self:
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.server.shutdown()
        self.server.server_close()

    def told(self, path: str) -> dict[str, Any] | None:
        if path == "/.well-known/openid-configuration":
            return {"issuer": self.issuer_said or self.issuer, "authorization_endpoint": f"{self.issuer}/authorize",
                    "token_endpoint": f"{self.issuer}/token", "jwks_uri": f"{self.issuer}/keys",
                    "end_session_endpoint": f"{self.issuer}/out",
                    "token_endpoint_auth_methods_supported": ["client_secret_post"]} | self.said
        if path == "/keys":
            public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self.key.public_key()))
            return {"keys": [public | {"kid": "1", "use": "sig", "alg": "RS256"}]}
        return None

    def token(self) -> str:
        now = int(time.time())
        claims = {"iss": self.issuer, "aud": CLIENT, "sub": "s-17", "iat": now, "exp": now + 300, "auth_time": now,
                  "nonce": self.nonce,
                  "email": "lan@city.example", "email_verified": True} | self.claims
        said = {name: value for name, value in claims.items() if value is not None}
        return jwt.encode(said, self.signed_with, algorithm=self.algorithm, headers={"kid": "1"})
