"""A small OpenID Connect provider on this machine: discovery, authorisation, token, who it is, keys."""

import base64
import hashlib
import json
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT, SECRET = "transferhub", "geheim"
_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
_CODE, _TOKEN = "ein-code", "ein-token"


class Provider(ThreadingHTTPServer):
    """Signs in whoever comes as the person in `claims`; answers only with 500 while `broken`."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Handler)
        self.url = f"http://127.0.0.1:{self.server_port}"
        self.claims = {"sub": "4711", "email": "anna@example.org", "email_verified": True}
        self.broken = self.denies = False
        self.challenge = ""


class _Handler(BaseHTTPRequestHandler):
    server: Provider

    def log_message(self, *args) -> None:
        pass

    def do_GET(self) -> None:
        where = urlsplit(self.path)
        if self.server.broken:
            self.answer({}, 500)
        elif where.path == "/.well-known/openid-configuration":
            url = self.server.url
            endpoints = {"authorization": "authorize", "token": "token", "userinfo": "userinfo"}
            found = {f"{name}_endpoint": f"{url}/{path}" for name, path in endpoints.items()}
            self.answer({"issuer": url, "jwks_uri": f"{url}/keys", **found})
        elif where.path == "/authorize":
            self.authorize({name: values[0] for name, values in parse_qs(where.query).items()})
        elif where.path == "/userinfo" and self.headers["Authorization"] == f"Bearer {_TOKEN}":
            self.answer(self.server.claims)
        elif where.path == "/keys":
            key = jwt.algorithms.RSAAlgorithm.to_jwk(_KEY.public_key(), as_dict=True)
            self.answer({"keys": [{**key, "kid": "1", "alg": "RS256"}]})
        else:
            self.answer({}, 401)

    def authorize(self, asked: dict[str, str]) -> None:
        known = (asked["client_id"], asked["response_type"], asked["code_challenge_method"]) == (CLIENT, "code", "S256")
        if not known or "openid" not in asked["scope"].split():
            return self.answer({}, 400)
        self.server.challenge = asked["code_challenge"]
        result = {"error": "access_denied"} if self.server.denies else {"code": _CODE}
        self.send_response(302)
        self.send_header("Location", f"{asked['redirect_uri']}?{urlencode({**result, 'state': asked['state']})}")
        return self.end_headers()

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        sent = {name: values[0] for name, values in parse_qs(body).items()}
        digest = hashlib.sha256(sent.get("code_verifier", "").encode()).digest()
        proven = base64.urlsafe_b64encode(digest).rstrip(b"=").decode() == self.server.challenge
        if not proven or (sent["code"], sent["client_id"], sent["client_secret"]) != (_CODE, CLIENT, SECRET):
            return self.answer({"error": "invalid_grant"}, 400)
        now = int(time.time())
        claims = {**self.server.claims, "iss": self.server.url, "aud": CLIENT, "iat": now, "exp": now + 60}
        token = jwt.encode(claims, _KEY, algorithm="RS256", headers={"kid": "1"})
        return self.answer({"access_token": _TOKEN, "token_type": "Bearer", "id_token": token})

    def answer(self, data: dict, status: int = 200) -> None:
        body = json.dumps(data).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@contextmanager
def running_provider():
    """Serve a provider while the block runs."""
    provider = Provider()
    thread = threading.Thread(target=provider.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield provider
    finally:
        provider.shutdown()
        thread.join()
        provider.server_close()
