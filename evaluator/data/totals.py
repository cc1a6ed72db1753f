"""What people and programs call a row of totals, in the languages whose headers are known."""

from __future__ import annotations

import re
from collections.abc import Iterable

import polars as pl

TOTALS: tuple[str, ...] = (
    "合计", "总计", "小计", "累计", "共计", "合计金额", "总合计", "總計", "小計", "累計", "共計", "合計",
    "総計", "総合計", "計", "합계", "소계", "총계", "누계", "총합계", "total", "totals", "subtotal",
    "grand total", "sum", "sum total", "overall total", "summe", "gesamt", "gesamtsumme", "gesamtergebnis",
    "gesamtbetrag", "zwischensumme", "endsumme", "teilsumme", "insgesamt", "total général",
    "total general", "sous-total", "somme", "suma", "suma total", "total geral", "soma", "totale",
    "totali", "totale complessivo", "totale generale", "subtotale", "somma", "totaal", "eindtotaal",
    "subtotaal", "totaalsom", "totalsumma", "summa", "delsumma", "i alt", "hovedtotal", "totalsum",
    "delsum", "yhteensä", "kokonaissumma", "razem", "suma końcowa", "ogółem", "łącznie", "suma częściowa",
    "celkem", "celkový součet", "součet", "mezisoučet", "spolu", "összesen", "végösszeg", "részösszeg",
    "ukupno", "skupaj", "toplam", "genel toplam", "ara toplam", "итого", "всего", "общий итог",
    "промежуточный итог", "сумма", "разом", "усього", "всього", "общо", "σύνολο", "γενικό σύνολο", "σ",
    "∑",
)  # fmt: skip
_SIGNS = r"[\s:：.*=_\-–—]+"
_ENDING = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]{2,}")  # 华东小计: written without spaces


def spelt(words: Iterable[str]) -> list[str]:
    """Return words as cells are compared with them: small letters, without spaces and signs.

    >>> spelt(["Grand Total", "Sous-total:", "合 计"])
    ['grandtotal', 'soustotal', '合计']
    """
    return list(dict.fromkeys(re.sub(_SIGNS, "", word.lower()) for word in words))


def endings(words: Iterable[str]) -> list[str]:
    """Return the words that make a total also behind the name of what is added up.

    >>> endings(["合计", "总合计", "計", "total", "итого"])
    ['合计']
    """
    found = [word for word in spelt(words) if _ENDING.fullmatch(word)]
    return [word for word in found if not any(word != other and word.endswith(other) for other in found)]


def says_total(cell: pl.Expr, words: Iterable[str]) -> pl.Expr:
    """Say of a cell whether it is a word of totals, or ends with one written without spaces."""
    words = tuple(words)
    plain = cell.str.to_lowercase().str.replace_all(_SIGNS, "")
    ends = [plain.str.ends_with(word) for word in endings(words)]
    return pl.any_horizontal(plain.is_in(spelt(words)), *ends).fill_null(False)
