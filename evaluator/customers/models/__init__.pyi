from . import (
    abc,
    agreement,
    churn,
    equity,
    firm,
    lifetime,
    loyalty,
    matrices,
    retention,
    rfm,
    satisfaction,
    value,
)

__all__ = [
    "abc",
    "agreement",
    "churn",
    "equity",
    "firm",
    "lifetime",
    "loyalty",
    "matrices",
    "retention",
    "rfm",
    "satisfaction",
    "value",
]
