"""What is sent to people: the link as text and as a picture, and drafts of mails that ask and remind."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP
from io import BytesIO
from pathlib import Path
from typing import Literal

import segno

from evaluator import messages
from evaluator.files import stems, write_durably, write_text
from evaluator.forms.pairwise import MINUTES_TO_READ
from evaluator.serve.links import Link
from evaluator.serve.server import Server
from evaluator.weighing.panel import Expert

Occasion = Literal["invitation", "reminder"]
OCCASIONS: tuple[Occasion, ...] = ("invitation", "reminder")


@dataclass(frozen=True)
class Invitation:
    """The link of a person, with how many minutes the forms take."""

    person: Expert
    link: Link
    address: str
    minutes: int


def invitations(server: Server) -> tuple[Invitation, ...]:
    """Return the invitation of everybody who is asked."""
    return tuple(
        Invitation(server.people[person], link, server.address(link), _minutes(server, person))
        for person, link in server.links().items()
    )


def write_invitations(server: Server, folder: Path) -> tuple[Path, ...]:
    """Write a list of the links, and for each person the picture of the link and two drafts of mails.

    Raises
    ------
    EvaluationError
        where something cannot be written.
    """
    found = invitations(server)
    names = stems((_named(one.person) for one in found), "person")
    listed = folder / "links.txt"
    write_text(listed, "".join(f"{one.person.name or one.person.id}\t{one.address}\n" for one in found))
    written = [listed]
    for one, name in zip(found, names, strict=True):
        write_text(folder / f"{name}.svg", picture(one.address))
        written.append(folder / f"{name}.svg")
        for occasion in OCCASIONS:
            path = folder / f"{name}_{occasion}.eml"
            write_durably(path, draft(server, one, occasion))
            written.append(path)
    return tuple(written)


def picture(address: str) -> str:
    """Return the QR code of an address, as SVG."""
    made = BytesIO()
    segno.make(address, error="m", micro=False).save(made, kind="svg", scale=5, border=3, xmldecl=False)
    return made.getvalue().decode("utf-8")


def picture_address(address: str) -> str:
    """Return the QR code of an address, as the address of a picture."""
    return segno.make(address, error="m", micro=False).svg_data_uri(scale=5, border=3)


def draft(server: Server, one: Invitation, occasion: Occasion) -> bytes:
    """Return a mail to look over and send, as every mail program opens it."""
    language = server.language
    mail = EmailMessage(policy=SMTP)
    mail["X-Unsent"] = "1"  # Outlook opens it as a draft
    mail["Subject"] = messages.text(f"serve.mail.{occasion}.subject", language, title=title(server))
    if to := addresses(server).get(one.person.id):
        mail["To"] = to
    mail.set_content(message(server, one, occasion), cte="base64")
    return mail.as_bytes()


def message(server: Server, one: Invitation, occasion: Occasion) -> str:
    """Return the text that asks or reminds a person."""
    language = server.language
    said = messages.text(
        f"serve.mail.{occasion}.text", language, title=title(server), name=one.person.name or one.person.id,
        address=one.address, minutes=one.minutes,
    )  # fmt: skip
    if one.link.ends:
        said += messages.text("serve.mail.ends", language, day=one.link.ends)
    if one.link.phrase:
        said += messages.text("serve.mail.phrase", language)
    return said


def title(server: Server) -> str:
    """Return what the study is called."""
    return server.study.file.title[server.language]


def addresses(server: Server) -> Mapping[str, str]:
    """Return the mail address of everybody whose address the study states."""
    file = server.study.file
    stated = {one.id: one.email for one in file.forms.respondents}
    stated |= {one.id: one.email for one in (*file.forms.raters, *file.forms.assessors)}
    stated |= {one.id: one.email for one in file.experts}
    return {person: address for person, address in stated.items() if address}


def _minutes(server: Server, person: str) -> int:
    forms = [form for form in server.forms if form.person.id == person]
    return MINUTES_TO_READ + sum(form.minutes() for form in forms)


def _named(person: Expert) -> str:
    return person.id if person.name in ("", person.id) else f"{person.id}_{person.name}"
