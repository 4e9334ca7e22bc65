"""Who must not be able to do what, as the spec says it."""
