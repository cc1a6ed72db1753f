"""What people and programs call a row of totals or averages, in the languages whose headers are known."""

from __future__ import annotations

import re
from collections.abc import Iterable

import polars as pl

TOTALS: tuple[str, ...] = (
    "合计", "总计", "小计", "累计", "共计", "汇总", "分类汇总", "合计金额",
    "总合计", "總計", "小計", "累計", "共計", "合計",
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
    "∑", "平均", "平均分", "平均值", "平均数", "均值", "均分", "平均点", "평균", "average", "avg",
    "mean", "durchschnitt", "mittelwert", "moyenne", "promedio", "gemiddelde", "среднее", "średnia",
)  # fmt: skip
_SIGN = r"[\s:：.*=_\-–—]"
_SIGNS = f"{_SIGN}+"
_ENDING = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]{2,}")  # 华东小计: written without spaces

_BEGINNING = re.compile(r"(?:sub|sous|zwischen|teil)|grand|итого|промежуточный")  # Subtotal North


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


def beginnings(words: Iterable[str]) -> list[str]:
    """Return the words that make a total also before the name of what is added up, which no firm is called.

    >>> beginnings(["合计", "总合计", "total", "subtotal", "grand total", "итого"])
    ['合计', 'subtotal', 'grandtotal', 'итого']
    """
    words = tuple(words)
    return [*endings(words), *(word for word in spelt(words) if _BEGINNING.match(word))]


def say_total(cells: pl.DataFrame, words: Iterable[str]) -> pl.Series:
    """Say of each row whether a cell of it is a word of totals, or ends or begins with one no firm is called.

    Looked at closely are rows in which a cell ends with the last letter of such a word, or begins like one.
    """
    words = tuple(words)
    known, after, ahead = spelt(words), endings(words), beginnings(words)
    if not known:
        return pl.repeat(False, cells.height, eager=True)
    last = "|".join(sorted({re.escape(word[-1:]) or "^" for word in known}))
    first = "|".join(sorted({re.escape(word[:2]) for word in ahead})) or "$"
    pattern = rf"(?i)(?:{last}){_SIGN}*$|^{_SIGN}*(?:{first})"
    likely = pl.any_horizontal(pl.all().str.contains(pattern).fill_null(False))
    near = cells.with_columns(likely=likely).with_row_index("at").filter("likely").drop("likely")
    plain = pl.exclude("at").str.to_lowercase().str.replace_all(_SIGNS, "")
    said = pl.any_horizontal(
        plain.is_in(known).fill_null(False),
        *(plain.str.ends_with(word).fill_null(False) for word in after),
        *(plain.str.starts_with(word).fill_null(False) for word in ahead),
    )
    return pl.int_range(cells.height, eager=True).is_in(near.filter(said)["at"].implode())
