"""Lire une formule sans l'exécuter : Python en fait un arbre, et nous ne gardons que le permis."""

import ast
import math
import operator

MAX_LENGTH = 200  # signes

CONSTANTS = {"pi": math.pi, "e": math.e}
FUNCTIONS = {
    name: getattr(math, name)
    for name in ("sin", "cos", "tan", "atan", "sinh", "cosh", "tanh", "exp", "log", "sqrt")
} | {"abs": abs}
OPERATORS = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: math.pow,  # et non operator.pow, qui rend un complexe pour (-1) ** 0.5
    ast.UAdd: operator.pos,
    ast.USub: operator.neg,
}
HINTS = {
    ast.BitXor: "la puissance s’écrit **",
    ast.Tuple: "la virgule décimale s’écrit avec un point",
}


class FormulaError(ValueError):
    """Une formule que nous ne savons pas lire : la raison, en une phrase."""


def read_formula(text, variables):
    """Rend la fonction que décrit `text` ; elle prend un dictionnaire, par exemple {"t": 0.0}."""
    if len(text) > MAX_LENGTH:
        raise FormulaError(f"La formule a {len(text)} signes : {MAX_LENGTH} au plus.")
    try:
        tree = ast.parse(text.strip(), mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise FormulaError(
            "Cette formule est incomplète ou mal écrite. A-t-on bien mis tous les * ?"
        ) from None
    return build(tree.body, variables)


def build(node, variables):
    """Rend la fonction d'un nœud, faite de celles de ses branches."""
    match node:
        case ast.Constant(value=int() | float() as value) if not isinstance(value, bool):
            number = float(value)
            return lambda values: number
        case ast.Name(id=name) if name in CONSTANTS:
            return lambda values: CONSTANTS[name]
        case ast.Name(id=name) if name in variables:
            return lambda values: values[name]
        case ast.UnaryOp(op=op, operand=operand) if type(op) in OPERATORS:
            function, inner = OPERATORS[type(op)], build(operand, variables)
            return lambda values: function(inner(values))
        case ast.BinOp(left=left, op=op, right=right) if type(op) in OPERATORS:
            function = OPERATORS[type(op)]
            first, second = build(left, variables), build(right, variables)
            return lambda values: function(first(values), second(values))
        case ast.Call(func=ast.Name(id=name), args=[argument], keywords=[]) if name in FUNCTIONS:
            function, inner = FUNCTIONS[name], build(argument, variables)
            return lambda values: function(inner(values))
    raise refusal(node, variables)


def refusal(node, variables):
    kind = type(getattr(node, "op", node))
    if kind in HINTS:
        return FormulaError(f"Ici, {HINTS[kind]}.")
    return FormulaError(
        f"« {ast.unparse(node)} » n’est pas permis. On connaît {', '.join(sorted(variables))}, "
        f"les nombres, {', '.join(CONSTANTS)}, + - * / **, et {', '.join(sorted(FUNCTIONS))}."
    )
