"""Where a database is and who may read it; a password never stands in a study.

A password comes from a variable of the environment that its user has allowed (``${NAME}``), from a file
outside the study (``credentials``), or from what the database's own client knows (``PGPASSWORD``,
``~/.pgpass``). Whatever is shown or kept names the database without it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import quote, unquote, urlsplit

import yaml
from pydantic import Discriminator, Field, Tag

from evaluator.data.mapping import without_password
from evaluator.data.variables import bare_variable, value_of, variable, variables
from evaluator.documents import Document, Format, Key
from evaluator.errors import EvaluationError, Issue, Location, nearest, raise_errors
from evaluator.files import has_file, opened, read_bytes
from evaluator.labels import PositiveCount
from evaluator.messages import Term

_SECRET_OPTION = re.compile(
    r"[?&;][^=&;]*(?:password|passwd|pwd|token|secret)[^=&;]*=(?!\$\{)", re.IGNORECASE
)
_IN_FILES = ("sqlite", "duckdb")
_FILES = (".sqlite", ".sqlite3", ".db", ".duckdb", ".ddb")
_OPTIONS = {
    "sslmode", "sslrootcert", "application_name", "client_encoding", "charset", "connect_timeout", "driver",
    "encrypt", "trustservercertificate", "warehouse", "role", "schema", "catalog", "service_name",
}  # fmt: skip
"""What a study may state behind a URL's question mark; the rest may name other servers and local files."""
_SHORTEST_SECRET = 3


class DatabaseOptions(Format):
    """A database of the client's, named once for all tables of the study.

    Parameters
    ----------
    url : ``postgresql://user@host/name``, or the path of an SQLite or DuckDB file; ``${NAME}`` stands for
        a variable of the environment that holds the whole URL, or its password.
    password : ``${NAME}`` and nothing else.
    credentials : a YAML file outside the study with `host`, `user` and `password`.
    timeout_seconds : how long a connection, or a table that somebody else has locked, is waited for.
    """

    url: Annotated[str, Field(min_length=1)]
    user: str | None = None
    password: Any = None  # of any type, so that a refused one is not quoted in an error of its type
    credentials: Annotated[str, Field(min_length=1)] | None = None
    timeout_seconds: PositiveCount = 30


def _kind(value: Any) -> str:
    return "<database>" if isinstance(value, dict | DatabaseOptions) else "<url>"


DatabaseSource = Annotated[
    Annotated[str, Tag("<url>")] | Annotated[DatabaseOptions, Tag("<database>")], Discriminator(_kind)
]
Databases = Mapping[str, "str | DatabaseOptions"]


@dataclass(frozen=True)
class Address:
    """A database ready to be opened: a URL with its password, or the file of an SQLite or DuckDB database.

    `name` is how it is called in messages and notes. `url` and `secrets` are never shown.
    """

    name: str
    url: str = field(repr=False)
    file: Path | None = None
    secrets: tuple[str, ...] = field(default=(), repr=False)
    timeout: int = 30

    @property
    def engine(self) -> str:
        """The kind of database: duckdb, sqlite, postgresql …"""
        return _scheme(self.url)

    def masked(self, text: str) -> str:
        """Return a text of the driver's without passwords."""
        for secret in sorted(self.secrets, key=len, reverse=True):
            text = text.replace(secret, "…")
        return without_password(text)


def check_databases(
    databases: Databases, used: Iterable[tuple[Key, str]], document: Document
) -> Iterator[Issue]:
    """Yield an issue for every password that stands in the study's file.

    `used` are the databases that tables and outputs name, each under its key.
    """
    for name, stated in databases.items():
        options = _options(stated)
        if _secret_in(options.url):
            yield Issue("DATA-451", name, where=document.where(("databases", name)))
        if options.password is not None and not variable(options.password):
            yield Issue("DATA-451", name, where=document.where(("databases", name, "password")))
    for key, stated in used:
        if _secret_in(stated):
            yield Issue("DATA-451", without_password(stated), where=document.where(key))


def database_files(databases: Databases, used: Iterable[tuple[Key, str]]) -> Iterator[tuple[Key, str]]:
    """Yield the relative paths of database files, each with its key in the study's file."""
    for name, stated in databases.items():
        if path := _stated_path(_options(stated).url):
            yield ("databases", name), path
    for key, stated in used:
        if stated not in databases and (path := _stated_path(stated)):
            yield key, path


def address(
    stated: str,
    databases: Databases,
    folder: str | Path,
    *,
    credentials: str | None = None,
    where: Location | None = None,
) -> Address:
    """Return where a database is, with what is needed to open it.

    Parameters
    ----------
    stated : a name among `databases`, the path of a database file, a URL, or a variable of the environment
        that holds a URL.
    databases : what the study says of its databases.
    folder : of the study; relative paths start there.

    Raises
    ------
    EvaluationError
        with everything wrong with the file of credentials, the variables and the options of the URL.

    >>> address("data/crm.sqlite", {}, "/study")
    Traceback (most recent call last):
    evaluator.errors.EvaluationError: DATA-401 data/crm.sqlite cannot be read: No such file. ...
    """
    options = _options(databases.get(stated, stated))
    if credentials:
        options = options.model_copy(update={"credentials": credentials})
    name = stated if stated in databases else without_password(stated)
    whole = variable(options.url) or bare_variable(options.url)
    if whole is None:
        _check_url(options, name, where)
    elif options.password is not None and not variable(options.password):
        raise EvaluationError([Issue("DATA-451", name, where=where)])
    url = value_of(whole, where=where) if whole else options.url
    if path := _path(url):
        return _file_address(name, Path(folder) / path, options, where)
    if "://" not in url or _scheme(url) in _IN_FILES:
        raise EvaluationError([Issue("DATA-459", name, hint=nearest(name, databases), where=where)])
    return _with_login(name, url, options, Path(folder), where, filled=whole is not None)


