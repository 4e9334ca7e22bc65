"""What a cloud says about itself for the parity report."""
