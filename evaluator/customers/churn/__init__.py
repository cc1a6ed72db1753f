"""Churn and win-back: rates and causes, early warning and how well it ranks, whom to win back, complaints."""

from evaluator.customers.churn.complaints import ComplaintOptions, Complaints, complaint_figures
from evaluator.customers.churn.quality import RankQuality, auc, rank_quality
from evaluator.customers.churn.rates import Churn, ChurnOptions, churn
from evaluator.customers.churn.warning import (
    ChurnRisk,
    WarningOptions,
    WarningSign,
    churn_risk,
    order_signs,
)
from evaluator.customers.churn.winback import Winback, WinbackOptions, winback

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
