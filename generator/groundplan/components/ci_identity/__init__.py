"""Identities that only the pipeline can take: whose tokens the cloud accepts, and what for."""
