"""The link of each person: what opens it, until when, and how it is closed."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

import sqlalchemy as sa

from evaluator.errors import EvaluationError, Issue, nearest
from evaluator.serve.keys import Keys
from evaluator.serve.store import LINKS, Row, Store

_ID = 6  # bytes of an id
_SALT, _COST = 16, {"n": 2**14, "r": 8, "p": 1}
SHORTEST_PHRASE, LONGEST_PHRASE = 6, 200
State = Literal["open", "ended", "revoked"]
_REFUSED: Mapping[State, str] = {"ended": "SERVE-203", "revoked": "SERVE-202"}


@dataclass(frozen=True)
class Link:
    """The link of a person; `ends` is the last day it opens, and `phrase` what a pass phrase hashes to."""

    id: str
    person: str
    generation: int
    revoked: bool
    ends: str
    phrase: str
    opened: str

    @property
    def state(self) -> State:
        """Whether it opens what it leads to."""
        if self.revoked:
            return "revoked"
        return "ended" if self.ends and date.today().isoformat() > self.ends else "open"


def ensure_links(store: Store, people: Iterable[str]) -> dict[str, Link]:
    """Return the link of each person, made where there is none yet."""
    with store.writing() as connection:
        known = {row.person for row in connection.execute(sa.select(LINKS.c.person))}
        for person in dict.fromkeys(people):
            if person not in known:
                id_ = secrets.token_hex(_ID)
                connection.execute(sa.insert(LINKS).values(id=id_, person=person, generation=1))
    return {one.person: one for one in links(store)}


def links(store: Store) -> list[Link]:
    """Return every link there is."""
    return [_link(row) for row in store.rows(sa.select(LINKS).order_by(LINKS.c.person))]


def link_of(store: Store, id_: str) -> Link | None:
    """Return a link by its id."""
    row = store.row(sa.select(LINKS).where(LINKS.c.id == id_))
    return _link(row) if row else None


def link_behind(store: Store, keys: Keys, token: str) -> Link:
    """Return the link that an address names.

    Raises
    ------
    EvaluationError
        where there is no such link, or it was revoked, or has ended.
    """
    id_, _, code = token.partition("-")
    link = link_of(store, id_[:64])
    if link is None or not keys.fits(code, "link", link.id, link.generation):
        raise EvaluationError([Issue("SERVE-201")])
    raise_unless_open(link)
    return link


def raise_unless_open(link: Link) -> None:
    """Raise an error for a link that opens nothing any more."""
    if link.state != "open":
        raise EvaluationError([Issue(_REFUSED[link.state], link.ends)])


def change(store: Store, id_: str, **values: object) -> None:
    """Change what is known of a link."""
    with store.writing() as connection:
        connection.execute(sa.update(LINKS).where(LINKS.c.id == id_).values(**values))


def renew(store: Store, id_: str) -> None:
    """Give a link another address; the one before, and the browsers that opened it, are shut out."""
    with store.writing() as connection:
        again = {"generation": LINKS.c.generation + 1, "revoked": False}
        connection.execute(sa.update(LINKS).where(LINKS.c.id == id_).values(again))


def person_named(name: str, known: Mapping[str, Link]) -> Link:
    """Return the link of a person; an error where nobody is called so."""
    if name not in known:
        raise EvaluationError([Issue("SERVE-106", name, hint=nearest(name, known))])
    return known[name]


def hashed(phrase: str) -> str:
    """Return what is stored of a pass phrase, which it cannot be read from; blank for none.

    Raises
    ------
    EvaluationError
        where it is too short or too long.
    """
    phrase = phrase.strip()
    if not phrase:
        return ""
    if not SHORTEST_PHRASE <= len(phrase) <= LONGEST_PHRASE:
        detail = {"least": SHORTEST_PHRASE, "most": LONGEST_PHRASE}
        raise EvaluationError([Issue("SERVE-107", detail=detail)])
    salt = secrets.token_bytes(_SALT)
    return f"{salt.hex()}:{_hash(phrase, salt)}"


def phrase_fits(link: Link, phrase: str) -> bool:
    """True if a pass phrase is the one of a link."""
    salt, _, kept = link.phrase.partition(":")
    return hmac.compare_digest(_hash(phrase.strip()[:LONGEST_PHRASE], bytes.fromhex(salt)), kept)


def _hash(phrase: str, salt: bytes) -> str:
    return hashlib.scrypt(phrase.encode("utf-8", "replace"), salt=salt, **_COST).hex()


def _link(row: Row) -> Link:
    return Link(**row)
