"""Customer models, usable from a notebook without a tree: what a customer is worth, and of which kind."""

from evaluator.customers import churn, clv, equity, firm, loyalty, satisfaction
from evaluator.customers import models as models  # declares the models of this room
from evaluator.customers.agreement import Agreement, agreement, kendall, spearman
from evaluator.customers.contribution import ThreeWayOptions, contribution, cost_to_serve, three_way_value
from evaluator.customers.delivered import (
    DeliveredValue,
    DeliveredValues,
    delivered_value,
    delivered_values,
    relative_value,
)
from evaluator.customers.disagreements import disagreements
from evaluator.customers.findings import (
    FINDINGS,
    MODEL_MEASURES,
    CustomerColumn,
    Findings,
    Sources,
    customer_findings,
    finder,
    measure_of,
    model_measures,
)
from evaluator.customers.history import Split, calibration_holdout, purchase_history
from evaluator.customers.knowledge import KnowledgeValue, knowledge_value, knowledge_values
from evaluator.customers.levers import LeverOptions, levers
from evaluator.customers.lifecycle import Lifecycle, LifecycleOptions, lifecycle, lifecycle_signals
from evaluator.customers.matrices import (
    CustomerMatrix,
    MatrixOptions,
    Placed,
    load_matrix,
    matrix_names,
    place,
)
from evaluator.customers.measures import MEASURES, order_measures
from evaluator.customers.network import (
    NetworkValue,
    network_value,
    network_values,
    referral_value,
    value_sources,
    word_of_mouth_value,
)
from evaluator.customers.options import (
    AgreementOptions,
    BaselineOptions,
    CustomerOptions,
    DeclineOptions,
    DeliveredOptions,
    KnowledgeOptions,
    MatrixChoice,
    NetworkOptions,
    ReferralOptions,
    SizeProfitChoice,
    ThreeWayChoice,
)
from evaluator.customers.orders import ORDERS, Span
from evaluator.customers.pareto import Abc, AbcOptions, Concentration, abc, concentration
from evaluator.customers.quadrants import (
    FirmQuadrant,
    QuadrantOptions,
    SizeProfit,
    SizeProfitOptions,
    firm_quadrant,
    growth_potential,
    headroom,
    size_profit,
)
from evaluator.customers.relations import RelationOptions, Relations, customer_types, relation_states, rhythm
from evaluator.customers.rfm import Rfm, rfm
from evaluator.customers.rfm_totals import RfmOptions, Thresholds
from evaluator.customers.screening import Baseline, Criterion, Screened, baseline_split, screen
from evaluator.customers.stages import DeclineDecision, decline_decision, input_output
from evaluator.customers.tables import TABLES
from evaluator.customers.transitions import Transitions, states_on, transitions
from evaluator.customers.treatments import Treatments, load_treatments, treatment_names

__all__ = [
    "FINDINGS",
    "MEASURES",
    "MODEL_MEASURES",
    "ORDERS",
    "TABLES",
    "Abc",
    "AbcOptions",
    "Agreement",
    "AgreementOptions",
    "Baseline",
    "BaselineOptions",
    "Concentration",
    "Criterion",
    "CustomerColumn",
    "CustomerMatrix",
    "CustomerOptions",
    "DeclineDecision",
    "DeclineOptions",
    "DeliveredOptions",
    "DeliveredValue",
    "DeliveredValues",
    "Findings",
    "FirmQuadrant",
    "KnowledgeOptions",
    "KnowledgeValue",
    "LeverOptions",
    "Lifecycle",
    "LifecycleOptions",
    "MatrixChoice",
    "MatrixOptions",
    "NetworkOptions",
    "NetworkValue",
    "Placed",
    "QuadrantOptions",
    "ReferralOptions",
    "RelationOptions",
    "Relations",
    "Rfm",
    "RfmOptions",
    "Screened",
    "SizeProfit",
    "SizeProfitChoice",
    "SizeProfitOptions",
    "Sources",
    "Span",
    "Split",
    "ThreeWayChoice",
    "ThreeWayOptions",
    "Thresholds",
    "Transitions",
    "Treatments",
    "abc",
    "agreement",
    "baseline_split",
    "calibration_holdout",
    "churn",
    "clv",
    "concentration",
    "contribution",
    "cost_to_serve",
    "customer_findings",
    "customer_types",
    "decline_decision",
    "delivered_value",
    "delivered_values",
    "disagreements",
    "equity",
    "finder",
    "firm",
    "firm_quadrant",
    "growth_potential",
    "headroom",
    "input_output",
    "kendall",
    "knowledge_value",
    "knowledge_values",
    "levers",
    "lifecycle",
    "lifecycle_signals",
    "load_matrix",
    "load_treatments",
    "loyalty",
    "matrix_names",
    "measure_of",
    "model_measures",
    "models",
    "network_value",
    "network_values",
    "order_measures",
    "place",
    "purchase_history",
    "referral_value",
    "relation_states",
    "relative_value",
    "rfm",
    "rhythm",
    "satisfaction",
    "screen",
    "size_profit",
    "spearman",
    "states_on",
    "three_way_value",
    "transitions",
    "treatment_names",
    "value_sources",
    "word_of_mouth_value",
]
