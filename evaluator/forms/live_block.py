"""The formulas of one group of a questionnaire, and where its figures stand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from xlsxwriter.utility import xl_rowcol_to_cell

from evaluator import messages
from evaluator.brief import Brief
from evaluator.forms.live_values import A_STEP, HALF, SHOWN, Values
from evaluator.workbook.book import Sheet, Value

PHRASES = ("unreadable", "cycles", "no_cycle", "over", "left", "good", "bad", "untested", "open", "later")
_OFF, _LARGEST = "LN(3)", "LN(9)"
_NAMES, _PAIR, _TEXT, _FOUND, _SLASH, _TYPED, _RATIO, _LOG, _PATHS, _IMPLIED, _GAP, _HINT = range(12)


@dataclass(frozen=True, slots=True)
class Figure:
    """A cell of the hidden sheet, as formulas of any sheet write it, and its value."""

    at: str
    now: Value

    def __str__(self) -> str:
        return self.at


@dataclass(frozen=True, slots=True)
class Figures(Brief):
    """Where the figures of a group stand."""

    now: Values  # what they are as the workbook is written
    tested: bool  # whether CR is shown once everything is answered
    answered: Figure
    left: Figure
    cr: Figure
    limit: float  # NaN for two children, who cannot contradict each other
    state: Figure
    weights: tuple[Figure, ...]
    hints: tuple[Figure, ...]
    found: Figure | None = None
    cycles: tuple[Figure, ...] = ()

    @property
    def pairs(self) -> int:
        """How many comparisons are asked."""
        return len(self.now.pairs)

    @property
    def testable(self) -> bool:
        """Whether there are more than two children, so that answers can contradict each other."""
        return len(self.weights) > 2


class GroupFormulas:
    """The formulas of one group, each with its value."""

    def __init__(
        self,
        sheet: Sheet,
        row: int,
        names: Sequence[str],
        values: Values,
        said: dict[str, str],
    ) -> None:
        self.sheet, self.said, self.row, self.now = sheet, said, row, values
        self.n, self.pairs, self.tested = values.n, values.pairs, values.tested
        self.unasked = tuple(pair for pair in combinations(range(self.n), 2) if pair not in self.pairs)
        self.language = sheet.book.language
        self._first = 0
        self._values: dict[tuple[int, int], Value] = {}
        for col, name in enumerate(names):
            sheet.put(row, 1 + col, name)
        self.called = tuple(names)
        self.names = [cell(row, 1 + col) for col in range(self.n)]
        self.row += 1

    def read(self, answers: Sequence[str], offered: Sequence[str]) -> None:
        """Turn each answer into a ratio: a sentence through its choices, else what is typed."""
        self._first = self.row
        self._offered = offered
        for row, (answer, choices, now) in enumerate(
            zip(answers, offered, self.now.read, strict=True), start=self.row
        ):
            text, found, slash, typed, ratio = (
                cell(row, col) for col in (_TEXT, _FOUND, _SLASH, _TYPED, _RATIO)
            )
            self._put(row, _TEXT, f'=IF(ISERROR({answer}),"?",{_half_width(answer)})', now.text)
            self._put(
                row, _FOUND, f"=IF(ISERROR({answer}),0,SUMPRODUCT(({choices}={answer})*levels))", now.found
            )
            self._put(row, _SLASH, f'=IFERROR(FIND("/",{text}),0)', now.slash)
            parts = f"VALUE(LEFT({text},{slash}-1))/VALUE(MID({text},{slash}+1,99))"
            self._put(row, _TYPED, f"=IFERROR(IF({slash}>0,{parts},VALUE({text})),0)", now.typed)
            said = f'IF(AND({typed}>=0.11,{typed}<=9),{typed},"?")'
            self._put(row, _RATIO, f'=IF(LEN({text})=0,"",IF({found}>0,{found},{said}))', now.ratio)
            self._put(row, _LOG, f"=IF(ISNUMBER({ratio}),LN({ratio}),0)", now.log)
        self.row += len(self.pairs)

    def matrices(self) -> None:
        """Write which comparisons are made, their logarithms, and Harker's matrix with its squares."""
        made, logs = self._square(), self._square()
        for (i, j), row in self._rows():
            ratio, log = cell(row, _RATIO), cell(row, _LOG)
            for a, b, sign in ((i, j, ""), (j, i, "-")):
                self._put(*made.at(a, b), f"=IF(ISNUMBER({ratio}),1,0)", self.now.made[a, b])
                self._put(*logs.at(a, b), f"={sign}{log}", self.now.logs[a, b])
        blank = [*((i, i) for i in range(self.n)), *self.unasked, *((j, i) for i, j in self.unasked)]
        for place in blank:
            self.sheet.put(*made.at(*place), 0)
            self.sheet.put(*logs.at(*place), 0)
        self.made, self.logs = made, logs
        self.harker, now = self._square(total=True), self.now.powers[0]
        for (i, j), row in self._rows():
            ratio = cell(row, _RATIO)
            self._put(*self.harker.at(i, j), f"=IF(ISNUMBER({ratio}),{ratio},0)", now[i, j])
            self._put(*self.harker.at(j, i), f"=IF(ISNUMBER({ratio}),1/{ratio},0)", now[j, i])
        for i, j in self.unasked:
            self.sheet.put(*self.harker.at(i, j), 0)
            self.sheet.put(*self.harker.at(j, i), 0)
        for i in range(self.n):
            self._put(*self.harker.at(i, i), f"={self.n}-SUM({made.line(i)})", now[i, i])
        self._put(*self.harker.total, f"=SUM({self.harker.area})", now.sum())
        self.power = self._powers(self.harker)

    def judge(self) -> Figures:
        """Write weights, CR and verdict, and point out the answers that do not fit."""
        count = f"COUNT({cell(self._first, _RATIO)}:{cell(self._first + len(self.pairs) - 1, _RATIO)})"
        now, limit = self.now, self.now.limit
        answered = self._one(f"={count}", now.answered)
        left = self._one(f"={len(self.pairs)}-{cell(*answered)}", now.left)
        weights = self._weights()
        area = f"{cell(self.row - 1, 1)}:{cell(self.row - 1, self.n)}"
        root = "+".join(f"SUMPRODUCT({self.harker.line(i)},{area})" for i in range(self.n))
        index = f"MAX(0,(({root})-{self.n})/{self.n - 1})/{now.ri!r}"
        cr = self._one(f'=IF({cell(*left)}=0,{index},"")' if self.tested else '=""', _blank(now.cr))
        state = self._state(left, cr)
        hints = self._hints(left, cr)
        found, cycles = self._cycles()
        return Figures(
            now=now,
            tested=self.tested,
            answered=self._away(answered),
            left=self._away(left),
            cr=self._away(cr),
            limit=limit,
            state=self._away(state),
            weights=weights,
            hints=hints,
            found=found,
            cycles=cycles,
        )

    def _powers(self, block: _Square) -> _Square:
        for value in self.now.powers[1:]:
            new = self._square(total=True)
            for i in range(self.n):
                for j in range(self.n):
                    terms = "+".join(
                        f"{cell(*block.at(i, k))}*{cell(*block.at(k, j))}" for k in range(self.n)
                    )
                    self._put(*new.at(i, j), f"=({terms})/{cell(*block.total)}", value[i, j])
            self._put(*new.total, f"=SUM({new.area})", value.sum())
            block = new
        return block

    def _weights(self) -> tuple[Figure, ...]:
        """Write the weights in a row; comparisons that are not connected leave a 0 in every power."""
        total = cell(*self.power.total)
        for i in range(self.n):
            share = f"SUM({self.power.line(i)})/{total}"
            self._put(
                self.row,
                1 + i,
                f'=IF(MIN({self.power.area})>0,{share},"")',
                self.now.weights[i] if self.now.weights else "",
            )
        self.row += 1
        return tuple(self._away((self.row - 1, 1 + i)) for i in range(self.n))

    def _state(self, left: tuple[int, int], cr: tuple[int, int]) -> tuple[int, int]:
        some, index, limit = cell(*left), cell(*cr), self.now.limit
        good, bad = (f'SUBSTITUTE({self.said[key]},"#",{limit!r})' for key in ("good", "bad"))
        done = self.said["later" if self.n > 2 else "untested"]
        if self.tested:
            done = f"IF({index}<{limit!r},{good},{bad})"
        left_ = self.said[self._left]
        return self._one(f'=IF({some}>0,SUBSTITUTE({left_},"#",{some}),{done})', self._said_now())

    @property
    def _left(self) -> str:
        return "open" if self.unasked else "left"

    def _said_now(self) -> str:
        now, done = self.now, "later" if self.n > 2 else "untested"
        if now.left:
            return self._phrase(self._left).replace("#", str(now.left))
        if self.tested:
            return self._phrase("good" if now.consistent else "bad").replace("#", repr(now.limit))
        return self._phrase(done)

    def _phrase(self, key: str) -> str:
        return messages.text(f"pairwise.live.{key}", self.language)

    def _hints(self, left: tuple[int, int], cr: tuple[int, int]) -> tuple[Figure, ...]:
        """Compare each answer with what third elements imply of its pair, and point out the farthest."""
        last = self._first + len(self.pairs) - 1
        most = f"MAX({cell(self._first, _GAP, fixed=True)}:{cell(last, _GAP, fixed=True)})"
        judged = f"{cell(*cr)}>={self.now.limit!r}" if self.tested else "FALSE"
        complete = "FALSE" if self.unasked else f"{cell(*left)}=0"
        alarm = self._one(f"=IF({complete},{judged},{most}>={_OFF})", self.now.alarm)
        for number, ((i, j), row) in enumerate(self._rows()):
            ratio, log, paths, implied, gap = (cell(row, c) for c in (_RATIO, _LOG, _PATHS, _IMPLIED, _GAP))
            made, logs = self.made, self.logs
            self._put(row, _PATHS, f"=SUMPRODUCT({made.line(i)},{made.line(j)})", self.now.paths[number])
            there = f"SUMPRODUCT({logs.line(i)},{made.line(j)})-SUMPRODUCT({made.line(i)},{logs.line(j)})"
            mean = f"MAX(-{_LARGEST},MIN({_LARGEST},({there})/{paths}))"
            self._put(row, _IMPLIED, f'=IF({paths}>0,{mean},"")', _blank(self.now.implied[number]))
            both = f"AND(ISNUMBER({ratio}),{paths}>0)"
            self._put(row, _GAP, f"=IF({both},ABS({log}-{implied}),0)", self.now.gaps[number])
            place = f"IF({implied}>=0,10-MIN(9,ROUND(EXP({implied}),0)),8+MIN(9,ROUND(EXP(-{implied}),0)))"
            fit = f"INDEX({self._offered[row - self._first]},{place})"
            worst = f"AND({cell(*alarm)},{gap}>{A_STEP},{gap}>={most}-1E-9)"
            hint = self.now.hint(number, self._phrase("unreadable"))
            self._put(row, _HINT, f'=IF({ratio}="?",{self.said["unreadable"]},IF({worst},{fit},""))', hint)
        return tuple(self._away((row, _HINT)) for _, row in self._rows())

    def _cycles(self) -> tuple[Figure | None, tuple[Figure, ...]]:
        """Number the triples in which the first beats the second, it the third, and that the first."""
        if not self.now.turns:
            return None, ()
        start, told = self.row, list[str]()
        for three, turn in self.now.turns:
            told += self._triple(three, turn, start, len(told))
        numbers, texts = (f"{cell(start, c)}:{cell(self.row - 1, c)}" for c in (2, 3))
        some = f'SUBSTITUTE({self.said["cycles"]},"#",COUNT({numbers}))'
        value = self._phrase("cycles").replace("#", str(len(told))) if told else self._phrase("no_cycle")
        found = self._one(f"=IF(COUNT({numbers})=0,{self.said['no_cycle']},{some})", value)
        shown = [
            self._one(
                f'=IFERROR(INDEX({texts},MATCH({number},{numbers},0)),"")', "".join(told[number - 1 : number])
            )
            for number in range(1, min(SHOWN, len(self.now.turns)) + 1)
        ]
        return self._away(found), tuple(map(self._away, shown))

    def _triple(self, three: tuple[int, int, int], turn: int, start: int, before: int) -> list[str]:
        """Write whether three children beat each other in turn, its number, and the sentence about it."""
        i, j, k = three
        sides = [cell(*self.logs.at(a, b)) for a, b in ((i, j), (j, k), (k, i))]
        up, down = ("*".join(f"({side}{beats})" for side in sides) for beats in (">1E-9", "<-1E-9"))
        here, above = cell(self.row, 1), f"{cell(start - 1, 2, fixed=True)}:{cell(self.row - 1, 2)}"
        over, names = self.said["over"], [self.names[place] for place in three]
        forth, back = (
            f"&{over}&".join(names[place] for place in way) for way in ((0, 1, 2, 0), (0, 2, 1, 0))
        )
        way = (i, j, k, i) if turn > 0 else (i, k, j, i)
        said = [self._phrase("over").join(self.called[place] for place in way)] if turn else []
        self._put(self.row, 1, f"={up}-{down}", turn)
        self._put(self.row, 2, f'=IF({here}=0,"",COUNT({above})+1)', before + 1 if turn else "")
        self._put(self.row, 3, f'=IF({here}=0,"",IF({here}>0,{forth},{back}))', "".join(said))
        self.row += 1
        return said

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
        self._values[row, col] = value

    def _away(self, place: tuple[int, int]) -> Figure:
        return Figure(self.sheet.cell(*place), self._values[place])


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
        return f"{cell(self.row, 1)}:{cell(self.row + self.n - 1, self.n)}"

    def line(self, i: int) -> str:
        return f"{cell(self.row + i, 1)}:{cell(self.row + i, self.n)}"


def _blank(value: float | None) -> Value:
    return "" if value is None else value


def cell(row: int, col: int, *, fixed: bool = False) -> str:
    """Return the address of a cell, with dollar signs when it is fixed."""
    return str(xl_rowcol_to_cell(row, col, row_abs=fixed, col_abs=fixed))


def _half_width(answer: str) -> str:
    formula = f'{answer}&""'
    for wide, half in HALF.items():
        formula = f'SUBSTITUTE({formula},"{wide}","{half}")'
    return formula
