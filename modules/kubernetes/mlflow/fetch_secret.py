"""First step of a server: reads the secret with the server's own identity and leaves what the server needs.

The files stand in memory, are readable by the server's user alone and end with it. Nothing of them is ever printed.
"""

import base64
import configparser
import io
import json
import os
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode


def main() -> None:
    """Write backend_store_uri, flask_secret_key and basic_auth.ini to $SECRETS_DIR."""
    url = os.environ.get("SECRET_URL")
    secret = json.loads(google_secret(url) if url else aws_secret(os.environ["SECRET_NAME"]))
    folder = Path(os.environ["SECRETS_DIR"])
    uri = database_uri(secret, tls(secret, authorities(secret, folder)))
    write(folder / "backend_store_uri", uri)
    write(folder / "flask_secret_key", secret["flask_secret_key"])
    write(folder / "basic_auth.ini", auth_config(uri, secret["admin_password"]))


def aws_secret(name: str) -> str:
    """A secret of AWS Secrets Manager, in the region of $AWS_REGION."""
    import boto3

    text: str = boto3.client("secretsmanager").get_secret_value(SecretId=name)["SecretString"]
    return text


def google_secret(url: str) -> str:
    """A secret of Google Secret Manager, by the address that reads one of its versions."""
    import google.auth
    from google.auth.transport.requests import AuthorizedSession

    credentials, _ = google.auth.default(scopes=["https://www.googleapis.com/auth/cloud-platform"])
    # A role given a moment ago is not known everywhere yet, hence 403.
    answer = patient(AuthorizedSession(credentials), url, 403)
    return base64.b64decode(answer.json()["payload"]["data"]).decode()


def patient(session: Any, url: str, *further: int) -> Any:
    """The answer to a request, made again for two minutes while its code says busy or is one of `further`."""
    from requests.adapters import HTTPAdapter
    from urllib3.util import Retry

    passing = (429, 500, 502, 503, 504, *further)
    again = Retry(total=7, backoff_factor=1, status_forcelist=passing, raise_on_status=False)
    session.mount(url, HTTPAdapter(max_retries=again))
    answer = session.get(url, timeout=30)
    answer.raise_for_status()
    return answer


def authorities(secret: dict[str, str | int], folder: Path) -> Path:
    """The certificates that the database's own must be signed by: those of the configuration, those that its cloud
    publishes, or the one in the secret. Without any nobody could tell the database from another server."""
    if given := os.environ.get("DATABASE_CA_BUNDLE"):
        return Path(given)
    bundle = folder / "server_ca.pem"
    if url := os.environ.get("DATABASE_CA_URL"):
        write(bundle, published(url))
    elif own := secret.get("server_ca"):
        write(bundle, str(own))
    else:
        raise SystemExit("no certificate authority to know the database by: neither configured nor in the secret")
    return bundle


def published(url: str) -> str:
    """Certificates from an address, which its own certificate of a public authority vouches for."""
    import requests

    try:
        text: str = patient(requests.Session(), url).text
    except requests.RequestException as error:
        raise SystemExit(f"{url}: {error}. Without a way there, configure the certificates (ca_bundle_pem).") from error
    if not text.lstrip().startswith("-----BEGIN CERTIFICATE-----"):
        raise SystemExit(f"{url} holds no certificates in PEM")
    return text


def tls(secret: dict[str, str | int], bundle: Path) -> dict[str, str]:
    """How the connection is protected: by whom the certificate is signed and, unless $DATABASE_SSLMODE says verify-ca,
    which name it holds. Where the certificate's name is not the address, $DATABASE_SERVER_NAME is looked for in it."""
    if name := os.environ.get("DATABASE_SERVER_NAME"):
        address = {"host": name, "hostaddr": str(secret["host"])}
        return {**address, "sslmode": "verify-full", "sslrootcert": str(bundle)}
    mode = os.environ.get("DATABASE_SSLMODE") or ("verify-ca" if "server_ca" in secret else "verify-full")
    return {"sslmode": mode, "sslrootcert": str(bundle)}


def database_uri(secret: dict[str, str | int], parameters: dict[str, str]) -> str:
    """The database as SQLAlchemy names it."""
    user, password = (quote(str(secret[key]), safe="") for key in ("username", "password"))
    name = quote(str(secret["dbname"]), safe="")
    host = parameters.get("host", secret["host"])
    further = {key: value for key, value in parameters.items() if key != "host"}
    return f"postgresql+psycopg2://{user}:{password}@{host}:{secret['port']}/{name}?{urlencode(further)}"


def auth_config(uri: str, admin_password: str) -> str:
    """The file of the basic-auth app. Its tables stand in the same database, under names of their own."""
    config = configparser.ConfigParser()
    settings = {
        "default_permission": os.environ["DEFAULT_PERMISSION"],
        "database_uri": uri,
        "admin_username": "admin",
        "admin_password": admin_password,
        "authorization_function": "mlflow.server.auth:authenticate_request_basic_auth",
        # Otherwise every request costs a slow hash. A changed password is refused everywhere after half a minute.
        "auth_cache_ttl_seconds": "30",
    }
    # The reader takes % for a reference.
    config["mlflow"] = {key: value.replace("%", "%%") for key, value in settings.items()}
    text = io.StringIO()
    config.write(text)
    return text.getvalue()


def write(path: Path, text: str) -> None:
    """Replace the file; it is never open to others, not even for a moment."""
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o400), "w", encoding="utf-8") as file:
        file.write(text)


if __name__ == "__main__":
    main()
