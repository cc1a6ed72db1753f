"""Write docs/models.md: every customer model a study can run, with its tables, options and measures.

Run it from the project's root after declaring a model: `python docs/make_models.py`.
"""

from pathlib import Path

from evaluator.customers import MODEL_MEASURES, MODELS, TABLES, matrix_names
from evaluator.registry import Method

PAGE = Path(__file__).parent / "models.md"
HEAD = """# Customer models

RFM, ABC, matrices, lifecycle, lifetime value, satisfaction, loyalty, churn and the rest can be used in three
ways:

- **In a study.** A model runs as soon as its tables are under `tables:` and the option it needs is under
  `customers:`; the report then has its section on the page, its tables on the sheet *Customer models*, and
  a column per customer on the sheet *Models by customer*. Where the data do not carry a model, the report
  says why.
- **As a measure.** An indicator whose `measure:` is one of the names below takes what the model finds, a
  class or stage through a `lookup` scale. What is relative to the customers at hand (quintiles, ABC cuts,
  fitted parameters) is frozen in the model file: next quarter's customers are placed by the same references.
- **From Python**, on any dataframe: `from evaluator import customers as c; c.rfm(orders, as_of=…)`. Each
  function's documentation has its formula, units, source and limits.

```yaml
tables:
  orders: {file: orders.csv}
  service_costs: {file: service.csv}       # id, activity, quantity, rate
  relations: {file: relations.csv}         # loyalty; need, ability, profile, contacted of prospects

customers:
  show: [rfm, abc, lifecycle, relation]    # only these; all the data carry when not stated
  window_months: 12                        # how far amounts look back
  value: net_amount                        # what ABC, contribution, network value start from
  rfm:
    bins: 5
    weights: [0.2, 0.3, 0.5]               # of recency, frequency, monetary; from judgments, say
    split: mean_score                      # what tells high from low for the eight classes
  abc: {by: value, cuts: [0.8, 0.95], loss_class: D}
  lifecycle: {mature_months: 36, lost_days: 365, confirm: 2}
  relation: {loyal_score: 80}              # no default: the literature names none
  types: {words: {dealer: intermediary}}   # own words for consumer, industrial, intermediary, public
  matrices:
    - {matrix: conway, x: loyalty, y: net_amount, x_cut: {kind: fixed, at: [60]}, border_x: 2}
  headroom: {business: business_volume, share: share_of_wallet}
```

Lifetime value also comes from summaries instead of orders, one row per customer, as `lifetimes`
(`frequency`, `recency`, `T`, `monetary_value`) and CLVTools (`x`, `t.x`, `T.cal`, `Spending`) head them:

```yaml
tables:
  summaries: {file: summaries.csv}         # repeat purchases; last one and T from the first purchase on
customers:
  lifetime: {unit: week, margin: 0.3, horizon: 52, discount_rate: 0.1, currency: CNY}
```

Without the column of amounts, frequency, recency and T still tell who is buying and how often:
`p_alive` and `expected_purchases` are computed; `clv`, `expected_spend`, `equity` and the cross-check with
the score have no values, which is said (CLV-947).

Brand switching rests on what people bought one after the other (`brand_choice`), or on a survey of the market
(`brand_switching`): the brand bought last and the one intended next, a row per person, or a table of counts
with a row per brand bought last and a column per brand intended. What is intended is told as such.

```yaml
tables:
  brand_switching: {file: brands.csv}      # last, next, count (上次购买品牌, 打算购买品牌)
  # a column per brand: {file: brands.csv, unpivot: {columns: [Nord, Süd], name: next, value: count}}
customers:
  switching:
    own: Nord                              # the firm's brand, as it stands in the table
    margin_per_purchase: 20
    purchases_per_year: 4                  # of the whole category
    years: 3
    discount_rate: 0.1
    currency: EUR
    population: 50000                      # customers in the market
  improvement: {kept: 0.05, outlays: [100000]}   # what keeping 5 points more would add and bring back
```

What customers owe is a ledger of invoices (`receivables`), or a list of balances (`ageing`): by age, or with
what is overdue. Headers say the ages, as `31-60天`, `90天以上`, `> 90`, `current`, `1 Month`; who is not in
the list has no value.

```yaml
tables:
  ageing:                                  # id, a column for each age; or id, outstanding, overdue
    file: ageing.xlsx
    unpivot: {name: bucket, value: amount, columns: [current, 1-30, 31-60, "> 60"]}
customers:
  receivables: {overdue_days: 30}          # what is older counts as overdue
```

Surveys, complaints, leavers and the firm itself have tables of their own (columns: `evaluator list tables`);
answers that came in the survey forms of `evaluator ask --form survey` join the table `survey`.

```yaml
tables:
  survey: {file: survey.csv}               # id, item, expected, perceived, importance
  loyalty: {file: loyalty.csv}             # id, trust, recommendation, suppliers, reasons, drivers, rungs …
  churn_events: {file: leavers.csv}        # id, date, kind, cause; returns and cost for win-back
  capability: {file: capability.csv}       # item, rater, score, period: the firm judges itself

customers:
  satisfaction:
    low: 1                                 # ends of the scale the survey was asked on
    high: 10
    items: {delivery: {name: {zh: 交付, en: Delivery}, group: core, expectation: basic}}
  trap: {basic: 0.8, potential: 0.5, band: 0.1}
  loyalty: {weights: {time: 1, behaviour: 2, attitude: 2}}
  warning: {signs: {overdue_share: {calm: 0, alarm: 0.3}}}   # besides the two that orders give
  winback: {margin_rate: 0.2}
  capability: {targets: {index: 70}}
```

A matrix plots two measures: columns of the tables `measures`, `customers` or `relations`, measures of the
orders, or measures below. Those that ship: MATRICES; a file of your own has the same form, and its
`equal:` names the line on which two sides of one unit are equal. Classes and
strategies are content, in `evaluator/customers/strategies/`. `evaluator list models`, `list measures` and
`list tables` print what stands here, in either language.

## Models

| model | 模型 | name | tables | option to state | measures | source |
|---|---|---|---|---|---|---|
"""
TABLE_HEAD = """
## Tables

Columns are found by their usual Chinese and English headers, or as `columns:` says. **Bold** ones must be
there.

| table | columns |
|---|---|
"""


def page() -> str:
    """Return the page as text."""
    models = sorted(MODELS.methods(), key=lambda method: method.name)
    head = HEAD.replace("MATRICES", ", ".join(f"`{name}`" for name in matrix_names()))
    tables = "".join(_table(name) for name in sorted(TABLES))
    return head + "".join(map(_model, models)) + TABLE_HEAD + tables


def _model(method: Method) -> str:
    measures = [m.name for m in MODEL_MEASURES.methods() if m.function.model == method.name]
    relative = " (relative)" if "relative" in method.laws else ""
    cells = (
        f"`{method.name}`",
        method.title["zh"],
        method.title["en"] + relative,
        ", ".join(method.function.tables),
        f"`{method.function.must_state}`" if method.function.must_state else "",
        ", ".join(f"`{name}`" for name in measures),
        method.reference,
    )
    return f"| {' | '.join(cells)} |\n"


def _table(name: str) -> str:
    columns = ", ".join(f"**{c.name}**" if c.required else c.name for c in TABLES[name].columns)
    return f"| `{name}` | {columns} |\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
