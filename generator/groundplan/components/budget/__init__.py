"""What the environment may cost, and the cloud's own budget that watches over it."""
