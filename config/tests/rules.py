"""House rules that import-linter cannot say, as functions over a tree: each returns "file:line what" per breach."""

import ast
import re
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path

DOORS = {"actions", "queries", "events", "models", "registry", "testing"}
FOUNDATIONS = {"core", "ui", "gateways"}
# Their door is the package itself, beside those of their tables if they have any.
LIBRARIES = {"names", "addresses"}
# Pure functions of a room, without its tables: reading a dirty cell is the same for a form and for a spreadsheet, and a
# whole spreadsheet is read, searched for doubles and written without a base (`veche clean`).
PURE = {
    *(("contacts", name) for name in ("phones", "emails", "dates", "problems", "naming")),
    *(("exchange", name) for name in ("reading", "mapping", "writing")),
    ("dedupe", "finding"),
}
WRITERS = {"actions", "models", "testing", "migrations"}
WRITES = {
    "save", "create", "delete", "update", "bulk_create", "bulk_update", "get_or_create", "update_or_create",
    "acreate", "asave", "adelete", "aupdate",
}  # fmt: skip
WRITING_SQL = re.compile(
    r"\b(INSERT\s+INTO|UPDATE\s+[\w\".]+\s+(AS\s+\w+\s+)?SET|DELETE\s+FROM|TRUNCATE|COPY\s+[\w\".]+.*\bFROM)\b"
)
# The files that every room has under the same names, and that the import contracts know by these names.
HOUSE_NAMES = frozenset(
    "actions apps bench commands events forms jobs models queries registry subscribers testing urls views".split()
)
MEANINGLESS = re.compile(r"(utils?|helpers?|managers?|services?|data|info|misc|common)")
FILE_WALL, TEST_WALL, FUNCTION_WALL, VIEW_WALL, TEMPLATE_WALL, ISLAND_WALL = 500, 600, 60, 30, 200, 150

INLINE = {
    "style attribute": re.compile(r"\sstyle\s*=\s*[\"']", re.I),
    "<style>": re.compile(r"<style\b", re.I),
    "inline script": re.compile(
        r"<script\b(?![^>]*\bsrc=)(?![^>]*\btype=[\"']?(importmap|application/json))", re.I
    ),
    "event handler attribute": re.compile(r"\s(on[a-z]+|hx-on[\w:-]*)\s*=\s*[\"']", re.I),
    "javascript: address": re.compile(r"[\"']\s*javascript:", re.I),
}
COMMENT = re.compile(r"{#.*?#}|{%\s*comment\b.*?endcomment\s*%}|<!--.*?-->", re.S)


def python_files(root: Path) -> Iterator[Path]:
    for package in ("veche", "config"):
        yield from sorted((root / package).rglob("*.py"))
    yield from sorted(root.glob("*.py"))


def modules(root: Path, *, tests: bool = False) -> Iterator[tuple[Path, tuple[str, ...], ast.Module]]:
    """(path, its parts below veche/, its tree) of every module of a room, migrations left out."""
    for path in sorted((root / "veche").rglob("*.py")):
        parts = path.relative_to(root / "veche").with_suffix("").parts
        if "migrations" not in parts and (tests or "tests" not in parts):
            yield path, parts, ast.parse(path.read_text(encoding="utf-8"))


def imported(tree: ast.Module) -> Iterator[tuple[int, str, str]]:
    """(line, module, name) of every absolute import; the name is empty for `import module`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield from ((node.lineno, node.module, alias.name) for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name, "") for alias in node.names)


def trespasses(root: Path) -> list[str]:
    """Other rooms entered otherwise than by their doors, or by a private name."""
    found = []
    for path, parts, tree in modules(root):
        for line, module, name in imported(tree):
            target = [*module.split("."), *([name] if name else [])]
            if target[0] != "veche" or len(target) < 3 or target[1] == parts[0]:
                continue
            where = f"{path}:{line} {'.'.join(target)}"
            if target[1] in LIBRARIES:
                by_door = module == f"veche.{target[1]}" or target[2] in DOORS
            else:
                by_door = target[1] in FOUNDATIONS or target[2] in DOORS or (target[1], target[2]) in PURE
            if not by_door or any(part.startswith("_") for part in target):
                found.append(where)
    return found


def stray_writes(root: Path) -> list[str]:
    """Writes, by the ORM or in SQL, outside of actions and models."""
    found = []
    for path, parts, tree in modules(root):
        if parts[0] in FOUNDATIONS or (len(parts) > 1 and may_write(parts[1])):
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                verb = node.func.attr
                # A positional argument is a dictionary's, a set's or a digest's update.
                if verb in WRITES and not (verb == "update" and node.args):
                    found.append(f"{path}:{node.lineno} .{verb}()")
        for line, text in strings(tree):
            if match := WRITING_SQL.search(text):
                found.append(f"{path}:{line} {match[0]}")
    return found


def strings(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """(line, text) of every string that is no docstring; what an f-string fills in reads `x`."""
    skipped = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            skipped |= {id(part) for part in node.values}
            parts = [part.value if isinstance(part, ast.Constant) else "x" for part in node.values]
            yield node.lineno, "".join(parts)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in skipped:
            yield node.lineno, node.value


def may_write(module: str) -> bool:
    """True for a room's writers; benchmarks fill a base of their own with whatever is quickest."""
    return module in WRITERS or module.startswith("bench")


