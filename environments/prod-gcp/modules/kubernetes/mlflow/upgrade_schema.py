"""Second step of a pod: brings the database to the schema of this MLflow, one pod at a time.

Pods that start together wait for a lock of the database; all but the first then find nothing to do. The lock ends with
its connection, so a pod that dies leaves none. The address stays out of the command line.
"""

import os
from pathlib import Path

import sqlalchemy
from mlflow.cli import cli
from mlflow.server.auth.db.cli import commands as auth

LOCK = 0x6D6C666C6F77  # "mlflow"


def main() -> None:
    """Run the upgrades of the tracking store and of the auth app under a lock."""
    uri = Path(os.environ["SECRETS_DIR"], "backend_store_uri").read_text(encoding="utf-8")
    # The driver's own commits keep the waiting connection out of any transaction.
    engine = sqlalchemy.create_engine(uri, isolation_level="AUTOCOMMIT", poolclass=sqlalchemy.NullPool)
    with engine.connect() as connection:
        connection.execute(sqlalchemy.text("SELECT pg_advisory_lock(:key)"), {"key": LOCK})
        # Tracking first: it takes a database that holds any table for one of its own.
        cli.main(["db", "upgrade", uri], standalone_mode=False)
        auth.main(["upgrade", "--url", uri], standalone_mode=False)


if __name__ == "__main__":
    main()
