"""What `--json` of each verb prints, as JSON Schema: nothing is printed that does not stand here.

A document of a verb that met a problem is `PROBLEMS`: what is wrong, and what was written before.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

Schema = dict[str, Any]

TEXT: Schema = {"type": "string"}
NUMBER: Schema = {"type": "number"}
COUNT: Schema = {"type": "integer", "minimum": 0}
TRUTH: Schema = {"type": "boolean"}
ROW: Schema = {"type": "object", "description": "a row whose columns depend on the tree or the data"}


def maybe(schema: Schema) -> Schema:
    """Return what may also be null, which stands for nothing known."""
    return {"anyOf": [schema, {"type": "null"}]}


def listed(schema: Schema) -> Schema:
    """Return a list of what a schema describes."""
    return {"type": "array", "items": schema}


def by_name(schema: Schema) -> Schema:
    """Return values by name."""
    return {"type": "object", "additionalProperties": schema}


def shape(needed: Mapping[str, Schema], further: Mapping[str, Schema] | None = None) -> Schema:
    """Return an object with these keys and no others; `further` may be absent."""
    return {"type": "object", "properties": {**needed, **(further or {})}, "required": list(needed),
            "additionalProperties": False}  # fmt: skip


ISSUE = shape(
    {"code": TEXT, "severity": {"enum": ["error", "warning", "note"]}, "subject": TEXT, "where": maybe(TEXT),
     "says": TEXT},
)  # fmt: skip
PROBLEMS = shape({"written": listed(TEXT), "issues": listed(ISSUE)})
NOTED = {"issues": listed(ISSUE)}
DONE = {"written": listed(TEXT), **NOTED}
GRADES = listed(shape({"grade": maybe(TEXT), "customers": COUNT}))
SCORED = {"customers": COUNT, "statuses": by_name(COUNT), "grades": GRADES}
TREE = {"tree": TEXT, "branch": maybe(TEXT)}
WROTE = shape({"database": TEXT, "table": TEXT, "rows": COUNT, "run": TEXT, "replaced": maybe(COUNT)})
CERTAINTY = shape({
    "draws": COUNT, "seed": COUNT, "level": NUMBER, "spread": maybe(NUMBER), "deciding": TEXT,
    "sources": listed(TEXT), "rated": COUNT, "looked": COUNT, "steady": maybe(COUNT),
    "grounds": by_name(TEXT), "totals": listed(ROW), "alone": listed(ROW), "actions": by_name(NUMBER),
    "issues": listed(shape({"code": TEXT, "severity": TEXT, "text": TEXT})),
})  # fmt: skip
AUDIT = listed(shape({"principle": TEXT, "says": TEXT, "accepted": TRUTH}))
FOUND_OF_FILES = {
    "folder": TEXT, "kept": listed(TEXT), "tables": by_name(ROW),
    "fed": shape({"tree": TEXT, "indicators": COUNT, "of": COUNT, "share": NUMBER, "columns": by_name(TEXT),
                  "open": listed(TEXT), "short": by_name(shape({"needed": COUNT, "months": COUNT}))}),
}  # fmt: skip
FORM = shape({"person": TEXT, "state": TEXT, "file": TEXT},
             {"pairs": COUNT, "minutes": NUMBER, "changed": listed(TEXT), "lines": COUNT})  # fmt: skip
DRIFT = shape({
    "passed": TRUTH, "limits": by_name(NUMBER), "population": COUNT, "indicators": listed(ROW),
    "classes": listed(ROW),
})  # fmt: skip
RUN = shape({}, {
    **FOUND_OF_FILES, "open": listed(TEXT), "actions": by_name(COUNT), "written_back": WROTE, **DONE,
    "trees": listed(shape(
        TREE, {"as_of": TEXT, "unrated": COUNT, "certainty": maybe(CERTAINTY), **SCORED, "drift": DRIFT}
    )),
})  # fmt: skip


def _of_trees(**each: Schema) -> Schema:
    """Return what a verb prints that goes through the trees of a study."""
    return shape(DONE, {"trees": listed(shape({**TREE, **each})), "written_back": WROTE})


def of_type(kind: Any) -> Schema:
    """Return the schema of a dataclass as `asdict` and JSON make it: a figure that cannot be had is null."""
    from pydantic import TypeAdapter  # here, because help must not load it

    schema: Schema = TypeAdapter(kind).json_schema(mode="serialization")
    closed: Schema = _with_null(schema)
    return closed


def _with_null(part: Any) -> Any:
    if isinstance(part, list):
        return [_with_null(entry) for entry in part]
    if not isinstance(part, dict):
        return part
    if part.get("type") == "number":
        return {"type": ["number", "null"]}
    return {key: _with_null(value) for key, value in part.items() if key != "default"}


def _joined(schema: Schema, **further: Schema) -> Schema:
    """Return an object's schema with further keys, closed to all others; definitions come to the top."""
    definitions = dict(schema.get("$defs", {}))
    added = {}
    for name, entry in further.items():
        definitions |= entry.get("$defs", {})
        added[name] = {key: value for key, value in entry.items() if key != "$defs"}
    joined = shape({**schema["properties"], **added})
    return joined | ({"$defs": definitions} if definitions else {})


