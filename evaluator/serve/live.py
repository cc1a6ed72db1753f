"""A session in one room: one question on the big screen, everybody votes on a phone, and again.

A session is a round of its own: each vote is kept, with the voter's other answers to the same criterion, as
an answer that was sent (see `answers`), before anything is shown of it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import exp, log

import numpy as np
import sqlalchemy as sa

from evaluator import ahp
from evaluator.errors import EvaluationError, Issue
from evaluator.forms.live_values import RATIOS
from evaluator.forms.page_answers import level_of
from evaluator.forms.pairwise_sheet import Questionnaire
from evaluator.serve.answers import now, round_of, save_answers
from evaluator.serve.asked import AskedForm
from evaluator.serve.content import Content, Saving
from evaluator.serve.rounds import Triple, read_round, store_round
from evaluator.serve.server import Server
from evaluator.serve.store import SESSIONS, VOTES, Row
from evaluator.weighing.panel import Panel


@dataclass(frozen=True)
class LiveSession:
    """Where a session stands: the place of the question, how often it was asked, whether votes are shown."""

    id: int
    form: str
    round: int
    questions: tuple[Triple, ...]
    place: int
    turn: int
    shown: bool
    begun: str
    ended: str

    @property
    def question(self) -> Triple:
        """The comparison that is voted on."""
        return self.questions[self.place]

    @property
    def key(self) -> str:
        """What changes whenever a page that shows the session is out of date."""
        return f"{self.id}.{self.place}.{self.turn}.{int(self.shown)}.{int(bool(self.ended))}"


@dataclass(frozen=True)
class Spread:
    """The votes on one question.

    `counts` by ratio; `middle` is their geometric mean, `factor` the geometric standard deviation (1 where
    all say the same), `consensus` S* of the shares that each vote gives the two; NaN with fewer than two.
    """

    counts: tuple[int, ...]
    middle: float
    factor: float
    consensus: float


def running(server: Server) -> LiveSession | None:
    """Return the session that is going on, None where there is none."""
    row = server.store.row(sa.select(SESSIONS).where(SESSIONS.c.ended == "").order_by(SESSIONS.c.id.desc()))
    return _session(row) if row else None


def last(server: Server) -> LiveSession | None:
    """Return the session that began last, whether or not it has ended."""
    row = server.store.row(sa.select(SESSIONS).order_by(SESSIONS.c.id.desc()))
    return _session(row) if row else None


def begin(server: Server, batch: str, panel: Panel | None, count: int | None) -> None:
    """Begin a session about the `count` comparisons that a panel disagrees on most; default: about all.

    Raises
    ------
    EvaluationError
        where no form of pairs has this name; where a session is going on already.
    """
    if running(server):
        raise EvaluationError([Issue("SERVE-212")])
    forms = [form for form in server.forms if form.batch == batch and isinstance(form.asked, Questionnaire)]
    if not forms:
        raise EvaluationError([Issue("SERVE-209")])
    questions = ordered(forms, panel)[:count]
    number = store_round(server.store, batch, panel)
    entry = {"form": batch, "round": number, "questions": json.dumps(questions), "place": 0, "turn": 1,
             "shown": False, "begun": now()}  # fmt: skip
    with server.store.writing() as connection:
        connection.execute(sa.insert(SESSIONS).values(**entry))


def ordered(forms: Sequence[AskedForm], panel: Panel | None) -> list[Triple]:
    """Return the comparisons that are asked, those that answers lie furthest apart on first."""
    asked = dict.fromkeys(
        (duty.group.id, a, b)
        for form in forms
        if isinstance(form.asked, Questionnaire)
        for duty in form.asked.asked
        for a, b in duty.pairs
    )
    said: dict[tuple[str, frozenset[str]], list[float]] = {}
    for one in panel.judgments if panel else ():
        first = min(one.a, one.b) == one.a
        said.setdefault((one.group, frozenset((one.a, one.b))), []).append(
            log(one.value if first else 1 / one.value)
        )

    def apart(pair: Triple) -> float:
        found = said.get((pair[0], frozenset(pair[1:])), [])
        return float(np.std(found)) if len(found) > 1 else 0.0

    return sorted(asked, key=lambda pair: -apart(pair))  # in the order of the form where they agree


def move(server: Server, key: str, step: str) -> None:
    """Go on: show, again, next, back or end; nothing where the session has gone on from `key` already."""
    session = running(server)
    if session is None or session.key != key:
        return
    last_place = len(session.questions) - 1
    changed: dict[str, object] = {}
    if step == "show":
        changed = {"shown": True}
    elif step == "again":
        changed = {"turn": session.turn + 1, "shown": False}
    elif step in ("next", "back"):
        place = min(last_place, max(0, session.place + (1 if step == "next" else -1)))
        turn = _last_turn(server, session, place)
        changed = {
            "place": place,
            "turn": turn,
            "shown": step == "back" and bool(votes(server, session, place, turn)),
        }
    elif step == "end":
        changed = {"ended": now(), "shown": True}
    if changed:
        with server.store.writing() as connection:
            connection.execute(sa.update(SESSIONS).where(SESSIONS.c.id == session.id).values(**changed))


def vote(server: Server, link: str, form: AskedForm, key: str, answer: str) -> None:
    """Keep a vote, and with it the answers of its voter.

    Raises
    ------
    EvaluationError
        where the session has gone on or the votes are shown; for what is no answer. Then nothing is kept.
    """
    session = running(server)
    if session is None or session.shown or session.key != key:
        raise EvaluationError([Issue("SERVE-213")])
    if level_of(answer) is None or session.question not in asked_of(form):
        raise EvaluationError([Issue("SERVE-204", answer[:40])])
    form = form.in_round(session.round)
    with server.store.writing() as connection:
        line = next(iter(server.store.lines(link=link, form=form.key, round=session.round)), None)
        content = _with_vote(server, form, line.content if line else None, session.question, answer)
        saving = Saving(
            answers=content.answers,
            remarks=content.remarks,
            line=line.id if line else 0,
            version=line.version if line else 0,
            final=True,
        )
        kept = {"session": session.id, "place": session.place, "turn": session.turn, "link": link}
        where = [VOTES.c[name] == value for name, value in kept.items()]
        connection.execute(sa.delete(VOTES).where(*where))
        connection.execute(sa.insert(VOTES).values(**kept, answer=answer, given=now()))
        save_answers(server.store, server.home, link, form, saving, connection=connection)


def asked_of(form: AskedForm) -> frozenset[Triple]:
    """Return the comparisons that a form asks."""
    if not isinstance(form.asked, Questionnaire):
        return frozenset()
    return frozenset((duty.group.id, a, b) for duty in form.asked.asked for a, b in duty.pairs)


def votes(server: Server, session: LiveSession, place: int, turn: int) -> dict[str, str]:
    """Return the votes on a question, by link."""
    where = (VOTES.c.session == session.id, VOTES.c.place == place, VOTES.c.turn == turn)
    return {row["link"]: row["answer"] for row in server.store.rows(sa.select(VOTES).where(*where))}


def spread(answers: Sequence[str]) -> Spread:
    """Return how votes lie.

    >>> found = spread(["3", "3", "1/3"])
    >>> found.counts[6], found.counts[10], round(found.middle, 3), round(found.factor, 3)
    (2, 1, 1.442, 3.556)
    """
    places = [(level_of(one) or 9) - 1 for one in answers]
    counts = tuple(places.count(place) for place in range(len(RATIOS)))
    logs = np.log([RATIOS[place] for place in places])
    if len(places) < 2:
        return Spread(counts, RATIOS[places[0]] if places else float("nan"), float("nan"), float("nan"))
    ratios = np.exp(logs)
    shares = np.stack([ratios / (1 + ratios), 1 / (1 + ratios)], axis=-1)
    factor = exp(float(np.std(logs, ddof=1)))
    return Spread(counts, exp(float(np.mean(logs))), factor, float(ahp.consensus(shares)))


def _last_turn(server: Server, session: LiveSession, place: int) -> int:
    where = (VOTES.c.session == session.id, VOTES.c.place == place)
    rows = server.store.rows(sa.select(sa.func.max(VOTES.c.turn).label("turn")).where(*where))
    return rows[0]["turn"] or 1


def _with_vote(
    server: Server, form: AskedForm, kept: Mapping[str, object] | None, pair: Triple, answer: str
) -> Content:
    """Return a voter's answers with one vote: those of this session, else those given before to its group."""
    content = Content() if kept is None else Content.model_validate_json(json.dumps(kept))
    before = read_round(server.store, form.batch, round_of(form))
    own = before.own.get(form.person.id) if before else None
    groups = {one[0] for one in content.answers}
    asked = asked_of(form)
    given = {one[:3]: one[3] for one in content.answers}
    if own and pair[0] not in groups:
        given |= {one[:3]: one[3] for one in own.answers if one[0] == pair[0] and one[:3] in asked}
    given[pair] = answer
    return Content(answers=tuple((*key, ratio) for key, ratio in given.items()), remarks=content.remarks)


def _session(row: Row) -> LiveSession:
    questions = tuple((group, a, b) for group, a, b in json.loads(row["questions"]))
    return LiveSession(**{**row, "questions": questions})
