"""The documentation site: Sphinx over the Markdown pages, with nothing from elsewhere.

``make docs`` builds it in ``build/docs``; any warning is an error.
"""

from __future__ import annotations

from importlib.metadata import version as version_of
from typing import Final

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
