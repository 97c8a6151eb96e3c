"""From a Vega-Lite chart to an SVG for the page: made offline, inert, in the page's own colours."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final
from xml.etree import ElementTree as ET

import msgspec
from markupsafe import Markup, escape

from pipeline.report.palette import STAND_INS, stand_in
from pipeline.report.words import Words, clean

SVG = "http://www.w3.org/2000/svg"
VEGA_LITE: Final = "6.4"
WIDE, NARROW = 720, 358
ELEMENTS: Final = frozenset({"svg", "g", "path", "rect", "line", "text", "tspan", "circle"})
ATTRIBUTES: Final = frozenset(
    {
        "d",
        "dx",
        "dy",
        "fill-opacity",
        "font-size",
        "font-weight",
        "height",
        "opacity",
        "r",
        "stroke-dasharray",
        "stroke-linecap",
        "stroke-linejoin",
        "stroke-opacity",
        "stroke-width",
        "text-anchor",
        "transform",
        "width",
        "x",
        "x1",
        "x2",
        "y",
        "y1",
        "y2",
    }
)
NUMBER: Final = re.compile(r"-?\d+\.\d{2,}")


class Size(msgspec.Struct, frozen=True):
    """How wide a drawing is, in pixels."""

    width: int

    @property
    def is_narrow(self) -> bool:
        """Whether this is the drawing for a phone."""
        return self.width < 500


class Drawing(msgspec.Struct, frozen=True, kw_only=True):
    """One picture in its two widths; the style sheet shows one of them."""

    wide: Markup
    narrow: Markup


def configuration() -> dict[str, Any]:
    """How every chart looks: no frame, quiet grid, the page's own letter."""
    label = {"labelColor": stand_in("muted"), "labelFontSize": 12, "titleFontSize": 12}
    return {
        "background": None,
        "font": "sans-serif",
        "aria": False,
        "view": {"stroke": None},
        "axis": {
            **label,
            "titleColor": stand_in("muted"),
            "titleFontWeight": "normal",
            "gridColor": stand_in("grid"),
            "domainColor": stand_in("grid"),
            "tickColor": stand_in("grid"),
            "labelPadding": 6,
            "tickSize": 4,
        },
        "axisX": {"grid": False},
        "axisY": {"ticks": False, "domain": False, "titleAngle": 0, "titleAlign": "left"},
        "text": {"fill": stand_in("ink"), "fontSize": 12},
    }


def draw(make: Any, name: str, title: str, description: str, words: Words) -> Drawing:
    """Both widths of a chart.

    Args:
        make: function of a Size that returns an Altair chart.
        name: unique on the page, letters and hyphens; names the ids inside the drawing.
        title: what is drawn.
        description: what it shows, in words.
        words: the language, for the numbers along the axes.
    """
    with unchecked():
        wide, narrow = make(Size(WIDE)), make(Size(NARROW))
    return Drawing(
        wide=_render(wide, f"{name}-wide", title, description, words),
        narrow=_render(narrow, f"{name}-narrow", title, description, words),
    )


@contextmanager
def unchecked() -> Iterator[None]:
    """Without Altair's check of each part of a chart, which takes much of the time of making it.

    Our charts are checked in the tests; what comes from others in them are values alone.
    """
    from altair.utils.schemapi import debug_mode

    with debug_mode(False):
        yield


def _render(chart: Any, name: str, title: str, description: str, words: Words) -> Markup:
    import vl_convert

    spec = drawable(chart.to_dict(validate=False))
    spec["config"] = configuration()
    svg = vl_convert.vegalite_to_svg(
        spec,
        vl_version=VEGA_LITE,
        allowed_base_urls=[],
        format_locale=words.number_locale,
    )
    return inert(svg, name, title, description)


def drawable(part: Any) -> Any:
    """A chart without the characters at which the renderer would end this process.

    vl-convert measures every text as XML and aborts, past any ``except``, on a control character.
    """
    if isinstance(part, str):
        return clean(part)
    if isinstance(part, dict):
        return {key: drawable(value) for key, value in part.items()}
    if isinstance(part, list):
        return [drawable(value) for value in part]
    return part


def inert(svg: str, name: str, title: str, description: str) -> Markup:
    """The drawing rebuilt from the elements and attributes a still picture needs, and no others.

    Scripts, links, styles, foreign elements and event handlers have no place here, wherever they
    came from. Colours become classes; a title and a description are added for those who listen.
    """
    root = ET.fromstring(svg)  # noqa: S314 - made by vl-convert in this process, no DTD
    width, height = root.get("width", "0"), root.get("height", "0")
    inside = "".join(_kept(child) for child in root)
    label = f"{name}-title {name}-description"
    return Markup(  # noqa: S704 - every text in it is escaped
        f'<svg class="drawing" viewBox="0 0 {float(width):g} {float(height):g}" role="img" '
        f'aria-labelledby="{label}" focusable="false">'
        f'<title id="{name}-title">{escape(clean(title))}</title>'
        f'<desc id="{name}-description">{escape(clean(description))}</desc>{inside}</svg>'
    )


def _kept(element: ET.Element) -> str:
    tag = element.tag.removeprefix(f"{{{SVG}}}")
    if tag not in ELEMENTS or element.get("display") == "none" or _is_empty(element, tag):
        return ""
    inside = str(escape(element.text or "")) if tag in {"text", "tspan"} else ""
    inside += "".join(_kept(child) for child in element)
    attributes = _attributes(element)
    if tag == "g":
        if not inside:
            return ""
        if not attributes:
            return inside
    return f"<{tag}{attributes}>{inside}</{tag}>"


def _is_empty(element: ET.Element, tag: str) -> bool:
    return tag == "path" and element.get("d", "") in {"", "M0,0h0v0h0Z"}


def _attributes(element: ET.Element) -> str:
    kept = {
        key: NUMBER.sub(lambda found: f"{float(found[0]):.1f}", value)
        for key, value in element.attrib.items()
        if key in ATTRIBUTES
        and (key, value) not in {("opacity", "1"), ("transform", "translate(0,0)")}
    }
    classes = [
        f"{letter}-{STAND_INS.get(value, 'ink')}"
        for letter, paint in (("f", "fill"), ("s", "stroke"))
        if (value := element.get(paint, "none")) not in {"none", "transparent"}
    ]
    if element.get("fill") in {"none", "transparent"}:
        kept["fill"] = "none"
    if classes:
        kept["class"] = " ".join(classes)
    if element.tag == f"{{{SVG}}}text" and element.get("stroke", "none") != "none":
        # its outline is a halo behind the letters
        kept["paint-order"] = "stroke"
    return "".join(f' {key}="{escape(value)}"' for key, value in kept.items())
