"""Use cases that work on real states and accounts."""