def too_long_files(root: Path) -> list[str]:
    found = []
    walls = [(path, TEST_WALL if "tests" in path.parts else FILE_WALL) for path in python_files(root)]
    walls = [(path, wall) for path, wall in walls if "migrations" not in path.parts]
    walls += [(path, TEMPLATE_WALL) for path in templates(root)]
    walls += [(path, ISLAND_WALL) for path in sorted((root / "veche").glob("*/static/**/*.js"))]
    for path, wall in walls:
        lines = len(path.read_text(encoding="utf-8").splitlines())
        if lines > wall:
            found.append(f"{path}: {lines} lines, the wall is {wall}")
    return found


def too_long_functions(root: Path) -> list[str]:
    found = []
    for path in python_files(root):
        if "migrations" in path.parts:
            continue
        is_view = "views" in path.relative_to(root).with_suffix("").parts and "tests" not in path.parts
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = node.end_lineno - node.lineno + 1
                takes_request = bool(node.args.args) and node.args.args[0].arg == "request"
                wall = VIEW_WALL if is_view and takes_request else FUNCTION_WALL
                if lines > wall:
                    found.append(f"{path}:{node.lineno} {node.name}: {lines} lines, the wall is {wall}")
    return found


def meaningless_names(root: Path) -> list[str]:
    return [str(path) for path in python_files(root) if MEANINGLESS.fullmatch(path.stem)] + [
        str(path)
        for path in (root / "veche").rglob("*/")
        if path.is_dir() and MEANINGLESS.fullmatch(path.name)
    ]


def escaped_names(root: Path) -> list[str]:
    """Modules such as export_jobs.py, to which no import contract applies: they belong into the folder jobs/."""
    found = []
    for path, parts, _tree in modules(root):
        words = path.stem.split("_")
        if len(words) > 1 and (names := HOUSE_NAMES.intersection(words)) and not names & set(parts[1:-1]):
            found.append(f"{path}: belongs into {' or '.join(f'{name}/' for name in sorted(names))}")
    return found


def templates(root: Path) -> list[Path]:
    return sorted((root / "veche").glob("*/templates/**/*.html"))


def inline_code(root: Path) -> list[str]:
    """Styles and scripts inside templates, which the Content-Security-Policy would refuse anyway."""
    found = []
    for path in templates(root):
        text = COMMENT.sub(lambda match: "\n" * match[0].count("\n"), path.read_text(encoding="utf-8"))
        for what, pattern in INLINE.items():
            found += [
                f"{path}:{text.count(chr(10), 0, match.start()) + 1} {what}"
                for match in pattern.finditer(text)
            ]
    return found


def floors(pyproject: Path) -> dict[str, int]:
    """room -> the number of its floor, 0 the highest, as the import contract lists them."""
    contracts = tomllib.loads(pyproject.read_text())["tool"]["importlinter"]["contracts"]
    [layers] = [contract["layers"] for contract in contracts if contract["name"] == "Rooms only look down"]
    return {room.strip(" ()"): number for number, floor in enumerate(layers) for room in floor.split("|")}


def upward_keys(models: Iterable[type], floor_of: dict[str, int]) -> list[str]:
    """Relations of our models to a room above, or to a neighbour on the same floor."""
    found = []
    for model in models:
        room = model.__module__.split(".")[1]
        for field in model._meta.get_fields():
            target = field.related_model if field.is_relation and not field.auto_created else None
            if target is None or not target.__module__.startswith("veche."):
                continue
            other = target.__module__.split(".")[1]
            if other != room and floor_of[other] <= floor_of[room]:
                found.append(f"{model.__module__}.{model.__name__}.{field.name} → {other}")
    return found
