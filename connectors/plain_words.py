"""What stands in plain text: labels and addresses, found where the platform does not list them."""

from __future__ import annotations

import re
from typing import Final

TAG: Final = re.compile(r"#(?<![\w&/#]#)(\w*[^\W\d]\w*)")
"""A label without its sign; digits alone are a number, and inside a word or address it is none."""

PAGE: Final = re.compile(r"(?i:https?)://[^\s<>\"]+")
"""The address of a page; what ends the sentence after it still stands at its end."""
