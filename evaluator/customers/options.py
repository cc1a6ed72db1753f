"""The study's choices about customer models, a key for each; `study.yaml` has them under ``customers``."""

from __future__ import annotations

from evaluator.customers.models.abc.pareto import AbcOptions
from evaluator.customers.models.agreement.options import AgreementOptions
from evaluator.customers.models.churn import ChurnOptions, ComplaintOptions, WarningOptions
from evaluator.customers.models.churn.winning_back import WinbackChoice
from evaluator.customers.models.equity.options import (
    CrossCheckOptions,
    EquityDriverOptions,
    ImprovementOptions,
    SwitchingOptions,
)
from evaluator.customers.models.firm import CapabilityOptions, ChecklistOptions, PerformanceOptions
from evaluator.customers.models.firm.options import ChannelOptions, MarketingChoice
from evaluator.customers.models.lifecycle.options import DeclineOptions
from evaluator.customers.models.lifecycle.stages import LifecycleOptions
from evaluator.customers.models.lifetime.options import (
    EventTerms,
    LifetimeOptions,
    OpportunityTerms,
    ProfitTerms,
)
from evaluator.customers.models.loyalty import CauseOptions, LoyaltyOptions
from evaluator.customers.models.matrices.options import BaselineOptions, MatrixChoice, SizeProfitChoice
from evaluator.customers.models.matrices.placing import MatrixOptions
from evaluator.customers.models.matrices.quadrant import QuadrantOptions
from evaluator.customers.models.matrices.screening import Criterion
from evaluator.customers.models.relation.states import RelationOptions
from evaluator.customers.models.relation.types import TypeOptions
from evaluator.customers.models.retention.options import (
    CohortTerms,
    CurveTerms,
    DriverTerms,
    MigrationTerms,
    MoneyTerms,
    OptimumTerms,
    RetainedTerms,
)
from evaluator.customers.models.rfm.totals import RfmOptions
from evaluator.customers.models.satisfaction import CompetitionOptions, SatisfactionOptions, TrapOptions
from evaluator.customers.models.satisfaction.options import LatentOptions
from evaluator.customers.models.value.levers import LeverOptions
from evaluator.customers.models.value.options import (
    ContactOptions,
    DeliveredOptions,
    HeadroomOptions,
    KnowledgeOptions,
    NetworkOptions,
    PotentialOptions,
    ReceivableOptions,
    ReferralOptions,
    ThreeWayChoice,
    WordOfMouthOptions,
)
from evaluator.documents import Format
from evaluator.labels import NonNegative, PositiveCount


class CustomerOptions(Format):
    """How customer models are computed; what has no default must be stated for its model to run.

    Parameters
    ----------
    show : the models to run, by name; every one the data carry when not stated.
    window_months : how far back amounts are looked at where a model takes one from the orders.
    value : the measure that ABC, contribution, network value and the decision at decline start from.
    price_cost : cuts of the matrix of net price and cost to serve.
    stage_months, stage_periods : lifecycle and relation are judged at so many days, so many months apart.
    loyalty_cells : cuts of attitude and repeat buying; `flat_trend` how far spending may fall and count as
        level.
    churn_months : how long the period of churn is; `sign_months` over which signs in orders look back.
    value_sources : by indicator of the tree, the source its value comes from.
    """

    show: tuple[str, ...] | None = None
    window_months: PositiveCount = 12
    value: str = "net_amount"
    rfm: RfmOptions = RfmOptions()
    abc: AbcOptions = AbcOptions()
    agreement: AgreementOptions = AgreementOptions()
    price_cost: MatrixOptions = MatrixOptions()
    matrices: tuple[MatrixChoice, ...] = ()
    size_profit: SizeProfitChoice | None = None
    quadrant: QuadrantOptions | None = None
    baseline: BaselineOptions | None = None
    screening: tuple[Criterion, ...] = ()
    lifecycle: LifecycleOptions = LifecycleOptions()
    stage_months: PositiveCount = 6
    stage_periods: PositiveCount = 4
    decline: DeclineOptions | None = None
    lifetime: LifetimeOptions | None = None
    cohort: CohortTerms | None = None
    retained: RetainedTerms | None = None
    curve: CurveTerms | None = None
    accounts: MoneyTerms | None = None
    migration: MigrationTerms | None = None
    five_drivers: DriverTerms | None = None
    optimum_retention: OptimumTerms | None = None
    events: EventTerms | None = None
    profits: ProfitTerms | None = None
    opportunities: OpportunityTerms | None = None
    equity_drivers: EquityDriverOptions | None = None
    switching: SwitchingOptions | None = None
    improvement: ImprovementOptions | None = None
    cross_check: CrossCheckOptions = CrossCheckOptions()
    relation: RelationOptions | None = None
    types: TypeOptions | None = None
    three_way: ThreeWayChoice | None = None
    delivered: DeliveredOptions | None = None
    levers: LeverOptions | None = None
    knowledge: KnowledgeOptions | None = None
    network: NetworkOptions | None = None
    referrals: ReferralOptions | None = None
    word_of_mouth: WordOfMouthOptions | None = None
    potential: PotentialOptions | None = None
    headroom: HeadroomOptions | None = None
    contacts: ContactOptions = ContactOptions()
    receivables: ReceivableOptions = ReceivableOptions()
    value_sources: dict[str, str] = {}
    satisfaction: SatisfactionOptions = SatisfactionOptions()
    latent: LatentOptions | None = None
    trap: TrapOptions | None = None
    false_loyalty: CompetitionOptions = CompetitionOptions()
    loyalty: LoyaltyOptions = LoyaltyOptions()
    loyalty_cells: MatrixOptions = MatrixOptions()
    causes: CauseOptions = CauseOptions()
    flat_trend: NonNegative = 0.0
    churn: ChurnOptions = ChurnOptions()
    churn_months: PositiveCount = 12
    sign_months: PositiveCount = 6
    warning: WarningOptions | None = None
    winback: WinbackChoice | None = None
    complaints: ComplaintOptions = ComplaintOptions()
    capability: CapabilityOptions = CapabilityOptions()
    performance: PerformanceOptions = PerformanceOptions()
    checklist: ChecklistOptions = ChecklistOptions()
    marketing: MarketingChoice | None = None
    channels: ChannelOptions | None = None
