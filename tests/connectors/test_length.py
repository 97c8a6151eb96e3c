"""The module of a platform is read at one sitting: its verbs, and hardly anything beside them."""

import ast
from pathlib import Path

import pytest

import connectors

LONGEST = 120
EXPLAINED = (ast.Module, ast.ClassDef, ast.FunctionDef)
FOLDER = Path(connectors.__file__).parent
MODULES = [path for each in connectors.platforms() if (path := FOLDER / f"{each}.py").is_file()]


def lines_apart_from_docstrings(source: str) -> int:
    """How much there is to read besides what explains it; comments and empty lines count."""
    explaining = 0
    for each in ast.walk(ast.parse(source)):
        if isinstance(each, EXPLAINED) and ast.get_docstring(each) is not None:
            docstring = each.body[0]
            explaining += (docstring.end_lineno or 0) - docstring.lineno + 1
    return len(source.splitlines()) - explaining


def test_docstrings_are_not_counted_and_comments_are() -> None:
    source = '''"""What is read.

Access: open.
"""

def mentions():
    """Posts that hold a term."""
    # newest first
    yield "post"
'''
    assert lines_apart_from_docstrings(source) == 4


@pytest.mark.parametrize("module", MODULES, ids=lambda path: path.stem)
def test_a_platform_says_what_can_be_asked_and_hardly_how(module: Path) -> None:
    length = lines_apart_from_docstrings(module.read_text(encoding="utf-8"))
    assert length <= LONGEST, (
        f"{module.name} has {length} lines apart from docstrings: move how pages are asked, or how"
        f" an answer is cut, to a module beside it that is named for what it holds"
    )
