"""What customers may still bring as a study runs it: potential, headroom, word of mouth; debts, contacts."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from evaluator.customers.declaring import measure_of, model
from evaluator.customers.models.value.ageing import Balances, balances_by_age
from evaluator.customers.models.value.contacts import contact_figures
from evaluator.customers.models.value.network import word_of_mouth_value
from evaluator.customers.models.value.options import (
    ContactOptions,
    HeadroomOptions,
    PotentialDriver,
    PotentialOptions,
    ReceivableOptions,
    WordOfMouthOptions,
)
from evaluator.customers.models.value.potential import growth_potential, headroom
from evaluator.customers.models.value.receivables import receivables
from evaluator.customers.models.value.wallet import WalletShares, share_of_wallet
from evaluator.customers.sources import Option, Sources
from evaluator.displayed import Displayed
from evaluator.errors import EvaluationError, Issue, Severity, raise_errors


@model(
    "potential", zh="增值潜力", en="Growth potential", reference="After Chen Mingliang (陈明亮)",
    option=Option(PotentialOptions, "potential", required=True),
)  # fmt: skip
def _potential(sources: Sources, chosen: PotentialOptions) -> pl.DataFrame:
    drivers = {"share": chosen.share, "relationship": chosen.relationship, "business": chosen.business}
    raise_errors(
        Issue("CUST-947", driver.measure, {"value": driver.worst})
        for driver in drivers.values()
        if driver.worst == driver.best
    )
    known = sources.columns(list(dict.fromkeys(driver.measure for driver in drivers.values())))
    scored = known.select("id", *(_score(driver).alias(name) for name, driver in drivers.items()))
    share, relationship, business = (driver.weight for driver in drivers.values())
    found = growth_potential(
        *(scored[name].to_numpy() for name in drivers), weights=(share, relationship, business)
    )
    return scored.with_columns(pl.Series("potential", found, nan_to_null=True))


measure_of("potential", "potential", "growth_potential", zh="增值潜力", en="Growth potential")


def _score(driver: PotentialDriver) -> pl.Expr:
    place = (pl.col(driver.measure).cast(pl.Float64) - driver.worst) / (driver.best - driver.worst)
    return (100 * place).clip(0, 100)


@dataclass(frozen=True)
class Headrooms(Displayed):
    """What customers still buy elsewhere: `id`, `business`, `share`, `headroom`.

    A customer whose share does not lie from 0 to 1 is named in the issues and has none.
    """

    frame: pl.DataFrame
    issues: tuple[Issue, ...] = ()


@model(
    "headroom", zh="增长空间", en="Headroom", reference="Arithmetic of the share of wallet",
    option=Option(HeadroomOptions, "headroom", required=True),
)  # fmt: skip
def _headroom(sources: Sources, chosen: HeadroomOptions) -> Headrooms:
    known = sources.columns([chosen.business, chosen.share])
    frame = known.select("id", business=pl.col(chosen.business), share=pl.col(chosen.share)).cast(
        {"business": pl.Float64, "share": pl.Float64}
    )
    beyond = frame.filter(~pl.col("share").is_between(0, 1))
    if beyond.height and beyond.height == frame["share"].count():
        raise EvaluationError([Issue("CUST-920", chosen.share)])
    issues: tuple[Issue, ...] = ()
    if beyond.height:
        few = ", ".join(f"{who} ({share:.4g})" for who, share in beyond.select("id", "share").head(5).rows())
        detail = {"count": beyond.height, "examples": few}
        issues = (Issue("CUST-956", chosen.share, detail, severity=Severity.WARNING),)
    whole = pl.when(pl.col("share").is_between(0, 1)).then(pl.col("share"))
    usable = frame.select("business", whole)
    found = headroom(usable["business"].to_numpy(), usable["share"].to_numpy())
    return Headrooms(frame.with_columns(pl.Series("headroom", found, nan_to_null=True)), issues)


measure_of("headroom", "headroom", "headroom", zh="增长空间", en="Headroom")


@model(
    "share_of_wallet", zh="钱包份额", en="Share of wallet", reference="Arithmetic of the share of wallet",
    needs=("orders", "wallet"),
)  # fmt: skip
def _share_of_wallet(sources: Sources) -> WalletShares:
    return share_of_wallet(
        sources.lines, sources["wallet"], as_of=sources.as_of, window_months=sources.window_months
    )


measure_of("share_of_wallet", "share", "share_of_wallet", zh="钱包份额", en="Share of wallet")


@model(
    "word_of_mouth", zh="口碑价值（简式）", en="Word of mouth (simple)",
    reference="Usual practice; for a full account Kumar, Petersen & Leone 2010, doi:10.1509/jmkg.74.5.001",
    option=Option(WordOfMouthOptions, "word_of_mouth", required=True),
)  # fmt: skip
def _word_of_mouth(sources: Sources, chosen: WordOfMouthOptions) -> pl.DataFrame:
    frame = sources.columns([chosen.referrals]).select(
        "id", referrals=pl.col(chosen.referrals).cast(pl.Float64)
    )
    found = word_of_mouth_value(frame["referrals"].to_numpy(), chosen.conversion, chosen.margin)
    return frame.with_columns(pl.Series("value", found, nan_to_null=True))


measure_of(
    "word_of_mouth", "value", "word_of_mouth_value", zh="口碑价值（简式）", en="Word of mouth (simple)"
)


@model(
    "receivables", zh="应收账款", en="Receivables",
    reference="Little 1961, doi:10.1287/opre.9.3.383", any_of=("receivables", "ageing"),
    option=Option(ReceivableOptions, "receivables"),
)  # fmt: skip
def _receivables(sources: Sources, chosen: ReceivableOptions) -> Balances:
    if "receivables" not in sources:
        return balances_by_age(sources["ageing"], overdue_days=chosen.overdue_days)
    ledger = receivables(
        sources["receivables"], as_of=sources.as_of, window_months=sources.window_months,
        overdue_days=chosen.overdue_days,
    )  # fmt: skip
    return Balances(ledger)


for _name, _zh, _en in (
    ("dso_days", "应收账款周转天数", "Days sales outstanding"),
    ("overdue_share", "逾期金额占比", "Overdue share"),
    ("credit_use", "授信使用率", "Use of credit line"),
):
    measure_of("receivables", _name, _name, zh=_zh, en=_en)


@model(
    "contacts", zh="客户接触", en="Contacts", reference="Usual practice; defined as stated here",
    needs=("contacts",), option=Option(ContactOptions, "contacts"),
)  # fmt: skip
def _contacts(sources: Sources, chosen: ContactOptions) -> pl.DataFrame:
    """Return the figures of everybody: who is not in the log was not contacted."""
    found: pl.DataFrame = contact_figures(
        sources["contacts"], as_of=sources.as_of, window_months=sources.window_months,
        answered=chosen.answered,
    )  # fmt: skip
    everybody = sources.everybody(found["id"]).join(found, on="id", how="left", maintain_order="left")
    never = pl.col("contacts").is_null()
    return everybody.with_columns(
        pl.col("contacts").fill_null(0), pl.when(never).then(0.0).otherwise("cost").alias("cost")
    )


for _name, _measure, _zh, _en in (
    ("contacts", "contact_count", "接触次数", "Contacts"),
    ("cost", "contacts_cost", "接触费用", "Cost of contacts"),
    ("response_rate", "response_rate", "回应率", "Response rate"),
):
    measure_of("contacts", _name, _measure, zh=_zh, en=_en)
