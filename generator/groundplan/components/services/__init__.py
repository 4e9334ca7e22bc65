"""The cloud's APIs that an environment calls, turned on before anything else."""
