# For jobs of GitLab CI and Jenkins, which name it by digest in `ci.image`: docs/pipelines.md#action-and-image.
# Build it at the top of the repository: docker build -t registry.example.com/ci/groundplan .

# The digest is that of two public references to this tag; `docker buildx imagetools inspect` shows today's.
FROM docker.io/library/python:3.12.14-slim-bookworm@sha256:0f5b26b9518d002b6173fd61daad821fa340635ebfec5bba471013f9ca114579 AS base

FROM base AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 \
    PIP_NO_CACHE_DIR=1
WORKDIR /src
COPY requirements/build.txt requirements/demo.txt requirements/
SHELL ["/bin/bash", "-euo", "pipefail", "-c"]
# As `make` installs it: every package by its hash, the build backends apart.
RUN python -m venv /opt/groundplan \
    && /opt/groundplan/bin/pip install --quiet --require-hashes --no-deps --target /backend -r requirements/build.txt \
    && sed -n '/^python-terraform==/,/[^\\]$/p' requirements/demo.txt > source.txt \
    && PYTHONPATH=/backend /opt/groundplan/bin/pip install --quiet --no-build-isolation --no-deps --require-hashes -r source.txt \
    && /opt/groundplan/bin/pip install --quiet --require-hashes --no-deps -r requirements/demo.txt
COPY pyproject.toml README.md LICENSE CHANGELOG.md ./
COPY generator generator
COPY modules modules
COPY blueprints blueprints
RUN PYTHONPATH=/backend /opt/groundplan/bin/pip wheel --quiet --no-build-isolation --no-deps --wheel-dir /wheels . \
    && /opt/groundplan/bin/pip install --quiet --no-index --no-deps /wheels/*.whl \
    && /opt/groundplan/bin/pip check

FROM base
# git: changes are compared with revisions; awscli: how 20-platform reaches a cluster on AWS. Terraform is in groundplan.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install --yes --no-install-recommends awscli ca-certificates git \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --create-home --home-dir /srv/groundplan --uid 10001 groundplan
COPY --from=build /opt/groundplan /opt/groundplan
ENV PATH=/opt/groundplan/bin:$PATH \
    LANG=C.UTF-8
USER 10001
WORKDIR /srv/groundplan
# Jobs bring their own command and end with it.
HEALTHCHECK NONE
CMD ["groundplan", "--help"]