def _explain() -> Schema:
    from evaluator.analysis import Explanation, Lift

    known = of_type(Explanation)
    known["properties"]["names"] = by_name(TEXT)
    return _joined(known, lift=of_type(Lift), **NOTED)


def _weigh() -> Schema:
    from evaluator.evaluation import JudgmentFindings
    from evaluator.weighing.weights import GroupWeights

    groups, judgment = of_type(list[GroupWeights]), of_type(JudgmentFindings | None)
    words = dict.fromkeys(
        ("source", "form", "convention", "method", "aggregation", "expert_weights", "scale"), TEXT
    )
    one = _joined(shape({**words, "local": by_name(NUMBER), "global": by_name(NUMBER), **NOTED}),
                  groups=groups, judgment=judgment)  # fmt: skip
    definitions = one.pop("$defs")
    return {"anyOf": [one, by_name(one)], "$defs": definitions}


def _check() -> Schema:
    tables = listed({"type": "object"})
    tree = shape({**TREE, **NOTED, "tables": tables, "audit": AUDIT})
    study = shape({"sound": {"const": True}, "study": TEXT, "trees": listed(tree)})
    one = shape({"sound": {"const": True}, "tree": TEXT, **NOTED, "audit": AUDIT})
    return {"anyOf": [study, one, shape({"sound": {"const": False}, **NOTED})]}


def _list() -> Schema:
    return {"anyOf": [listed(ROW), shape({"written": TEXT})]}


def _measure() -> Schema:
    from evaluator.measuring.measures import MeasureNote

    note = of_type(MeasureNote)
    return _of_trees(customers=COUNT, as_of=TEXT, measures=listed(note))


def _revise() -> Schema:
    from evaluator.weighing import Revision
    from evaluator.weighing.weights import Judged

    judged = of_type(Judged | None)
    revision = Revision.model_json_schema(mode="serialization")
    return _joined(shape({"file": TEXT, "revision": revision, **NOTED}), before=judged, after=judged)