def _options(stated: str | DatabaseOptions) -> DatabaseOptions:
    return DatabaseOptions(url=stated) if isinstance(stated, str) else stated


def _scheme(url: str) -> str:
    """Return the kind of database a URL names, whatever driver it asks for."""
    return url.partition(":")[0].partition("+")[0].lower()


def _check_url(options: DatabaseOptions, name: str, where: Location | None) -> None:
    """Raise what a URL as written in a study may not hold: passwords, variables, options of its own."""
    if _secret_in(options.url) or (options.password is not None and not variable(options.password)):
        raise EvaluationError([Issue("DATA-451", name, where=where)])
    inside = [found for found in variables(options.url) if f":${{{found}}}@" not in options.url]
    raise_errors([Issue("DATA-469", found, {"database": name}, where=where) for found in inside])
    if "://" in options.url and _scheme(options.url) not in _IN_FILES:
        stated = [part.partition("=")[0] for part in re.split(r"[?&;]", options.url)[1:]]
        if refused := [option for option in stated if option.lower() not in _OPTIONS]:
            detail = {"options": ", ".join(refused), "allowed": ", ".join(sorted(_OPTIONS))}
            raise EvaluationError([Issue("DATA-468", name, detail, where=where)])


def _secret_in(url: str) -> bool:
    """True if a URL as written holds a password: one that is not a variable of the environment."""
    written = re.search(r"://[^:/@\s]*:(\S+)@", url)
    return bool(_SECRET_OPTION.search(url)) or bool(written and not variable(written[1]))


def _stated_path(url: str) -> str | None:
    return None if "${" in url else _path(url)


def _path(url: str) -> str | None:
    """Return the path of a database file, stated plainly or as a URL; None for a server's."""
    if _scheme(url) in _IN_FILES:
        return unquote(url.partition("://")[2].partition("?")[0]).removeprefix("/") or None
    return url if "://" not in url and url.lower().endswith(_FILES) else None


def _file_address(name: str, path: Path, options: DatabaseOptions, where: Location | None) -> Address:
    if not has_file(path):
        near = nearest(path.name, [entry.name for entry in path.parent.glob("*")])
        raise EvaluationError([Issue("DATA-401", name, {"reason": "No such file"}, near, where)])
    with opened(path) as stream:
        engine = "sqlite" if stream.read(6) == b"SQLite" else "duckdb"
    return Address(name, f"{engine}:///{path}", path, timeout=options.timeout_seconds)


def _with_login(
    name: str, url: str, options: DatabaseOptions, folder: Path, where: Location | None, *, filled: bool
) -> Address:
    """Return the address of a server's database with the user and the password found for it."""
    try:
        parts = urlsplit(url)
        written = unquote(parts.username or ""), unquote(parts.password or "")
        _ = parts.port  # no number, no port
    except ValueError as error:
        raise EvaluationError([Issue("DATA-459", name, where=where)]) from error
    server = parts.hostname or "localhost"
    stored = _credentials(options.credentials, folder, server, where) if options.credentials else {}
    asked = variable(options.password) or variable(written[1])
    stated = value_of(asked, host=server, where=where) if asked else ""
    user = options.user or stored.get("user") or written[0]
    password = stated or stored.get("password") or written[1]
    login = quote(user, safe="") + (f":{quote(password, safe='')}" if password else "")
    host = parts.netloc.rpartition("@")[2]
    rest = url.partition("://")[2].removeprefix(
        parts.netloc
    )  # put together by hand: `///name` keeps its strokes
    full = f"{parts.scheme}://{f'{login}@' if login else ''}{host}{rest}"
    secrets = {password, quote(password, safe=""), written[1], parts.password or ""}
    if filled:  # the whole URL is the user's: nothing of it is shown
        parts_of_url = (url, written[0], parts.hostname or "", parts.path.strip("/"), parts.query)
        secrets |= {part for part in parts_of_url if len(part) >= _SHORTEST_SECRET}
    return Address(name, full, None, tuple(secrets - {""}), options.timeout_seconds)


def _credentials(stated: str, folder: Path, server: str, where: Location | None) -> dict[str, str]:
    """Return `user` and `password` of a file outside the study, which says for which `host` they are.

    What is raised says what is wrong, never what the file holds: a study that came by mail may name
    a file of another client's.
    """

    def refused(reason: str) -> EvaluationError:
        return EvaluationError(
            [Issue("DATA-453", stated, {"reason": Term(f"database.credentials.{reason}")}, where=where)]
        )

    path = Path(stated).expanduser()
    if not path.is_absolute():
        raise refused("relative")
    if path.resolve().is_relative_to(folder.resolve()):
        raise refused("inside")
    try:
        data = yaml.load(read_bytes(path).decode("utf-8-sig"), yaml.BaseLoader)  # every scalar stays text
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise refused("unreadable") from error
    known = ("host", "user", "password")
    if not isinstance(data, dict) or not data or not _only(data, known):
        raise refused("content")
    if data.get("host", "").lower() != server:
        raise refused("host")
    return {str(key): str(value) for key, value in data.items()}


def _only(data: Mapping[Any, Any], known: Iterable[str]) -> bool:
    return all(key in known and isinstance(value, str) for key, value in data.items())
