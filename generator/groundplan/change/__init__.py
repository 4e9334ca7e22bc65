"""From one environment to the next: what is lost, replaced, interrupted, opened and paid."""
