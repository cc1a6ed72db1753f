"""Tables that surveys, complaint logs and lists of leavers come in, and those about the firm itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from evaluator.customers.orders import CUSTOMER_ID
from evaluator.data.tables import Column, TableSchema


def _number(name: str, *headers: str, required: bool = False, non_negative: bool = False) -> Column:
    return Column(name, "number", required=required, non_negative=non_negative, headers=headers)


def _text(name: str, *headers: str, required: bool = False) -> Column:
    return Column(name, "text", required=required, headers=headers)


_RESPONDENT = _text(
    "respondent", "who", "respondent id", "respondent no", "response id", "responseid", "submission id",
    "答卷人", "受访者", "填写人", "答卷编号", "答卷序号", "答题序号", "提交编号",
)  # fmt: skip
_ITEM = _text("item", "question", "indicator", "题项", "指标", "问题", required=True)

BRAND_RATINGS = TableSchema(
    (
        _text("brand", "supplier", "品牌", "供应商", required=True),
        _text("driver", "attribute", "驱动因素", "因素", required=True),
        _number("score", "rating", "评分", "得分", required=True),
    ),
    wide=("driver", "score"),
)
"""One row per rating of a brand, one's own or a competitor's, on a driver of customer equity."""

SURVEY = TableSchema(
    (
        CUSTOMER_ID,
        _RESPONDENT,
        _text("brand", "supplier", "rated brand", "品牌", "供应商", "评价品牌"),
        _ITEM,
        _number("expected", "expectation", "期望", "期望值", "预期"),
        _number("perceived", "perception", "experience", "感知", "感知值", "实际体验", required=True),
        _number("importance", "重要性", "重要程度", non_negative=True),
    ),
    key=("id", "respondent", "brand", "item"),
    wide=("item", "perceived"),
)
"""One row per respondent and item: what was expected, what perceived, how much it matters; where competitors
were rated as well, the `brand` says whom."""


def survey_within(low: float, high: float) -> TableSchema:
    """Return the survey table for answers that were asked on a scale from `low` to `high`."""
    asked = ("expected", "perceived")
    columns = (
        replace(column, range=(low, high)) if column.name in asked else column for column in SURVEY.columns
    )
    return replace(SURVEY, columns=tuple(columns))


KANO = TableSchema(
    (
        CUSTOMER_ID,
        _RESPONDENT,
        _ITEM,
        _number("functional", "with", "具备时", "正向题", required=True),
        _number("dysfunctional", "without", "不具备时", "反向题", required=True),
    ),
    key=("id", "respondent", "item"),
)
"""One row per respondent and item: both answers of Kano's pair, 1 I like it to 5 I dislike it."""

_LOYALTY: Mapping[str, tuple[str, ...]] = {
    "tenure": ("tenure months", "合作月数"),
    "contract_months": ("remaining contract", "合同剩余月数"),
    "regularity": ("order regularity", "订货规律性"),
    "repeat_rate": ("repeat purchase rate", "重复购买率"),
    "share_of_need": ("share of wallet", "需求满足率", "钱包份额", "钱袋份额"),
    "cross_buy": ("cross-buying", "交叉购买数"),
    "selection_days": ("selection time", "挑选时间", "选择天数"),
    "price_sensitivity": ("价格敏感程度", "价格敏感度"),
    "spend_trend": ("spending trend", "购买费用变化"),
    "spend": ("spending", "购买费用"),
    "trust": ("对企业的信任", "信任"),
    "tolerance": ("tolerance of quality accidents", "对质量问题的态度", "质量事故承受力"),
    "rivals": ("attitude to rivals", "对竞争品牌的态度"),
    "recommendation": ("recommend", "推荐意愿"),
    "attention": ("attention to brand", "品牌关心程度"),
    "attachment": ("依恋程度", "情感依恋"),
    "suppliers": ("number of suppliers", "供应商数量"),
    "hhi": ("herfindahl", "市场集中度"),
    "switching": ("switching cost", "转移成本"),
    "restricted": ("restricted from buying", "购买受限"),
    "inertia": ("习惯", "懒得更换"),
    "convenience": ("便利", "距离方便"),
    "price": ("low price", "价格最低"),
    "incentive": ("incentives", "奖励计划"),
    "emotional": ("emotional tie", "情感联系"),
    "rational": ("deliberation", "理性比较"),
    "lifestyle": ("needs changed", "需求改变", "生活方式改变"),
    "dissatisfied": ("dissatisfaction", "不满意"),
    "aware": ("知晓",),
    "goodwill": ("好感",),
    "satisfied": ("满意",),
    "loyal": ("忠诚",),
    "premium": ("pays a premium", "愿付溢价", "溢价购买"),
    "lower_cost": ("lower cost of buying", "更低的购买成本"),
    "reward": ("rewards", "额外奖励"),
    "extra_service": ("extra services", "额外服务"),
    "affection": ("情感因素",),
    "sunk_cost": ("沉没成本",),
    "procedural_cost": ("effort of switching", "程序性转移成本"),
    "financial_cost": ("money lost by switching", "财务性转移成本"),
    "relational_cost": ("relations lost by switching", "关系性转移成本"),
    "management": ("own management", "企业内部管理"),
}

LOYALTY = TableSchema(
    (
        CUSTOMER_ID,
        *(_number(name, *headers) for name, headers in _LOYALTY.items()),
        _text("segment", "市场", "细分市场"),
    ),
    key=("id",),
)
"""One row per customer: measures of loyalty, reasons for it, what drives it, rungs reached; yes is 1."""

