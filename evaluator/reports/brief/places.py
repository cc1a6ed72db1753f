"""The places of a consultant's template: what they may name, and what is said where they name nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from jinja2 import StrictUndefined
from jinja2.exceptions import SecurityError

from evaluator.errors import Issue, Location, Severity, nearest
from evaluator.html.reach import for_templates
from evaluator.html.rendering import templates
from evaluator.html.sandbox import Sandbox
from evaluator.present import figures
from evaluator.present.charts import Chart
from evaluator.reports.brief.passages import Passage, brief, names, passage
from evaluator.reports.context import Context
from evaluator.reports.renamed import SECTIONS

LOGO = "logo"
Noted = Callable[[Issue], None]


@dataclass
class Places:
    """What the places of a template are filled with; what cannot be given is noted, and the rest is made.

    Parameters
    ----------
    words : what stands before a brief, by name. file : the template, as issues name it.
    colours : in place of the charts' own. parts : the passages of the brief, in the order of reading.
    """

    context: Context
    words: Mapping[str, str]
    file: str
    noted: Noted
    colours: Mapping[str, str] = field(default_factory=dict)
    parts: tuple[Passage, ...] = field(init=False)
    _known: dict[str, Passage] = field(init=False)

    def __post_init__(self) -> None:
        self.parts = tuple(map(self._dressed, brief(self.context)))
        self._known = {entry.id: entry for entry in self.parts}

    def note(self, code: str, subject: str, hint: tuple[str, ...] = (), **detail: object) -> None:
        """Say what could not be given."""
        where = Location(self.file)
        self.noted(Issue(code, subject, detail, hint=hint, where=where, severity=Severity.WARNING))

    def found(self, name: str) -> Passage | None:
        """Return a passage; None where there is none of that name, or nothing for it."""
        if name not in self._known and name in names() and (more := passage(name, self.context)):
            self._known[name] = self._dressed(more)
        return self._known.get(name)

    def _dressed(self, told: Passage) -> Passage:
        """Return a passage with its charts in the colours of the brand and the units of the language."""
        blocks = (
            b.in_colours(self.colours).in_units(self.context.text) if isinstance(b, Chart) else b
            for b in told.blocks
        )
        return replace(told, blocks=tuple(blocks))

    def asked(self, name: str) -> Passage | None:
        """Return the passage that a place names; else say that there is none."""
        told = self.found(name)
        if told is None and name in names():
            self.note("REPORT-853", name)
        elif told is None:
            successor = (SECTIONS[name],) if name in SECTIONS else ()
            self.note("REPORT-852", name, successor or nearest(name, names()))
        return told

    def environment(self) -> Sandbox:
        """Return the sandbox in which the places are filled."""
        language = self.context.language
        environment = templates(language, filters=figures.filters(language))
        environment.undefined = self._unknown()
        return environment

    def values(self) -> dict[str, object]:
        """Return what places may name besides blocks."""

        @for_templates
        def message(name: str) -> str:
            told = self.asked(name)
            return told.message if told else ""

        @for_templates
        def has(name: str) -> bool:
            return self.found(name) is not None

        return {**self.words, "parts": self.parts, "message": message, "has": has}

    def _unknown(self) -> type[StrictUndefined]:
        """Return what stands for a name that is not known: it is noted, and nothing is written."""
        note, known = self.note, (*self.words, "block", "message", "parts")

        class Unknown(StrictUndefined):
            __slots__ = ()

            def _note(self) -> None:
                if self._undefined_exception is SecurityError:
                    self._fail_with_undefined_error()
                name = str(self._undefined_name)
                note("REPORT-852", name, nearest(name, known))

            def __str__(self) -> str:  # type: ignore[override]
                self._note()
                return ""

            def __bool__(self) -> bool:  # type: ignore[override]
                self._note()
                return False

            def __iter__(self) -> Iterator[object]:  # type: ignore[override]
                self._note()
                return iter(())

            def __getattr__(self, name: str) -> Unknown:
                if name.startswith("__"):
                    raise AttributeError(name)
                self._note()
                return self

            def __call__(self, *given: object, **named: object) -> Unknown:  # type: ignore[override]
                self._note()
                return self

        return Unknown
