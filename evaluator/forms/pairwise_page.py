"""The pairwise questionnaire as a page: one self-contained file per expert, for a phone as for a desk.

It asks pair by pair, shows weights and consistency as the workbook does, asks nothing of any network, and
saves a file of answers or shows them as a code.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from evaluator import ahp, messages
from evaluator.files import write_text
from evaluator.forms.carriers import Sending, fill_page
from evaluator.forms.choices import labels, patterns
from evaluator.forms.duties import GroupDuty
from evaluator.forms.page_answers import Records
from evaluator.forms.page_files import digest, earlier
from evaluator.forms.page_form import PageRecord, page_record
from evaluator.forms.pairwise_sheet import Questionnaire

_MODULES = ("frame", "ahp", "code", "seal", "keeping", "pairs")
_WORDS = (
    "question", "unanswered", "equal", "blank", "blanks", "next", "back", "progress", "minutes",
    "weights", "waiting", "good", "bad", "untested", "fits", "go", "cycle", "remark", "kept", "unkept",
    "copied", "of_group", "choose", "spread", "yours",
)  # fmt: skip


def write_page(path: Path, one: Questionnaire) -> None:
    """Write a questionnaire as a page; what earlier pages of the same file asked stays known in it.

    Raises `EvaluationError` when the file cannot be written.
    """
    record = page_record(one.tree, one.expert, one.asked, round_=one.round)
    write_text(path, _page(one, Records(record=record, earlier=earlier(Records, path, record))))


def served_page(one: Questionnaire, sending: Sending) -> str:
    """Return a questionnaire as a page on a server, with the answers it goes on from in `given`."""
    record = page_record(one.tree, one.expert, one.asked, round_=one.round)
    return _page(one, Records(record=record), sending)


def _page(one: Questionnaire, records: Records, sending: Sending | None = None) -> str:
    values = {
        "title": one.title,
        "about": _about(one),
        "needed": len(records.record.pairs),
        "coded": True,
    }
    said, data = records.model_dump(mode="json"), _data(one, records.record, sending)
    return fill_page(
        "form/pairwise.html.j2",
        one.language,
        _MODULES,
        one.expert,
        values,
        record=said,
        data=data,
        sending=sending,
    )


def _about(one: Questionnaire) -> str:
    if one.round > 1:
        return messages.text("pairwise.again", one.language)
    about = one.tree.description[one.language] if one.tree.description else ""
    name = one.tree.name[one.language]
    return messages.text("pairwise.about", one.language, tree=name, about=about).strip()


def _data(one: Questionnaire, record: PageRecord, sending: Sending | None) -> dict[str, object]:
    spread = sending.spread if sending else {}
    return {
        "digest": digest(record),
        "form": record.fingerprint,
        "person": record.person_bits,
        "file": f"{record.tree}-{record.expert.id}",
        "groups": [_group(duty, one, spread) for duty in one.asked],
        "remarks": dict(sending.remarks) if sending else {},
        "patterns": patterns(one.language),
        "texts": {word: messages.text(f"page_form.{word}", one.language, **_BLANKS) for word in _WORDS},
    }


_BLANKS = {
    name: f"{{{name}}}"
    for name in ("group", "number", "count", "total", "minutes", "limit", "sentence", "names")
}


def _group(
    duty: GroupDuty, one: Questionnaire, spread: Mapping[tuple[str, str, str], Sequence[int]]
) -> dict[str, object]:
    group, language = duty.group, one.language
    places = {child.id: place for place, child in enumerate(group.children)}
    named, n = labels(group, language), len(group.children)
    convention = ahp.CONVENTIONS[one.convention].function
    given = one.given.get(group.id, {})
    tested = n > 2 and len(duty.pairs) == n * (n - 1) // 2
    return {
        "id": group.id,
        "name": group.name[language],
        "meaning": group.definition[language] if group.definition else "",
        "children": [
            {"id": child.id, "name": named[child.id],
             "meaning": child.definition[language] if child.definition else ""}
            for child in group.children
        ],
        "pairs": [[places[a], places[b]] for a, b in duty.pairs],
        "given": [given.get(pair) for pair in duty.pairs],
        "spread": [spread.get((group.id, *pair)) for pair in duty.pairs],
        "tested": tested,
        "ri": ahp.random_index(n, convention.table("linear")) if tested else None,
        "limit": convention(n) if tested else None,
    }  # fmt: skip