SCHEMAS: Mapping[str, Schema | Callable[[], Schema]] = {
    "demo": {**RUN, "properties": {**RUN["properties"], "folder": TEXT}},
    "init": shape(DONE, {"folder": TEXT, "open": listed(TEXT), "awaited": listed(TEXT),
                         "dropped": listed(TEXT)}),
    "check": _check,
    "ask": shape(DONE, {"forms": listed(FORM)}),
    "revise": _revise,
    "weigh": _weigh,
    "measure": _measure,
    "fit": _of_trees(population=COUNT, fingerprint=TEXT),
    "score": _of_trees(**SCORED),
    "report": _of_trees(reports=listed(TEXT)),
    "plan": shape({
        "value": NUMBER, "cost": NUMBER, "budget": maybe(NUMBER), "bound": NUMBER, "gap": NUMBER,
        "unknown": COUNT, "last_10000": maybe(NUMBER),
        "assumptions": by_name(shape({"zh": TEXT, "en": TEXT})), "given": listed(ROW), "stopped": listed(ROW),
        "frontier": listed(ROW), "prices": listed(ROW), "effects": listed(ROW), **NOTED,
    }),
    "run": RUN,
    "explain": _explain,
    "compare": shape({
        "title": shape({"zh": TEXT, "en": TEXT}), "as_of": maybe(TEXT), "switches": listed(TEXT),
        "customers": listed(ROW), "moves": listed(ROW), "last": maybe(NUMBER), "now": maybe(NUMBER),
        "compared": NUMBER, "steps": by_name(NUMBER), "composition": NUMBER, "counts": by_name(COUNT),
        "halfway": COUNT, **NOTED,
    }),
    "robust": shape(DONE, {"trees": listed(shape(
        {**TREE, "certainty": CERTAINTY, "customers": listed(ROW)},
        dict.fromkeys(("break_even", "break_even_classes", "break_even_customers"), listed(ROW)),
    ))}),
    "pack": shape({"left_out": listed(shape({"path": TEXT, "reason": TEXT})), **DONE}),
    "verify": shape({
        "verified": TRUTH, "exact": TRUTH, "files": COUNT, "fingerprints": listed(TEXT), **NOTED,
    }),
    "list": _list,
    "show": shape({"id": TEXT, "name": TEXT, "nodes": listed(shape({
        "id": TEXT, "name": TEXT, "depth": COUNT, "local": maybe(NUMBER), "global": maybe(NUMBER),
        "measure": maybe(TEXT), "direction": maybe(TEXT), "unit": maybe(TEXT),
    })), **NOTED}),
    "export": shape(DONE, {"dialect": TEXT, "reads": by_name(TEXT), "columns": by_name(TEXT)}),
    "bundle": shape({
        "bundle": {"const": 1}, "software": TEXT, "language": TEXT, "title": TEXT, "as_of": TEXT,
        "currency": TEXT, "seed": maybe(COUNT), "fingerprint": maybe(TEXT), "conventions": by_name(TEXT),
        "files": listed(shape({"path": TEXT, "sha256": TEXT, "rows": maybe(COUNT)})),
        "tree": shape({"id": TEXT, "name": TEXT, "subject": TEXT, "fingerprint": TEXT}),
        "model": shape({"fingerprint": TEXT, "population": COUNT}),
        "weights": ROW, "customers": listed(ROW), "unrated": listed(ROW),
        "actions": maybe(by_name(COUNT)), "plan": maybe(ROW), "certainty": maybe(CERTAINTY), **NOTED,
    }, {"written": listed(TEXT)}),
    "doctor": shape({
        "software": TEXT, "python": TEXT, "system": TEXT, "encodings": by_name(maybe(TEXT)),
        "libraries": listed(shape({"name": TEXT, "needs": TEXT, "version": maybe(TEXT), "fits": TRUTH})),
        "extras": listed(shape({"extra": TEXT, "there": TRUTH, "lacking": listed(TEXT), "install": TEXT})),
        "programs": listed(shape({"name": TEXT, "path": maybe(TEXT), "for": TEXT})),
        "fonts": shape({"chinese": listed(TEXT)}),
        "folders": listed(shape({"folder": TEXT, "for": TEXT, "writable": TRUTH})), **NOTED,
    }),
}  # fmt: skip
"""By verb; those that are made of the types they print are made when asked for."""

WITHOUT = ("serve", "mcp", "schema")
"""Verbs that serve until they are ended, and the one that prints these."""


def schema_of(verb: str) -> Schema:
    """Return the schema of what a verb prints, a document of problems included."""
    made = SCHEMAS[verb]
    schema = made() if callable(made) else made
    definitions = schema.get("$defs", {})
    inner = {key: value for key, value in schema.items() if key != "$defs"}
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": f"evaluator {verb} --json",
            "anyOf": [inner, PROBLEMS]} | ({"$defs": definitions} if definitions else {})  # fmt: skip
