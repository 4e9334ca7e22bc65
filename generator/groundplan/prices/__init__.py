"""Price books: reading and asking them, validating them, laying user books over them, refreshing them."""
