from . import churn, lifetime, retention

__all__ = ["churn", "lifetime", "retention"]
