"""Encryption keys: one per purpose, so that who may read logs may not read data."""
