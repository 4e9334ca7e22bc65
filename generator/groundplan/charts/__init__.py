"""Helm charts: which releases a plan makes, their archives, and what they render."""
