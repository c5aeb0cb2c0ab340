"""Another issuer on this machine, as a cluster is one: it says who its workloads are, and publishes the keys to check that.

Its TLS certificate comes from the server's own authority, which `vestibule dev` trusts for what it fetches.
"""

import contextlib
import datetime
import http.server
import json
import ssl
import threading
import uuid
from pathlib import Path

import jwt
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID


class WorkloadIssuer:
    def __init__(self, origin):
        self.origin = origin
        self.asked = []
        self._key = rsa.generate_private_key(public_exponent=65537, key_size=2048)

    def token(self, subject, audience):
        now = int(datetime.datetime.now(datetime.timezone.utc).timestamp())
        claims = {"iss": self.origin, "sub": subject, "aud": audience, "jti": str(uuid.uuid4())}
        claims |= {"iat": now, "nbf": now, "exp": now + 3600}
        return jwt.encode(claims, self._key, algorithm="RS256", headers={"kid": "cluster-1"})

    def documents(self):
        public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self._key.public_key()))
        return {
            "/.well-known/openid-configuration": {"issuer": self.origin, "jwks_uri": f"{self.origin}/keys"},
            "/keys": {"keys": [{**public, "kid": "cluster-1", "use": "sig", "alg": "RS256"}]},
        }


@contextlib.contextmanager
def running(dev, folder):
    """An issuer that answers until the block is left."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), None)
    issuer = WorkloadIssuer(f"https://localhost:{server.server_port}")
    documents = issuer.documents()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            issuer.asked.append(self.path)
            body = json.dumps(documents.get(self.path, {})).encode()
            self.send_response(200 if self.path in documents else 404)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    server.RequestHandlerClass = Handler
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate(dev, Path(folder)))
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield issuer
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def certificate(dev, folder):
    """A certificate for `localhost`, with its key, in one file."""
    authority = x509.load_pem_x509_certificate(Path(dev.ca).read_bytes())
    authority_key = serialization.load_pem_private_key(Path(dev.ca).with_name("ca-key.pem").read_bytes(), None)
    key = ec.generate_private_key(ec.SECP256R1())
    now = datetime.datetime.now(datetime.timezone.utc)
    made = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")]))
        .issuer_name(authority.subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(hours=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(authority_key, hashes.SHA256())
    )
    form = (serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    file = folder / "issuer.pem"
    file.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, *form) + made.public_bytes(serialization.Encoding.PEM)
    )
    return file
