"""Stages of the lifecycle, what they cost and bring, and the decision at decline."""
