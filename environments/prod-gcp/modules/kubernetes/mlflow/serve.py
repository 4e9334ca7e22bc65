"""Starts the server with its secrets in the environment: a command line can be read by others, this cannot.

The arguments are those of `mlflow server`, which takes the place of this process.
"""

import base64
import hmac
import os
import sys
from pathlib import Path


def main() -> None:
    """Become `mlflow server` with the arguments of this script."""
    folder = Path(os.environ["SECRETS_DIR"])
    key = (folder / "flask_secret_key").read_text(encoding="utf-8")
    os.environ.update(
        MLFLOW_BACKEND_STORE_URI=(folder / "backend_store_uri").read_text(encoding="utf-8"),
        MLFLOW_AUTH_CONFIG_PATH=str(folder / "basic_auth.ini"),
        MLFLOW_FLASK_SERVER_SECRET_KEY=key,
        # Without one key for all, each process would make its own and not read the webhooks of the others.
        MLFLOW_WEBHOOK_SECRET_ENCRYPTION_KEY=derived(key, "webhooks"),
    )
    os.execvp("mlflow", ["mlflow", "server", *sys.argv[1:]])


def derived(key: str, purpose: str) -> str:
    """A Fernet key (32 bytes in URL-safe base64) that only who knows `key` can make."""
    return base64.urlsafe_b64encode(hmac.digest(key.encode(), purpose.encode(), "sha256")).decode()


if __name__ == "__main__":
    main()
