"""Lifetime value by models of chance: repeat buying and spend, events to come, profits continued."""
