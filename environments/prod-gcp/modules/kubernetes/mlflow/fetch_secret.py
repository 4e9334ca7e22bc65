"""First step of a server: reads the secret with the server's own identity and leaves what the server needs.

The files stand in memory, are readable by the server's user alone and end with it. Nothing of them is ever printed.
"""

import base64
import configparser
import io
import json
import os
from pathlib import Path
from urllib.parse import quote, urlencode


def main() -> None:
    """Write backend_store_uri, flask_secret_key and basic_auth.ini to $SECRETS_DIR."""
    url = os.environ.get("SECRET_URL")
    secret = json.loads(google_secret(url) if url else aws_secret(os.environ["SECRET_NAME"]))
    folder = Path(os.environ["SECRETS_DIR"])
    uri = database_uri(secret, tls(secret, folder))
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
    from requests.adapters import HTTPAdapter
    from urllib3.util import Retry

    credentials, _ = google.auth.default(scopes=["https://www.googleapis.com/auth/cloud-platform"])
    session = AuthorizedSession(credentials)
    # A role given a moment ago is not known everywhere yet, hence 403: two minutes of patience in all.
    patience = Retry(total=7, backoff_factor=1, status_forcelist=(403, 429, 500, 502, 503, 504), raise_on_status=False)
    session.mount(url, HTTPAdapter(max_retries=patience))
    answer = session.get(url, timeout=30)
    answer.raise_for_status()
    return base64.b64decode(answer.json()["payload"]["data"]).decode()


def tls(secret: dict[str, str | int], folder: Path) -> dict[str, str]:
    """How the connection is protected: never without encryption, and whose certificate is taken.

    A database with an authority of its own (`server_ca` of the secret, as Cloud SQL has) is known by that, because its
    certificate does not hold its address. Others are known by their name, if there are authorities to ask.
    """
    if own := secret.get("server_ca"):
        write(folder / "server_ca.pem", str(own))
        return {"sslmode": "verify-ca", "sslrootcert": str(folder / "server_ca.pem")}
    if authorities := os.environ.get("DATABASE_CA_BUNDLE"):
        return {"sslmode": "verify-full", "sslrootcert": authorities}
    return {"sslmode": "require"}


def database_uri(secret: dict[str, str | int], parameters: dict[str, str]) -> str:
    """The database as SQLAlchemy names it."""
    user, password = (quote(str(secret[key]), safe="") for key in ("username", "password"))
    name = quote(str(secret["dbname"]), safe="")
    return f"postgresql+psycopg2://{user}:{password}@{secret['host']}:{secret['port']}/{name}?{urlencode(parameters)}"


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
