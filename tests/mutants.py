"""Small damages to a module's source: each mutant differs in one sign, one number or one word, and some test should notice it."""

from __future__ import annotations
import __future__

import ast
import copy
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from types import CodeType, FunctionType, ModuleType
from typing import Any

COMPARISONS: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
}
OPERATIONS: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.FloorDiv,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Mult,
    ast.BitOr: ast.BitAnd,
    ast.BitAnd: ast.BitOr,
}
WORDS = {"min": "max", "max": "min", "any": "all", "all": "any"}


@dataclass(frozen=True)
class Mutant:
    """One damage: where it stands, what it says now, and the function or else the class it is in (empty: the module itself)."""

    line: int
    before: str
    after: str
    function: str
    room: str
    tree: ast.Module

    def __str__(self) -> str:
        return f"{self.line}: {self.before}  ->  {self.after}"

    def damage(self, module: ModuleType) -> None:
        """Put it into the loaded `module`: its function gets other code, constants and defaults are made again; classes stay themselves."""
        if self.function:
            _function_of(module, self.function).__code__ = _code_of(compile(self.tree, module.__file__ or "", "exec"), self.function)
        again = dict(module.__dict__)
        for statement in self.tree.body:
            match statement:
                case ast.Assign() | ast.AnnAssign(value=ast.expr()):
                    _run([statement], again)
                case ast.FunctionDef(name=name, args=arguments) if isinstance(again[name], FunctionType):
                    again[name].__defaults__ = tuple(_value(each, again) for each in arguments.defaults) or None
                    pairs = zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
                    again[name].__kwdefaults__ = {each.arg: _value(default, again) for each, default in pairs if default} or None
                case ast.ClassDef(name=name) if name == self.room:
                    elsewhere = dict(again)
                    _run([statement], elsewhere)
                    again[name].__init__.__defaults__ = elsewhere[name].__init__.__defaults__
        for name, value in again.items():
            if value is not module.__dict__.get(name) and value != module.__dict__.get(name):
                _give(name, module.__dict__[name], value)


def _run(statements: list[ast.stmt], names: dict[str, Any]) -> None:
    exec(compile(ast.Module(statements, []), "<mutant>", "exec", dont_inherit=True, flags=__future__.annotations.compiler_flag), names)


def _value(expression: ast.expr, names: dict[str, Any]) -> Any:
    return eval(compile(ast.Expression(expression), "<mutant>", "eval"), names)


def _function_of(module: ModuleType, name: str) -> Any:
    owner: object = module
    *way, last = name.split(".")
    for each in way:
        owner = getattr(owner, each)
    found = vars(owner)[last]
    for wrapper in ("fget", "__func__", "func", "__wrapped__"):
        found = getattr(found, wrapper, None) or found
    return found


def _give(name: str, loaded: object, again: object) -> None:
    """A constant is also in the modules that imported it by its name."""
    for module in list(sys.modules.values()):
        if module is not None and vars(module).get(name) is loaded:
            vars(module)[name] = again


def _code_of(code: CodeType, name: str) -> CodeType:
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            if constant.co_qualname == name:
                return constant
            if name.startswith(f"{constant.co_qualname}."):
                return _code_of(constant, name)
    raise LookupError(name)


def untouched(source: str) -> Mutant:
    """No damage at all, put in like one: what fails then fails for the way it is put in."""
    return Mutant(0, "", "", "", "", ast.parse(source))


def mutants_of(source: str) -> list[Mutant]:
    """Every mutant of a module, in the order of its lines. Texts, annotations, defaults, decorators and refusals' words are left alone."""
    tree = ast.parse(source)
    (functions, classes), left_alone = _rooms(tree), _left_alone(tree)
    found = []
    for number, node in enumerate(ast.walk(tree)):
        if node not in left_alone and type(node) in CHANGES:
            for changed in CHANGES[type(node)](copy.deepcopy(node)):
                damaged = ast.parse(source)
                place = next(islice(ast.walk(damaged), number, None))
                after = ast.fix_missing_locations(_Put(place, ast.copy_location(changed, node)).visit(damaged))
                found.append(Mutant(node.lineno, _said(node), _said(changed), functions.get(node, ""), classes.get(node, ""), after))
    return sorted(found, key=lambda mutant: mutant.line)


