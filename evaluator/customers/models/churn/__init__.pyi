from .complaints import ComplaintOptions, Complaints, complaint_figures
from .quality import RankQuality, auc, rank_quality
from .rates import Churn, ChurnOptions, churn
from .warning import (
    ChurnRisk,
    WarningOptions,
    WarningSign,
    churn_risk,
    order_signs,
)
from .winning_back import Winback, WinbackOptions, winback

__all__ = [
    "Churn",
    "ChurnOptions",
    "ChurnRisk",
    "ComplaintOptions",
    "Complaints",
    "RankQuality",
    "WarningOptions",
    "WarningSign",
    "Winback",
    "WinbackOptions",
    "auc",
    "churn",
    "churn_risk",
    "complaint_figures",
    "order_signs",
    "rank_quality",
    "winback",
]
