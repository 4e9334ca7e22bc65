"""Pipelines that plan and apply environments: one model of the jobs, and a writer for each system."""
