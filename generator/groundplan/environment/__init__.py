"""A rendered environment on disk: its lock, which files are whose, and writing it atomically."""