COMPLAINTS = TableSchema(
    (
        CUSTOMER_ID,
        Column("date", "date", headers=(
            "complained on", "created at", "created on", "created", "opened at", "opened", "reported on",
            "eingangsdatum", "投诉日期", "投诉时间", "受理日期", "受理时间", "创建时间", "提交时间", "日期")),
        _number("valid", "justified", "是否有效", "有效投诉"),
        _number("hours", "hours to close", "处理小时", "处理时长（小时）", non_negative=True),
        _number("satisfaction", "satisfaction afterwards", "处理后满意度", "处理满意度"),
    )
)  # fmt: skip
"""One row per complaint; without hours it is open, `valid` is 1 or 0."""

CHURN_EVENTS = TableSchema(
    (
        CUSTOMER_ID,
        Column(
            "date",
            "date",
            required=True,
            headers=(
                "lost on",
                "left on",
                "churn date",
                "churned on",
                "cancelled on",
                "流失日期",
                "离网日期",
                "销户日期",
                "解约日期",
                "日期",
                "kündigungsdatum",
                "kündigung zum",
                "gekündigt zum",
                "datum",
            ),
        ),
        _text("kind", "type", "流失类型", "主动或被动"),
        _text("cause", "reason", "流失原因", "离网原因", "解约原因", "原因", "kündigungsgrund", "grund"),
        _number("value", "annual value", "年价值", "年毛利"),
        _number("returns", "probability of return", "赢回概率", "回归概率", non_negative=True),
        _number("cost", "win-back cost", "赢回成本", non_negative=True),
    ),
    key=("id",),
    ahead=True,
)
"""One row per customer lost: when, why, and what winning back would take and bring."""

WARNING = TableSchema(
    (
        CUSTOMER_ID,
        *(
            _number(name, *headers)
            for name, headers in {
                "share_change": ("change of share", "份额变化"),
                "overdue_days": ("days overdue", "逾期天数"),
                "contract_days": ("days to end of contract", "合同到期天数"),
                "complaints": ("complaint count", "投诉次数"),
                "open_days": ("days open", "投诉未结天数"),
                "delivery_faults": ("delivery failures", "交付失误"),
                "contact_changes": ("changes of contact", "联系人变动"),
                "absences": ("absences from events", "活动缺席"),
                "interaction_change": ("change of interaction", "互动频率变化"),
                "rival_quotes": ("quotes of rivals", "竞品询价"),
                "rival_entry": ("entry of a rival", "竞品进入"),
                "business_trouble": ("trouble of the business", "客户经营恶化"),
            }.items()
        ),
    ),
    key=("id",),
)
"""One row per customer: signs of leaving that orders do not show."""

CAPABILITY = TableSchema(
    (
        _text("id", "item", "指标", "能力项", required=True),
        _text("rater", "评分人", "评价人"),
        _number("score", "得分", "评分", required=True),
        _text("period", "year", "时期", "年度"),
    ),
    of_customers=False,
)
"""One row per rater and item of the firm's capability, 1 to 5."""

PERFORMANCE = TableSchema(
    (
        _text("id", "figure", "指标", required=True),
        _number("actual", "实际值", "实际", required=True),
        _number("baseline", "基线", "基准值"),
        _number("target", "目标", "目标值"),
        _text("view", "视角", "维度"),
    ),
    key=("id",),
    of_customers=False,
)
"""One row per figure of performance: where it was, where it is, where it is to be."""

CHECKLIST = TableSchema(
    (
        _text("id", "statement", "条目", "检查项", required=True),
        _text("rater", "评分人", "填写人"),
        _number("answer", "yes", "是否符合", "回答", required=True, non_negative=True),
    ),
    of_customers=False,
)
"""One row per statement, or per rater and statement: 1 it is so, 0 it is not."""

CHANNELS = TableSchema(
    (
        _text("id", "channel", "渠道", "互动渠道", required=True),
        _number("reach", "覆盖", "覆盖面"),
        _number("speed", "速度", "及时性"),
        _number("depth", "深度", "信息量"),
        _number("personal", "personal touch", "个性化", "个性化程度"),
        _number("goal", "目标", "目标值", non_negative=True),
        _number("actual", "实际", "实际值", non_negative=True),
        _number("contacts", "接触次数", non_negative=True),
        _number("cost", "费用", "成本", non_negative=True),
    ),
    key=("id",),
    of_customers=False,
)
"""One row per channel: ratings on one scale, its goal and what it achieved, contacts and their cost."""

IDIC = TableSchema(
    (
        CUSTOMER_ID,
        _number("identified", "已识别", required=True, non_negative=True),
        _number("differentiated", "scored", "已区分", "已评分", non_negative=True),
        _number("interacted", "contacted", "已互动", "已接触", non_negative=True),
        _number("customised", "treated", "已定制", "已按策略对待", non_negative=True),
    ),
    key=("id",),
    of_customers=False,
)
"""One row per customer: how far it has come through identify, differentiate, interact, customise."""

SURVEY_TABLES: Mapping[str, TableSchema] = {
    "survey": SURVEY,
    "brand_ratings": BRAND_RATINGS,
    "kano": KANO,
    "loyalty": LOYALTY,
    "complaints": COMPLAINTS,
    "churn_events": CHURN_EVENTS,
    "warning": WARNING,
    "capability": CAPABILITY,
    "performance": PERFORMANCE,
    "checklist": CHECKLIST,
    "channels": CHANNELS,
    "idic": IDIC,
}
"""Tables of satisfaction, loyalty, churn and the firm by the name a study maps them under."""
