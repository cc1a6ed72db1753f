"""A realistic study to try the whole road on: an invented company, its customers, experts and files."""

from evaluator.demo.study import Made, make

__all__ = ["Made", "make"]
