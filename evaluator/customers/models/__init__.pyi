from . import churn, equity, firm, lifetime, loyalty, matrices, retention, satisfaction, value

__all__ = ["churn", "equity", "firm", "lifetime", "loyalty", "matrices", "retention", "satisfaction", "value"]
