"""The tables that the measures of a tree come from: who the customers are, and what is known of them."""

from __future__ import annotations

from evaluator.customers.orders import CUSTOMER_ID, OWNER, REGION
from evaluator.data.tables import Column, TableSchema
from evaluator.measuring.attributes import with_attribute_columns
from evaluator.measuring.grades import PERIOD, grade_words
from evaluator.tree import Tree
from evaluator.tree.shapes import Basis, shape_of
from evaluator.tree.types import Graded, Lookup

CUSTOMERS = TableSchema(
    columns=(
        CUSTOMER_ID,
        Column("name", "text", headers=(
            "customer name", "company", "company name", "account name", "客户名称", "客户姓名", "单位名称",
            "公司名称", "企业名称", "名称", "姓名", "kundenname", "raison sociale", "razón social", "顧客名",
            "得意先名", "取引先名", "고객명", "거래처명")),
        Column("customer_type", "text", headers=("type", "customer type", "客户类型", "类型", "客户性质")),
        Column("segment", "text", headers=("customer segment", "细分", "客户细分", "分群", "客群")),
        Column("stage", "text", headers=("lifecycle stage", "阶段", "客户阶段", "生命周期阶段")),
        Column("industry", "text", headers=("sector", "行业", "所属行业")),
        Column("region", "text", headers=REGION),
        Column("owner", "text", headers=OWNER),
        Column("size", "text", headers=("company size", "规模", "企业规模", "客户规模")),
        Column("status", "text", headers=("customer status", "状态", "客户状态")),
        Column("start_date", "date", headers=(
            "start date", "since", "customer since", "contract start", "开户日期", "建档日期", "合作开始日期",
            "首次合作日期", "合作起始日期", "签约日期", "kunde seit", "vertragsbeginn", "cliente desde")),
        Column("contract_end", "date", headers=(
            "contract end", "end of contract", "contract expiry", "contract ends", "合同到期日", "合同到期",
            "合同截止日期", "合同终止日期", "到期日", "vertragsende", "fin de contrat", "fin de contrato")),
    ),
    key=("id",),
    further=True,
)  # fmt: skip
"""Who the customers are, and what they are sorted by: type, stage, industry and the like."""


def measures_schema(tree: Tree) -> TableSchema:
    """Return the measures table of a tree: `id`, each measure, also under its indicator's name, attributes.

    With a `period`, a customer has a row per period. A measure that is rated may be written as a grade.
    """
    ends = _ends(tree)
    columns = {
        leaf.measure: Column(
            leaf.measure,
            "text" if isinstance(leaf.scale, Lookup) else "number",
            headers=(leaf.id, leaf.name.zh, leaf.name.en),
            ends=ends[leaf.measure],
            unit=leaf.unit.zh if leaf.unit else "",
            words=grade_words(tree) if isinstance(leaf.scale, Graded) else (),
        )
        for leaf in tree.indicators
    }
    who = [column for column in (*CUSTOMERS.columns[:2], PERIOD) if column.name not in columns]
    return with_attribute_columns(TableSchema((*who, *columns.values()), key=("id", "period")), tree)


def _ends(tree: Tree) -> dict[str, tuple[float, float] | None]:
    """Return the ends of the scales that score each measure, None where one of them has none."""
    basis = Basis(*tree.score_range)
    found: dict[str, tuple[float, float] | None] = {}
    for leaf in tree.indicators:
        own = shape_of(leaf.scale, basis).ends
        other = found.get(leaf.measure, own)
        found[leaf.measure] = own and other and (min(own[0], other[0]), max(own[1], other[1]))
    return found


def customers_schema(tree: Tree) -> TableSchema:
    """Return the customers table of a tree: who they are, with the attributes the tree speaks of."""
    return with_attribute_columns(CUSTOMERS, tree)
