from . import churn, equity, firm, lifetime, loyalty, retention, satisfaction

__all__ = ["churn", "equity", "firm", "lifetime", "loyalty", "retention", "satisfaction"]
