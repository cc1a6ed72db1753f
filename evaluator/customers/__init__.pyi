from . import clv, models
from .history import Split, calibration_holdout, purchase_history
from .measures import MEASURES, order_measures
from .models import churn, equity, firm, loyalty, satisfaction
from .models.abc.pareto import Abc, AbcOptions, Concentration, abc, concentration
from .models.agreement.agreement import Agreement, agreement
from .models.agreement.options import AgreementOptions
from .models.lifecycle.decline import DeclineDecision, decline_decision, input_output
from .models.lifecycle.options import DeclineOptions
from .models.lifecycle.stages import Lifecycle, LifecycleOptions, lifecycle, lifecycle_signals
from .models.matrices.options import BaselineOptions, MatrixChoice, SizeProfitChoice
from .models.matrices.placing import (
    CustomerMatrix,
    MatrixOptions,
    Placed,
    load_matrix,
    matrix_names,
    place,
)
from .models.matrices.quadrant import FirmQuadrant, QuadrantOptions, firm_quadrant
from .models.matrices.screening import Baseline, Criterion, ScreenedCustomers, baseline_split, screen
from .models.matrices.size_profit import SizeProfit, SizeProfitOptions, size_profit
from .models.relation.states import RelationOptions, Relations, relation_states, rhythm
from .models.relation.types import CUSTOMER_TYPES, TypeOptions, customer_types, types_on
from .models.rfm.scores import Rfm, rfm
from .models.rfm.totals import RfmOptions, Thresholds
from .models.value.contacts import contact_figures
from .models.value.contribution import ThreeWayOptions, contribution, cost_to_serve, three_way_value
from .models.value.delivered import (
    DeliveredValue,
    DeliveredValues,
    delivered_value,
    delivered_values,
    relative_value,
)
from .models.value.knowledge import KnowledgeValue, knowledge_value, knowledge_values
from .models.value.levers import LeverOptions, levers
from .models.value.network import (
    NetworkValue,
    network_value,
    network_values,
    referral_value,
    value_sources,
    word_of_mouth_value,
)
from .models.value.options import (
    DeliveredOptions,
    KnowledgeOptions,
    NetworkOptions,
    ReferralOptions,
    ThreeWayChoice,
)
from .models.value.potential import growth_potential, headroom
from .models.value.wallet import share_of_wallet
from .options import CustomerOptions
from .orders import ORDERS, Span
from .ranks import kendall, spearman
from .shipped_models import (
    MODEL_MEASURES,
    MODELS,
    CustomerColumn,
    CustomerModel,
    ModelResults,
    Option,
    Sources,
    measure_of,
    model,
    model_measures,
    run_models,
)
from .tables import TABLES
from .transition_tables import Transitions, states_on, transitions
from .treatments import Treatments, load_treatments, treatment_names

__all__ = [
    "CUSTOMER_TYPES",
    "MEASURES",
    "MODELS",
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
    "CustomerModel",
    "CustomerOptions",
    "DeclineDecision",
    "DeclineOptions",
    "DeliveredOptions",
    "DeliveredValue",
    "DeliveredValues",
    "FirmQuadrant",
    "KnowledgeOptions",
    "KnowledgeValue",
    "LeverOptions",
    "Lifecycle",
    "LifecycleOptions",
    "MatrixChoice",
    "MatrixOptions",
    "ModelResults",
    "NetworkOptions",
    "NetworkValue",
    "Option",
    "Placed",
    "QuadrantOptions",
    "ReferralOptions",
    "RelationOptions",
    "Relations",
    "Rfm",
    "RfmOptions",
    "ScreenedCustomers",
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
    "TypeOptions",
    "abc",
    "agreement",
    "baseline_split",
    "calibration_holdout",
    "churn",
    "clv",
    "concentration",
    "contact_figures",
    "contribution",
    "cost_to_serve",
    "customer_types",
    "decline_decision",
    "delivered_value",
    "delivered_values",
    "equity",
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
    "model",
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
    "run_models",
    "satisfaction",
    "screen",
    "share_of_wallet",
    "size_profit",
    "spearman",
    "states_on",
    "three_way_value",
    "transitions",
    "treatment_names",
    "types_on",
    "value_sources",
    "word_of_mouth_value",
]
