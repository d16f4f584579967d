"""Exercises that answer: what they are made of, and how a student's program is tried."""

from sandbox.checking.exercise import Case, Exercise, Expect, Failure, Mistake, Raises, variant
from sandbox.checking.program import Program
from sandbox.checking.stage import Stage

__all__ = [
    "Case",
    "Exercise",
    "Expect",
    "Failure",
    "Mistake",
    "Program",
    "Raises",
    "Stage",
    "variant",
]
