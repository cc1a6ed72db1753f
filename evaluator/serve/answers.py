"""Answers that came in: kept as they are given, and as a file of the study once they are sent.

What is sent is first written as it came to `served/received/`, with its hash, time, form and link in
`served/received.jsonl`; then it stands among the answers of its form, as if it had come by mail. Only then
is the sender told so.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from evaluator.errors import raise_errors
from evaluator.files import write_durably
from evaluator.serve.asked import AskedForm
from evaluator.serve.content import Content, Saving
from evaluator.serve.store import LINES, Line, Store, line_of

RECEIVED, LEDGER = "received", "received.jsonl"
_SHOWN = 12  # digits of a hash in the name of a file
_AWAY = 120
"""Seconds without an answer after which somebody was not at it."""


@dataclass(frozen=True)
class Saved:
    """What happened to answers: the line and version to go on from, and whether that is another line now."""

    line: int
    version: int
    forked: bool
    sent: str

    @property
    def data(self) -> Mapping[str, object]:
        """What a browser is told."""
        return {"line": self.line, "version": self.version, "forked": self.forked, "sent": self.sent}


def now() -> str:
    """Return the time, in UTC, to the millisecond."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")


def local_time(time: str) -> str:
    """Return a stored time as the clock of the server shows it, to the minute."""
    return datetime.fromisoformat(time).astimezone().strftime("%Y-%m-%d %H:%M")


def shown_line(store: Store, link: str, form: AskedForm) -> Line | None:
    """Return the answers that a browser goes on from: those kept last, in this round or the one before."""
    found = store.lines(link=link, form=form.key)
    last = max((line.round for line in found), default=0)
    return next((line for line in found if line.round == last), None)


def save_answers(
    store: Store,
    home: Path,
    link: str,
    form: AskedForm,
    saving: Saving,
    connection: sa.Connection | None = None,
) -> Saved:
    """Keep answers; where they are sent, as a file of the study too; within a writing that is going on.

    They go on from a line at a version. Where others have gone on from there meanwhile, both are kept, in
    lines of their own; the same answers sent twice are kept once.

    Raises
    ------
    EvaluationError
        for what are no answers to this form; where the file cannot be written. Then nothing was kept.
    """
    if wrong := form.wrong(saving.content):
        raise_errors([wrong])
    with nullcontext(connection) if connection else store.writing() as connection:
        lines = _lines(connection, link, form)
        if same := next((line for line in lines if _same(line, saving)), None):
            return Saved(same.id, same.version, forked=False, sent=same.sent)
        before = next((line for line in lines if line.id == saving.line), None)
        goes_on = before if before and before.version == saving.version else None
        number = goes_on.number if goes_on else 1 + max((line.number for line in lines), default=0)
        at = now()
        if saving.final:
            _receive(home, link, form, saving.content, number, at)
        id_ = _write(connection, link, form, saving, goes_on, number, at)
        forked = goes_on is None and bool(lines)
        return Saved(id_, saving.version + 1 if goes_on else 1, forked, at if saving.final else "")


def _lines(connection: sa.Connection, link: str, form: AskedForm) -> list[Line]:
    where = (LINES.c.link == link, LINES.c.form == form.key, LINES.c.round == round_of(form))
    return [line_of(dict(row)) for row in connection.execute(sa.select(LINES).where(*where)).mappings().all()]


def round_of(form: AskedForm) -> int:
    """Return the round in which a form is asked."""
    return getattr(form.asked, "round", 1)


def _same(line: Line, saving: Saving) -> bool:
    """True if a request comes again whose answer was lost: it is kept already."""
    return (
        Content.model_validate_json(json.dumps(line.content)) == saving.content
        and bool(line.sent) >= saving.final
        and line.version in (saving.version, saving.version + 1)
        and (saving.line in (line.id, 0))
    )


def _write(
    connection: sa.Connection,
    link: str,
    form: AskedForm,
    saving: Saving,
    before: Line | None,
    number: int,
    at: str,
) -> int:
    said: dict[str, Any] = {
        "content": saving.content.model_dump_json(),
        "count": form.counted(saving.content),
        "saved": at,
        "sent": at if saving.final else "",
    }
    if before:
        away = (datetime.fromisoformat(at) - datetime.fromisoformat(before.saved)).total_seconds()
        said |= {
            "version": before.version + 1,
            "seconds": before.seconds + min(max(0.0, away), _AWAY),
            "times": before.times + saving.final,
        }
        connection.execute(sa.update(LINES).where(LINES.c.id == before.id).values(**said))
        return before.id
    said |= {"link": link, "form": form.key, "round": round_of(form), "number": number, "version": 1,
             "opened": at, "seconds": 0.0, "times": int(saving.final)}  # fmt: skip
    made = connection.execute(sa.insert(LINES).values(**said))
    return int(made.inserted_primary_key[0]) if made.inserted_primary_key else 0


def _receive(home: Path, link: str, form: AskedForm, content: Content, number: int, at: str) -> None:
    """Write answers as files: as they came, then among the answers of their form."""
    text = form.file(content, saved=at, link=link).encode("utf-8")
    digest = hashlib.sha256(text).hexdigest()
    stamp = at.replace(":", "").replace("-", "").partition("+")[0]
    name = f"{stamp}_{digest[:_SHOWN]}.json"
    write_durably(home / RECEIVED / name, text)
    _enter(home / LEDGER, {"file": f"{RECEIVED}/{name}", "sha256": digest, "time": at, "form": form.batch,
                           "person": form.person.id, "round": round_of(form), "link": link})  # fmt: skip
    write_durably(form.folder / answer_file(form, number), text)


def answer_file(form: AskedForm, number: int) -> str:
    """Return the name of a line's file among the answers of its form."""
    later = f"_{round_of(form)}" if round_of(form) > 1 else ""
    return f"{form.stem}{later}_link{number if number > 1 else ''}.json"


def _enter(ledger: Path, entry: Mapping[str, object]) -> None:
    line = json.dumps(entry, ensure_ascii=False) + "\n"
    with open(ledger, "ab") as stream:
        stream.write(line.encode("utf-8"))
        stream.flush()
        os.fsync(stream.fileno())
