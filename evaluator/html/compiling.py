"""Templates compiled so that whatever costs something passes by the environment, which counts it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from jinja2 import nodes
from jinja2.compiler import CodeGenerator, Frame


class Paying(CodeGenerator):
    """Compiles templates so that loops, texts put together and lists are paid for."""

    def visit_For(self, node: nodes.For, frame: Frame) -> None:
        counted = nodes.EnvironmentAttribute("counted", lineno=node.lineno)
        node.iter = nodes.Call(counted, [node.iter], [], None, None, lineno=node.lineno)
        super().visit_For(node, frame)

    def visit_Call(self, node: nodes.Call, frame: Frame, forward_caller: bool = False) -> None:
        if isinstance(node.node, nodes.EnvironmentAttribute):
            self._handed(node.node.name, lambda: self.visit(node.args[0], frame))
        else:
            super().visit_Call(node, frame, forward_caller=forward_caller)

    def visit_Concat(self, node: nodes.Concat, frame: Frame) -> None:
        self._handed("joined", lambda: self.visit_Tuple(nodes.Tuple(node.nodes, "store"), frame))

    def visit_List(self, node: nodes.List, frame: Frame) -> None:
        self._handed("gathered", lambda: super(Paying, self).visit_List(node, frame))

    def visit_Dict(self, node: nodes.Dict, frame: Frame) -> None:
        self._handed("gathered", lambda: super(Paying, self).visit_Dict(node, frame))

    def visit_Tuple(self, node: nodes.Tuple, frame: Frame) -> None:
        if node.ctx == "load":
            self._handed("gathered", lambda: super(Paying, self).visit_Tuple(node, frame))
        else:
            super().visit_Tuple(node, frame)

    def visit_Getitem(self, node: nodes.Getitem, frame: Frame) -> None:
        if not isinstance(node.arg, nodes.Slice):
            super().visit_Getitem(node, frame)
            return
        self.write("environment.getitem(")
        self.visit(node.node, frame)
        self.write(", slice")
        ends = (node.arg.start, node.arg.stop, node.arg.step)
        members = [end or nodes.Const(None, lineno=node.lineno) for end in ends]
        self.visit_Tuple(nodes.Tuple(members, "store"), frame)
        self.write(")")

    def visit_ScopedEvalContextModifier(self, node: nodes.ScopedEvalContextModifier, frame: Frame) -> None:
        self.fail("what a value holds is always escaped", node.lineno)

    def _output_child_to_const(self, node: nodes.Expr, frame: Frame, finalize: Any) -> str:
        """Return what is written as it stands; what a filter makes of it is made when a template is filled.

        So the same code serves every language, whose filters have the same names.
        """
        if not isinstance(node, nodes.Const | nodes.TemplateData):
            raise nodes.Impossible
        return super()._output_child_to_const(node, frame, finalize)

    def _handed(self, method: str, write: Callable[[], None]) -> None:
        self.write(f"environment.{method}(")
        write()
        self.write(")")
