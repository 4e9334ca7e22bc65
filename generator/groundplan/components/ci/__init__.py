"""Where the pipeline of an environment runs, and for whom: what the pipelines and their identities are made from."""
