"""What a questionnaire computes while it is answered: weights, consistency, answers that do not fit.

Plain formulas on a hidden sheet, the same in Excel, WPS and LibreOffice. The judgments of a group make
Harker's matrix: a blank is 0 and adds 1 to the diagonal. Squared again and again it gives its principal
eigenvector, which is that of the engine as soon as every comparison is made. CR is shown then, and
not before: the random index for missing comparisons needs more than a sheet computes. Comparisons that
are not asked stay blank for good: such a group shows weights, and its CR when the answers are read.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from xlsxwriter.utility import xl_rowcol_to_cell

from evaluator import ahp, messages
from evaluator.sheets.choices import LEVELS
from evaluator.workbook.book import Sheet, Value

_PHRASES = ("unreadable", "cycles", "no_cycle", "over", "left", "good", "bad", "untested", "open", "later")
_HALF = {"　": "", " ": "", "．": ".", "／": "/", "：": "/", ":": "/", "⁄": "/"} | {
    chr(0xFF10 + digit): str(digit) for digit in range(10)
}
_CLOSE = 1e-7  # of the weights, when no comparison is missing or only just enough are there
_OFF = "LN(3)"  # with blanks, an answer this far from what the others imply is pointed out
_LARGEST = "LN(9)"
_SHOWN = 3  # contradictions that are named
_A_STEP = 0.2  # in logarithms: less is no other answer on the scale
_NAMES, _PAIR, _TEXT, _FOUND, _SLASH, _TYPED, _RATIO, _LOG, _PATHS, _IMPLIED, _GAP, _HINT = range(12)


@dataclass(frozen=True, slots=True)
class Figures:
    """Where the figures of a group stand, as formulas of any sheet write it."""

    pairs: int
    tested: bool  # whether CR is shown once everything is answered
    answered: str
    left: str
    cr: str
    limit: float  # NaN for two children, who cannot contradict each other
    state: str
    said: str  # what `state` says while nothing is answered
    weights: tuple[str, ...]
    hints: tuple[str, ...]
    found: str = ""
    cycles: tuple[str, ...] = ()

    @property
    def testable(self) -> bool:
        """Whether there are more than two children, so that answers can contradict each other."""
        return len(self.weights) > 2


class Live:
    """The hidden sheet of formulas; `add` writes those of one group below the others."""

    def __init__(self, sheet: Sheet, profile: str) -> None:
        self._sheet = sheet
        self._profile = ahp.PROFILES[profile].function
        self._row = len(_PHRASES) + 1
        language = sheet.book.language
        for row, key in enumerate(_PHRASES):
            sheet.put(row, 0, messages.text(f"pairwise.live.{key}", language))
        self._said = {key: _cell(row, 0, fixed=True) for row, key in enumerate(_PHRASES)}
        levels = [*LEVELS, 1, *(1 / level for level in reversed(LEVELS))]
        for row, level in enumerate(levels):
            sheet.put(row, 1, level)
        self._row = max(len(_PHRASES), len(levels)) + 1
        sheet.book.name("levels", sheet, (0, 1), (len(levels) - 1, 1))

    def add(
        self,
        names: Sequence[str],
        pairs: Sequence[tuple[int, int]],
        answers: Sequence[str],
        offered: Sequence[str],
    ) -> Figures:
        """Write the formulas of a group, and return where its figures stand.

        Parameters
        ----------
        names : the names of its children. pairs : those that are asked, by the places of both children.
        answers : the addresses of the answers to these pairs.
        offered : the names of the ranges that hold the sentences of each pair.
        """
        block = _Block(self._sheet, self._row, names, pairs, self._said)
        block.read(answers, offered)
        block.matrices()
        ri = ahp.random_index(block.n, self._profile.table("linear"))
        figures = block.judge(ri, self._profile(block.n))
        self._row = block.row + 1
        return figures


class _Block:
    """The formulas of one group; every value is what they give while nothing is answered."""

    def __init__(
        self,
        sheet: Sheet,
        row: int,
        names: Sequence[str],
        pairs: Sequence[tuple[int, int]],
        said: dict[str, str],
    ) -> None:
        self.sheet, self.said, self.row = sheet, said, row
        self.n = len(names)
        self.pairs = tuple(pairs)
        self.unasked = tuple(pair for pair in combinations(range(self.n), 2) if pair not in self.pairs)
        self.tested = self.n > 2 and not self.unasked
        self._first = 0
        for col, name in enumerate(names):
            sheet.put(row, 1 + col, name)
        self.names = [_cell(row, 1 + col) for col in range(self.n)]
        self.row += 1

    def read(self, answers: Sequence[str], offered: Sequence[str]) -> None:
        """Turn each answer into a ratio: a sentence through its choices, else what is typed."""
        self._first = self.row
        self._offered = offered
        for row, (answer, choices) in enumerate(zip(answers, offered, strict=True), start=self.row):
            text, found, slash, typed, ratio = (
                _cell(row, col) for col in (_TEXT, _FOUND, _SLASH, _TYPED, _RATIO)
            )
            self._put(row, _TEXT, f'=IF(ISERROR({answer}),"?",{_half_width(answer)})', "")
            self._put(row, _FOUND, f"=IF(ISERROR({answer}),0,SUMPRODUCT(({choices}={answer})*levels))", 0)
            self._put(row, _SLASH, f'=IFERROR(FIND("/",{text}),0)', 0)
            parts = f"VALUE(LEFT({text},{slash}-1))/VALUE(MID({text},{slash}+1,99))"
            self._put(row, _TYPED, f"=IFERROR(IF({slash}>0,{parts},VALUE({text})),0)", 0)
            said = f'IF(AND({typed}>=0.11,{typed}<=9),{typed},"?")'
            self._put(row, _RATIO, f'=IF(LEN({text})=0,"",IF({found}>0,{found},{said}))', "")
            self._put(row, _LOG, f"=IF(ISNUMBER({ratio}),LN({ratio}),0)", 0)
        self.row += len(self.pairs)

    def matrices(self) -> None:
        """Write which comparisons are made, their logarithms, and Harker's matrix with its squares."""
        made, logs = self._square(), self._square()
        for (i, j), row in self._rows():
            ratio, log = _cell(row, _RATIO), _cell(row, _LOG)
            for a, b, sign in ((i, j, ""), (j, i, "-")):
                self._put(*made.at(a, b), f"=IF(ISNUMBER({ratio}),1,0)", 0)
                self._put(*logs.at(a, b), f"={sign}{log}", 0)
        blank = [*((i, i) for i in range(self.n)), *self.unasked, *((j, i) for i, j in self.unasked)]
        for place in blank:
            self.sheet.put(*made.at(*place), 0)
            self.sheet.put(*logs.at(*place), 0)
        self.made, self.logs = made, logs
        self.harker = self._square(total=True)
        for (i, j), row in self._rows():
            ratio = _cell(row, _RATIO)
            self._put(*self.harker.at(i, j), f"=IF(ISNUMBER({ratio}),{ratio},0)", 0)
            self._put(*self.harker.at(j, i), f"=IF(ISNUMBER({ratio}),1/{ratio},0)", 0)
        for i, j in self.unasked:
            self.sheet.put(*self.harker.at(i, j), 0)
            self.sheet.put(*self.harker.at(j, i), 0)
        for i in range(self.n):
            self._put(*self.harker.at(i, i), f"={self.n}-SUM({made.line(i)})", self.n)
        self._put(*self.harker.total, f"=SUM({self.harker.area})", self.n**2)
        self.power = self._squarings(self.harker)

    def judge(self, ri: float, limit: float) -> Figures:
        """Write weights, CR and verdict, and point out the answers that do not fit."""
        count = f"COUNT({_cell(self._first, _RATIO)}:{_cell(self._first + len(self.pairs) - 1, _RATIO)})"
        answered = self._one(f"={count}", 0)
        left = self._one(f"={len(self.pairs)}-{_cell(*answered)}", len(self.pairs))
        weights = self._weights()
        area = f"{_cell(self.row - 1, 1)}:{_cell(self.row - 1, self.n)}"
        root = "+".join(f"SUMPRODUCT({self.harker.line(i)},{area})" for i in range(self.n))
        index = f"MAX(0,(({root})-{self.n})/{self.n - 1})/{ri!r}"
        cr = self._one(f'=IF({_cell(*left)}=0,{index},"")' if self.tested else '=""', "")
        state = self._state(left, cr, limit)
        hints = self._hints(left, cr, limit)
        found, cycles = self._cycles()
        return Figures(
            pairs=len(self.pairs),
            tested=self.tested,
            answered=self._away(answered),
            left=self._away(left),
            cr=self._away(cr),
            limit=limit,
            state=self._away(state),
            said=self._unanswered(),
            weights=weights,
            hints=hints,
            found=found,
            cycles=cycles,
        )

    def _squarings(self, block: _Square) -> _Square:
        """Square until the slowest part of the judgments is gone, also where blanks leave a mere chain."""
        slowest = 1 - 2 * (1 - math.cos(math.pi / self.n)) / self.n
        times = 7 if self.n == 2 else max(7, math.ceil(math.log2(math.log(_CLOSE) / math.log(slowest))))
        value = float(self.n)
        for _ in range(times):
            new = self._square(total=True)
            value /= self.n
            for i in range(self.n):
                for j in range(self.n):
                    terms = "+".join(
                        f"{_cell(*block.at(i, k))}*{_cell(*block.at(k, j))}" for k in range(self.n)
                    )
                    self._put(*new.at(i, j), f"=({terms})/{_cell(*block.total)}", value if i == j else 0)
            self._put(*new.total, f"=SUM({new.area})", value * self.n)
            block = new
        return block

    def _weights(self) -> tuple[str, ...]:
        """Write the weights in a row; comparisons that are not connected leave a 0 in every power."""
        total = _cell(*self.power.total)
        for i in range(self.n):
            share = f"SUM({self.power.line(i)})/{total}"
            self._put(self.row, 1 + i, f'=IF(MIN({self.power.area})>0,{share},"")', "")
        self.row += 1
        return tuple(self._away((self.row - 1, 1 + i)) for i in range(self.n))

    def _state(self, left: tuple[int, int], cr: tuple[int, int], limit: float) -> tuple[int, int]:
        some, index = _cell(*left), _cell(*cr)
        good, bad = (f'SUBSTITUTE({self.said[key]},"#",{limit!r})' for key in ("good", "bad"))
        done = self.said["later" if self.n > 2 else "untested"]
        if self.tested:
            done = f"IF({index}<{limit!r},{good},{bad})"
        left_ = self.said[self._left]
        return self._one(f'=IF({some}>0,SUBSTITUTE({left_},"#",{some}),{done})', self._unanswered())

    @property
    def _left(self) -> str:
        return "open" if self.unasked else "left"

    def _unanswered(self) -> str:
        asked = messages.text(f"pairwise.live.{self._left}", self.sheet.book.language)
        return asked.replace("#", str(len(self.pairs)))

    def _hints(self, left: tuple[int, int], cr: tuple[int, int], limit: float) -> tuple[str, ...]:
        """Compare each answer with what third elements imply of its pair, and point out the farthest."""
        last = self._first + len(self.pairs) - 1
        most = f"MAX({_cell(self._first, _GAP, fixed=True)}:{_cell(last, _GAP, fixed=True)})"
        judged = f"{_cell(*cr)}>={limit!r}" if self.tested else "FALSE"
        complete = "FALSE" if self.unasked else f"{_cell(*left)}=0"
        alarm = self._one(f"=IF({complete},{judged},{most}>={_OFF})", False)
        for (i, j), row in self._rows():
            ratio, log, paths, implied, gap = (_cell(row, c) for c in (_RATIO, _LOG, _PATHS, _IMPLIED, _GAP))
            made, logs = self.made, self.logs
            self._put(row, _PATHS, f"=SUMPRODUCT({made.line(i)},{made.line(j)})", 0)
            there = f"SUMPRODUCT({logs.line(i)},{made.line(j)})-SUMPRODUCT({made.line(i)},{logs.line(j)})"
            mean = f"MAX(-{_LARGEST},MIN({_LARGEST},({there})/{paths}))"
            self._put(row, _IMPLIED, f'=IF({paths}>0,{mean},"")', "")
            both = f"AND(ISNUMBER({ratio}),{paths}>0)"
            self._put(row, _GAP, f"=IF({both},ABS({log}-{implied}),0)", 0)
            place = f"IF({implied}>=0,10-MIN(9,ROUND(EXP({implied}),0)),8+MIN(9,ROUND(EXP(-{implied}),0)))"
            fit = f"INDEX({self._offered[row - self._first]},{place})"
            worst = f"AND({_cell(*alarm)},{gap}>{_A_STEP},{gap}>={most}-1E-9)"
            self._put(row, _HINT, f'=IF({ratio}="?",{self.said["unreadable"]},IF({worst},{fit},""))', "")
        return tuple(self._away((row, _HINT)) for _, row in self._rows())

    def _cycles(self) -> tuple[str, tuple[str, ...]]:
        """Number the triples in which the first beats the second, it the third, and that the first."""
        asked = set(self.pairs)
        triples = [
            triple for triple in combinations(range(self.n), 3) if asked.issuperset(combinations(triple, 2))
        ]
        if not triples:
            return "", ()
        start = self.row
        over = self.said["over"]
        for i, j, k in triples:
            sides = [_cell(*self.logs.at(a, b)) for a, b in ((i, j), (j, k), (k, i))]
            up, down = ("*".join(f"({side}{beats})" for side in sides) for beats in (">1E-9", "<-1E-9"))
            turn, above = _cell(self.row, 1), f"{_cell(start - 1, 2, fixed=True)}:{_cell(self.row - 1, 2)}"
            self._put(self.row, 1, f"={up}-{down}", 0)
            self._put(self.row, 2, f'=IF({turn}=0,"",COUNT({above})+1)', "")
            a, b, c = self.names[i], self.names[j], self.names[k]
            forth, back = (f"&{over}&".join(entry) for entry in ((a, b, c, a), (a, c, b, a)))
            self._put(self.row, 3, f'=IF({turn}=0,"",IF({turn}>0,{forth},{back}))', "")
            self.row += 1
        numbers, texts = (f"{_cell(start, c)}:{_cell(self.row - 1, c)}" for c in (2, 3))
        some = f'SUBSTITUTE({self.said["cycles"]},"#",COUNT({numbers}))'
        none = messages.text("pairwise.live.no_cycle", self.sheet.book.language)
        found = self._one(f"=IF(COUNT({numbers})=0,{self.said['no_cycle']},{some})", none)
        shown = [
            self._one(f'=IFERROR(INDEX({texts},MATCH({number},{numbers},0)),"")', "")
            for number in range(1, min(_SHOWN, len(triples)) + 1)
        ]
        return self._away(found), tuple(map(self._away, shown))

    def _rows(self) -> list[tuple[tuple[int, int], int]]:
        return [(pair, self._first + number) for number, pair in enumerate(self.pairs)]

    def _square(self, *, total: bool = False) -> _Square:
        square = _Square(self.row, self.n)
        self.row += self.n + int(total)
        return square

    def _one(self, formula: str, value: Value) -> tuple[int, int]:
        """Write a figure in a row of its own, apart from the columns of numbered triples."""
        self._put(self.row, 4, formula, value)
        self.row += 1
        return self.row - 1, 4

    def _put(self, row: int, col: int, formula: str, value: Value) -> None:
        self.sheet.formula(row, col, formula, value)

    def _away(self, place: tuple[int, int]) -> str:
        return self.sheet.cell(*place)


@dataclass(frozen=True, slots=True)
class _Square:
    """A block of n × n cells, from column B on; its total stands in the row below."""

    row: int
    n: int

    def at(self, i: int, j: int) -> tuple[int, int]:
        return self.row + i, 1 + j

    @property
    def total(self) -> tuple[int, int]:
        return self.row + self.n, 1

    @property
    def area(self) -> str:
        return f"{_cell(self.row, 1)}:{_cell(self.row + self.n - 1, self.n)}"

    def line(self, i: int) -> str:
        return f"{_cell(self.row + i, 1)}:{_cell(self.row + i, self.n)}"


def _cell(row: int, col: int, *, fixed: bool = False) -> str:
    return str(xl_rowcol_to_cell(row, col, row_abs=fixed, col_abs=fixed))


def _half_width(answer: str) -> str:
    formula = f'{answer}&""'
    for wide, half in _HALF.items():
        formula = f'SUBSTITUTE({formula},"{wide}","{half}")'
    return formula
