"""What stands in the cloud: locks, states, outputs and what was applied, as text and as JSON."""
