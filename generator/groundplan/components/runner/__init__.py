"""Machines inside the network that jobs of the pipeline run on."""
