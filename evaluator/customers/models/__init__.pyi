from . import churn

__all__ = ["churn"]
