"""Parts of headers that tell what a column holds, as systems and people of several languages write them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping

STEMS: Mapping[str, tuple[str, ...]] = {
    "file_churn_events": ("流失", "离网", "销户", "解约", "kündigung", "churn", "leavers", "lost customers"),
    "id": (
        "cust", "client", "member", "user", "buyer", "account", "acct", "shopper", "consumer", "household",
        "kund", "debitor", "cliente", "客户", "客戶", "会员", "會員", "买家", "用户", "顾客", "购货", "往来",
        "账号", "卡号", "经销商", "商户",
        "顧客", "得意先", "取引先", "会社", "고객", "거래처", "клиент", "покупател", "контрагент",
    ),
    "code": (
        "id", "no", "nr", "num", "number", "code", "key", "belegnummer", "bestellnummer", "rechnungsnummer",
        "auftragsnummer", "artikelnummer", "kundennummer", "belegnr", "bestellnr", "rechnungsnr",
        "auftragsnr", "artikelnr", "kundennr", "编号", "编码", "代码", "号", "編號", "代碼", "號",
        "código", "codigo", "kod", "コード", "番号", "코드", "번호", "код", "номер",
    ),
    "bare_code": (
        "id", "no", "nr", "number", "code", "key", "nummer", "编号", "编码", "代码", "代号", "号", "号码",
        "編號", "代碼", "单位编号", "单位编码", "单位代码", "código", "codigo", "kod",
        "コード", "番号", "코드", "번호", "код", "номер",
    ),
    "name": (
        "name", "名称", "姓名", "简称", "全称", "bezeichnung", "nom",
        "raison", "nombre", "razón", "имя", "наимен", "名前", "氏名", "社名", "先名", "이름", "상호",
        "고객명",
        "거래처명",
    ),
    "bare_name": (
        "customer", "client", "member", "account", "company", "kunde", "firma", "cliente", "klant",
        "客户", "客戶", "会员", "會員",
        "购货单位", "往来单位", "顧客", "得意先", "取引先", "고객", "거래처", "клиент", "покупатель",
        "контрагент",
    ),
    "firm": ("company", "organisation", "organization", "firma", "société", "empresa", "公司", "企业"),
    "no_id": (
        "quantity", "qty", "count", "date", "time", "month", "year", "order", "invoice", "product", "item",
        "sku", "line", "row", "index", "menge", "anzahl", "artikel", "beleg", "bestellnr", "bestellnummer",
        "rechnungsnr", "rechnungsnummer", "auftragsnr", "auftragsnummer", "datum", "land", "country", "数量",
        "件数", "序号", "行号", "订单", "单据", "发票", "商品", "产品", "物料", "salesperson", "salesman",
        "seller", "rep", "employee", "staff", "operator", "cashier", "manager", "owner", "remark", "remarks",
        "note", "notes", "comment", "comments", "description", "unit", "业务员", "销售员", "销售代表",
        "营业员", "导购", "经理", "负责人", "经手", "制单", "审核", "跟进", "员工", "备注", "说明", "摘要",
        "规格", "型号", "计量", "地区", "区域", "省份", "城市", "地市", "部门",
        "pedido", "factura", "facture", "commande", "articulo", "artículo", "article", "producto",
        "produit", "cantidad", "quantité", "fecha", "伝票", "注文", "受注", "品番", "品目", "担当",
        "地域", "전표",
        "주문", "상품", "수량", "담당", "заказ", "счет", "счёт", "товар", "артикул", "дата", "количество",
    ),
    "date": (
        "order", "purchas", "transact", "trx", "sale", "sold", "invoice", "bestell", "kauf", "rechnung",
        "下单", "订单", "交易", "销售", "销货", "出货", "发货", "购买", "消费", "成交", "开票", "单据",
        "业务",
        "factur", "fecha", "commande", "売上", "受注", "注文", "購入", "購買", "伝票", "出荷", "주문",
        "판매", "거래",
        "매출", "продаж", "заказ", "покупк",
    ),
    "amount": (
        "amount", "amt", "revenue", "sales", "turnover", "total", "value", "spend", "spent", "umsatz",
        "betrag", "nettobetrag", "bruttobetrag", "gesamtbetrag", "rechnungsbetrag", "auftragswert",
        "bestellwert", "warenwert", "nettoumsatz", "bruttoumsatz", "nettowert", "montant", "importe", "gmv",
        "金额", "金額", "销售额", "成交额", "营业额", "消费额",
        "交易额", "收入", "价税合计", "实付", "实收", "货款", "总价", "总额",
        "importo", "売上", "매출", "금액", "сумма", "выручка", "стоимость",
    ),
    "no_amount": (
        "id", "no", "nr", "number", "code", "qty", "quantity", "price", "cost", "discount", "tax", "rate",
        "share", "menge", "anzahl", "artikel", "beleg", "bestellnr", "bestellnummer", "rechnungsnr",
        "rechnungsnummer", "kundennr", "kundennummer", "debitor", "preis", "einzelpreis", "stückpreis",
        "kosten", "steuer", "rabatt", "编号", "编码", "代码", "号", "数量", "件数", "单价", "价格", "成本",
        "折扣", "税额", "税率", "比例", "率", "序号",
        "quantité", "cantidad", "precio", "prix", "コード", "番号", "単価", "原価", "단가", "수량",
        "코드", "번호",
        "цена", "количество", "код", "номер",
    ),
    "order": (
        "order", "invoice", "receipt", "ticket", "voucher", "document", "bestell", "rechnung", "beleg",
        "auftrag", "pedido", "factura",
        "单号", "单据", "订单", "发票", "小票", "流水", "單號", "訂單",
        "facture", "commande", "伝票", "注文", "受注", "전표", "주문", "заказ", "счет", "счёт",
    ),
    "no_order": (
        "line", "row", "status", "type", "date", "customer", "client", "product", "item", "amount",
        "quantity", "行",
        "状态", "类型", "金额", "数量", "日期", "客户", "产品", "商品", "存货", "物料",
        "montant", "importe", "cantidad", "fecha", "cliente", "produit", "producto", "article", "日",
        "金額", "顧客", "得意先", "일자", "금액", "고객", "상품", "дата", "сумма", "клиент", "товар",
    ),
    "product": (
        "product", "item", "sku", "article", "artikel", "produkt", "material", "stock", "goods", "存货",
        "物料", "商品", "产品", "货品", "货号", "料号", "款号", "產品",
        "producto", "produit", "artículo", "articulo", "品番", "品目", "상품", "품목", "товар", "артикул",
    ),
    "no_product": (
        "category", "group", "type", "class", "brand", "line", "row", "price", "cost", "quantity", "count",
        "amount", "description", "unit", "类", "组", "品牌", "行", "价", "成本", "数量", "金额", "规格",
        "单位", "描述", "系列", "型号",
    ),
    "no_question": (
        "id", "no", "nr", "gender", "sex", "age", "education", "income", "occupation", "city", "region",
        "duration", "seconds", "minutes", "progress", "finished", "status", "编号", "序号", "性别", "年龄",
        "学历", "收入", "职业", "城市", "地区", "省份", "时长", "用时", "时间",
    ),
    "no_measure": (
        "率", "比", "增长", "增速", "增幅", "变化", "变动", "波动", "排名", "名次", "等级", "目标", "预算",
        "计划", "预测", "预计", "去年", "上年", "上月", "上期", "累计", "标准差", "是否", "日期", "growth",
        "change", "rate", "ratio", "share", "rank", "target", "budget", "plan", "forecast", "last",
        "previous", "prior", "trend", "yoy", "date", "cumulative", "lifetime", "to date", "累积", "历史", "%",
    ),
    "debt": (
        "receivable", "ageing", "aging", "aged", "overdue", "debtor", "outstanding", "balance", "due", "owed",
        "forderung", "fällig", "offene", "账龄", "帐龄", "应收", "逾期", "欠款", "余额", "未收", "到期",
    ),
    "cumulative": ("累计", "累积", "历史", "cumulative", "lifetime", "to date"),
}  # fmt: skip
"""Parts of headers by what they tell; `no_…` tell what a column is not."""
_WORD = re.compile(r"[a-zà-ÿ]+|[A-ZÀ-Þ]+(?![a-zà-ÿ])|[A-ZÀ-Þ][a-zà-ÿ]+|\d+")


_SCALE = re.compile(r"[(（\[【]\s*\d+\s*(?:[-–~～至到]|to|bis)\s*\d+\s*(?:分)?\s*[)）\]】]")


def is_asked(header: str) -> bool:
    """Return whether a header is a question that was put to somebody, or names the scale of its answers.

    >>> [is_asked(header) for header in ("How likely are you to recommend us? (0-10)", "服务态度（1-5分）", "Amount")]
    [True, True, False]
    """  # noqa: E501
    return header.rstrip().endswith(("?", "？")) or _SCALE.search(header) is not None


def has_stem(header: str, stems: Iterable[str]) -> bool:
    """Return whether a word of a header begins with one of the stems, or its Chinese text contains one.

    A stem of at most three letters must be the whole word.

    >>> [has_stem(header, STEMS["id"]) for header in ("Kunden-Nr.", "CustNo", "购货单位")]
    [True, True, True]
    >>> has_stem("Notes", STEMS["code"]), has_stem("discount", STEMS["no_id"])
    (False, False)
    """
    text = unicodedata.normalize("NFKC", header.replace("N°", "No"))
    words, text = [word.lower() for word in _WORD.findall(text)], text.lower()
    return any(
        (any(word == stem or (len(stem) > 3 and word.startswith(stem)) for word in words))
        if stem.isascii()
        else stem in text
        for stem in stems
    )
