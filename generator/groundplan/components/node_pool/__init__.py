"""Pools of nodes: one module call each."""
