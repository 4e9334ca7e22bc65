"""The keys of an environment have no block in the spec; a budget may name them."""

BILLED = True
