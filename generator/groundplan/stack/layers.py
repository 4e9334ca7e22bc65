"""The roots of an environment by name."""

from __future__ import annotations

STATE = "00-state"
HOST = "05-host-project"
"""What somebody else applies: the administrator of a network that the environment shares."""
IDENTITY = "05-identity"
"""What a person applies, so that the pipeline cannot widen what it may do."""
FOUNDATION = "10-foundation"
RUNNER = "15-runner"
"""What a person applies, too: machines that jobs of the pipeline run on, which no job is to change."""
PLATFORM = "20-platform"
LAYERS = (STATE, FOUNDATION, PLATFORM)
"""The roots of every environment, in the order in which they are applied; others come between by their numbers."""
