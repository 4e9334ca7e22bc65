"""Workspaces: a namespace for each pool, with the service account that has its identity."""
