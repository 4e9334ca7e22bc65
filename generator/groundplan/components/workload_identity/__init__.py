"""Identities of workloads: what each pool may read and write, from the relations in the spec, and nothing else."""
