"""The server: the protocol's messages on one side, tools on the other."""

from __future__ import annotations

import json
import math
import sys
import traceback
from collections.abc import Mapping
from functools import partial
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from evaluator import messages
from evaluator.errors import EvaluationError, Issue
from evaluator.files import confined
from evaluator.mcp.answers import Desk
from evaluator.mcp.root import Root
from evaluator.mcp.tools import call, offered
from evaluator.terminal import escaped

if TYPE_CHECKING:
    from mcp.server.lowlevel import Server


def desk(root: str | Path, *, writes: bool = False, language: str = "en") -> Desk:
    """Return where tools work; an error where the root is no folder, or without the library `mcp`."""
    if find_spec("mcp") is None:
        raise EvaluationError([Issue("MCP-107", "mcp")])
    folder = Path(root).resolve()
    if not folder.is_dir():
        raise EvaluationError([Issue("MCP-106", str(root)[:200])])
    return Desk(Root(folder), writes, language)


def server(at: Desk) -> Server[Any]:
    """Return the server of a desk; one tool answers at a time."""
    import anyio
    from mcp import types
    from mcp.server.lowlevel import Server

    limiter = anyio.CapacityLimiter(1)

    async def listing(_context: Any, _params: Any) -> types.ListToolsResult:
        tools = [
            types.Tool(
                name=tool.name,
                description=messages.text(f"mcp.tool.{tool.name}", at.language),
                input_schema=tool.schema(),
                annotations=types.ToolAnnotations(read_only_hint=not tool.writes, open_world_hint=False),
            )
            for tool in offered(at.writes)
        ]
        return types.ListToolsResult(tools=tools)

    async def calling(_context: Any, params: types.CallToolRequestParams) -> types.CallToolResult:
        answer = partial(answered, at, params.name, params.arguments or {})
        says, data, failed = await anyio.to_thread.run_sync(answer, limiter=limiter)
        text = json.dumps(data, ensure_ascii=False, allow_nan=False)
        content: list[Any] = [types.TextContent(text=says), types.TextContent(text=text)]
        return types.CallToolResult(content=content, structured_content=data, is_error=failed)

    return Server(
        "evaluator",
        version=version("evaluator"),
        instructions=messages.text("mcp.instructions", at.language),
        on_list_tools=listing,
        on_call_tool=calling,
    )


def answered(at: Desk, name: str, given: Mapping[str, Any]) -> tuple[str, dict[str, Any], bool]:
    """Return the sentence of an answer, its data, and whether the call failed; nothing is raised."""
    try:
        with confined(at.root.folder):
            answer = call(at, name, given)
    except EvaluationError as error:
        found = [escaped(issue) for issue in error.issues]  # whoever shows an answer may do so on a terminal
        says = "\n".join(issue.text(at.language) for issue in found)
        return says, {"says": says, "issues": at.issues(found)}, True
    except Exception:
        traceback.print_exc(file=sys.stderr)  # for whoever started the server, not for who asked
        says = messages.text("mcp.fault", at.language)
        return says, {"says": says, "issues": []}, True
    return answer.says, plain({"says": answer.says, **answer.data}), False


def plain(value: Any) -> Any:
    """Return a value as JSON holds it: null where there is no number, text where there is no JSON for it."""
    if isinstance(value, Mapping):
        return {str(key): plain(entry) for key, entry in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(entry) for entry in value]
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode("utf-8")
    return value if isinstance(value, (int, bool)) or value is None else str(value)


def serve(at: Desk) -> None:
    """Serve over standard input and output until they are closed."""
    import anyio
    from mcp.server.stdio import stdio_server

    async def running() -> None:
        made = server(at)
        async with stdio_server() as (read, write):
            await made.run(read, write, made.create_initialization_options())

    anyio.run(running)
