"""Real runs of a rendered environment: the cloud's account, states, locks and the journal."""
