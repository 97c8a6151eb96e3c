"""The documentation site: Sphinx over the Markdown pages, with nothing from elsewhere.

``make docs`` builds it in ``build/docs``; any warning is an error.
"""

from __future__ import annotations

from importlib.metadata import version as version_of
from typing import Any, Final

from sphinx.application import Sphinx

project: Final = "Luister"
author: Final = "the makers of Luister"
release: Final = version_of("luister")
extensions: Final = ["myst_parser"]
source_suffix: Final = {".md": "markdown"}
exclude_patterns: Final = ["example-connector/**", "**/__pycache__"]
myst_enable_extensions: Final = ["colon_fence", "deflist"]
myst_heading_anchors: Final = 3
nitpicky: Final = False
html_theme: Final = "furo"
html_title: Final = "Luister"
html_copy_source: Final = False
html_show_sphinx: Final = False
html_theme_options: Final = {"navigation_with_keys": True}

_CAPTION: Final = 'role="heading"'


def _made_whole(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: object
) -> None:
    """Say the language of Dutch pages, and the level of captions, which Sphinx leaves out."""
    del app, templatename, doctree
    if pagename.startswith("nl/"):
        context["language"] = "nl"
    for part in ("body", "furo_navigation_tree"):
        if part in context:
            context[part] = context[part].replace(_CAPTION, f'{_CAPTION} aria-level="2"')


def setup(app: Sphinx) -> None:
    """What is changed in every page before it is written; after the theme has had its turn."""
    app.connect("html-page-context", _made_whole, priority=900)
