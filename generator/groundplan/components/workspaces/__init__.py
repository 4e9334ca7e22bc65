"""Workspaces: a namespace for training and one for serving, with a service account for each pool."""
