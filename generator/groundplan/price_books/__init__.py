"""Price books as a thing of their own: asking them, holding them to account, laying a user's prices over them."""