class _Put(ast.NodeTransformer):
    def __init__(self, place: ast.AST, changed: ast.AST) -> None:
        self.place, self.changed = place, changed

    def visit(self, node: ast.AST) -> Any:
        return self.changed if node is self.place else self.generic_visit(node)


def _rooms(tree: ast.Module) -> tuple[dict[ast.AST, str], dict[ast.AST, str]]:
    """The outermost function around each node, and the class of the module around it, by qualified names."""
    functions: dict[ast.AST, str] = {}
    classes: dict[ast.AST, str] = {}
    for room in [tree, *(node for node in tree.body if isinstance(node, ast.ClassDef))]:
        prefix = f"{room.name}." if isinstance(room, ast.ClassDef) else ""
        for child in room.body:
            if isinstance(child, ast.FunctionDef):
                functions |= dict.fromkeys(ast.walk(child), f"{prefix}{child.name}")
            elif isinstance(room, ast.ClassDef):
                classes |= dict.fromkeys(ast.walk(child), room.name)
    return functions, classes


def _left_alone(tree: ast.Module) -> set[ast.AST]:
    found: set[ast.AST] = set()
    for node in ast.walk(tree):
        fields: tuple[str, ...] = ("annotation", "returns", "decorator_list")
        if isinstance(node, ast.FunctionDef | ast.Lambda):
            fields += ("args",)  # defaults are made once, when the module is loaded
        elif isinstance(node, ast.JoinedStr):
            fields += ("values",)
        elif isinstance(node, ast.Raise):
            fields += ("exc",)
        elif isinstance(node, ast.ClassDef):
            fields += ("bases", "keywords")
        for field in fields:
            part = getattr(node, field, None) or []
            for child in part if isinstance(part, list) else [part]:
                found |= set(ast.walk(child))
    return found


def _compare(node: Any) -> Iterator[ast.AST]:
    for number, sign in enumerate(node.ops):
        if (other := COMPARISONS.get(type(sign))) is not None:
            changed = copy.deepcopy(node)
            changed.ops[number] = other()
            yield changed


def _operate(node: Any) -> Iterator[ast.AST]:
    if (other := OPERATIONS.get(type(node.op))) is not None:
        node.op = other()
        yield node


def _join(node: Any) -> Iterator[ast.AST]:
    node.op = ast.Or() if isinstance(node.op, ast.And) else ast.And()
    yield node


def _bare(node: Any) -> Iterator[ast.AST]:
    if isinstance(node.op, ast.Not | ast.USub):
        yield node.operand


def _constant(node: Any) -> Iterator[ast.AST]:
    if isinstance(node.value, bool):
        yield ast.Constant(not node.value)
    elif isinstance(node.value, int):
        yield ast.Constant(node.value + 1)


def _turn(node: Any) -> Iterator[ast.AST]:
    if not isinstance(node.test, ast.Compare | ast.UnaryOp | ast.BoolOp):  # those are changed themselves
        node.test = ast.UnaryOp(ast.Not(), node.test)
        yield node


def _call(node: Any) -> Iterator[ast.AST]:
    if isinstance(node.func, ast.Name) and node.func.id in WORDS:
        node.func = ast.Name(WORDS[node.func.id], ast.Load())
        yield node


def _leave_out(node: Any) -> Iterator[ast.AST]:
    for number in range(len(node.elts)):
        rest = node.elts[:number] + node.elts[number + 1 :]
        yield ast.Set(rest) if rest else ast.Call(ast.Name("set", ast.Load()), [], [])


def _allow(_node: Any) -> Iterator[ast.AST]:
    yield ast.Pass()


def _forget(node: Any) -> Iterator[ast.AST]:
    if node.value is not None and not isinstance(node.value, ast.Constant):
        yield ast.Return(ast.Constant(None))


CHANGES: dict[type[ast.AST], Callable[[Any], Iterator[ast.AST]]] = {
    ast.Compare: _compare,
    ast.BinOp: _operate,
    ast.AugAssign: _operate,
    ast.BoolOp: _join,
    ast.UnaryOp: _bare,
    ast.Constant: _constant,
    ast.If: _turn,
    ast.While: _turn,
    ast.IfExp: _turn,
    ast.Call: _call,
    ast.Set: _leave_out,
    ast.Raise: _allow,
    ast.Return: _forget,
}


def _said(node: ast.AST) -> str:
    text = ast.unparse(ast.fix_missing_locations(node)).partition("\n")[0]
    return text if len(text) < 100 else f"{text[:97]}..."
