"""Lifetime value of groups and of the mean customer: retention, curves, migration, accounts, optimum."""
