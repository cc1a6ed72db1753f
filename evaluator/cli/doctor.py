"""`evaluator doctor`: what is installed here, what is missing, and how to get it."""

from __future__ import annotations

import locale
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path
from typing import Any

import click

from evaluator.cli.console import Console
from evaluator.cli.options import as_json

PROGRAMS = {
    "libreoffice": ("soffice", "libreoffice"),
    "browser": ("chromium", "chromium-browser", "google-chrome", "chrome", "msedge"),
    "java": ("java",),
}
FONT_FILES = ("msyh.ttc", "simsun.ttc", "simhei.ttf", "PingFang.ttc", "Hiragino Sans GB.ttc")
FONT_FOLDERS = (Path("C:/Windows/Fonts"), Path("/System/Library/Fonts"), Path("/Library/Fonts"))
_REQUIREMENT = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?\s*([^;]*?)\s*(?:;\s*(.*))?$")
_EXTRA = re.compile(r"extra\s*==\s*[\"']([A-Za-z0-9_-]+)[\"']")
_INTERNAL = ("test", "dev", "docs", "all")


@click.command()
@as_json
@click.pass_obj
def command(console: Console, as_json: bool) -> int:
    """Say what is here and what is not; exit code 1 where something needed is missing."""
    found = examined()
    lacking = [one["name"] for one in found["libraries"] if not one["fits"]]
    if as_json:
        console.answer(found)
    else:
        _show(console, found)
    return 1 if lacking else 0


def examined() -> dict[str, Any]:
    """Return everything that is looked at."""
    return {
        "software": version("evaluator"),
        "python": platform.python_version(),
        "system": platform.platform(),
        "encodings": {
            "files": locale.getpreferredencoding(False), "names": sys.getfilesystemencoding(),
            "console": sys.stdout.encoding, "locale": ".".join(filter(None, locale.getlocale())) or None,
        },
        "libraries": list(_libraries("")),
        "extras": list(_extras()),
        "programs": [{"name": name, "path": _first(names), "for": f"cli.doctor.for.{name}"}
                     for name, names in PROGRAMS.items()],
        "fonts": {"chinese": chinese_fonts()},
        "folders": list(_folders()),
    }  # fmt: skip


def _requirements() -> Iterator[tuple[str, str, str]]:
    """Yield name, versions and extra of everything the installed package asks for."""
    for line in requires("evaluator") or ():
        found = _REQUIREMENT.match(line)
        if found:
            extra = _EXTRA.search(found[3] or "")
            yield found[1], found[2].strip("() "), extra[1] if extra else ""


def _libraries(extra: str) -> Iterator[dict[str, Any]]:
    for name, needs, of in _requirements():
        if of == extra and name != "evaluator":
            there = _version(name)
            yield {"name": name, "needs": needs, "version": there, "fits": _fits(there, needs)}


def _extras() -> Iterator[dict[str, Any]]:
    for extra in dict.fromkeys(of for _, _, of in _requirements() if of and of not in _INTERNAL):
        lacking = [one["name"] for one in _libraries(extra) if not one["fits"]]
        yield {"extra": extra, "there": not lacking, "lacking": lacking,
               "install": f"pip install 'evaluator[{extra}]'"}  # fmt: skip


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def _fits(there: str | None, needs: str) -> bool:
    """Return whether a version is at least the one needed; no other bound is ever stated.

    >>> _fits("2.10.1", ">=2.9"), _fits("1.9", ">=2"), _fits(None, ""), _fits("3", "")
    (True, False, False, True)
    """
    least = re.search(r">=\s*([0-9.]+)", needs)
    return there is not None and (least is None or _numbers(there) >= _numbers(least[1]))


def _numbers(stated: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", stated.split("+")[0])[:3])


def _first(names: tuple[str, ...]) -> str | None:
    return next((path for name in names if (path := shutil.which(name))), None)


def chinese_fonts() -> list[str]:
    """Return fonts with Chinese letters: without one they are empty boxes in pictures."""
    if program := shutil.which("fc-list"):
        listed = subprocess.run([program, ":lang=zh", "family"], capture_output=True, timeout=20, check=False)
        families = (
            line.split(",")[0].strip() for line in listed.stdout.decode("utf-8", "replace").splitlines()
        )
        return sorted({name for name in families if name})
    return [name for name in FONT_FILES for folder in FONT_FOLDERS if (folder / name).is_file()]


def _folders() -> Iterator[dict[str, Any]]:
    from evaluator.caches import cache_folder

    places = {"here": Path.cwd(), "temporary": Path(tempfile.gettempdir()), "cache": cache_folder()}
    for use, folder in places.items():
        if folder is not None:
            writable = os.access(folder, os.W_OK)
            yield {"folder": str(folder), "for": f"cli.doctor.for.{use}", "writable": writable}


def _show(console: Console, found: Mapping[str, Any]) -> None:
    console.say("cli.doctor.head", software=found["software"], python=found["python"], system=found["system"])
    encodings = ", ".join(f"{name} {value}" for name, value in found["encodings"].items() if value)
    console.say("cli.doctor.encodings", encodings=encodings)
    yes, no = console.text("cli.doctor.yes"), console.text("cli.doctor.no")
    console.table(
        [console.text(f"cli.doctor.{name}") for name in ("library", "needs", "version", "fits")],
        [
            (one["name"], one["needs"], one["version"], yes if one["fits"] else no)
            for one in found["libraries"]
        ],
    )
    console.gap()
    console.table(
        [console.text(f"cli.doctor.{name}") for name in ("extra", "there", "lacking", "install")],
        [(one["extra"], yes if one["there"] else no, ", ".join(one["lacking"]),
          "" if one["there"] else one["install"]) for one in found["extras"]],
    )  # fmt: skip
    console.gap()
    for one in found["programs"]:
        key = "program" if one["path"] else "no_program"
        console.say(f"cli.doctor.{key}", name=one["name"], path=one["path"], use=console.text(one["for"]))
    fonts = found["fonts"]["chinese"]
    console.say("cli.doctor.fonts" if fonts else "cli.doctor.no_fonts", names=", ".join(fonts[:5]))
    for one in found["folders"]:
        key = "folder" if one["writable"] else "no_folder"
        console.say(f"cli.doctor.{key}", folder=one["folder"], use=console.text(one["for"]))
