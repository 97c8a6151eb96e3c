"""Texts as somebody writes them who wants the report to do something."""

from __future__ import annotations

HOSTILE = (
    "<script>document.title='owned'</script>",
    "</script><script>document.title='owned'</script>",
    "</title></style></svg><img src=x onerror=\"document.title='owned'\">",
    "<svg/onload=document.title='owned'>",
    "<a href=\"javascript:document.title='owned'\">click</a>",
    "javascript:document.title='owned'",
    "'\"><iframe srcdoc=\"<script>top.document.title='owned'</script>\">",
    "<!--><img src=x onerror=document.title='owned'>-->",
    "<link rel=stylesheet href=http://127.0.0.1:9/x.css>",
    "<meta http-equiv=refresh content='0;url=http://127.0.0.1:9/'>",
    "{{ 7*7 }}{% for x in y %}{{ self }} {count} {0.__class__}",
    '=HYPERLINK("http://127.0.0.1:9","x")',
    "x'; drop table marts.scorecard; --",
    "\u202egnitteb\u202c \u2066isolated אבג \u200f\u200e",
    "]]><![CDATA[ &lt;script&gt; &#60;script&#62; &amp;",
    'datum.value + alert(1) " } ) ; \\u003cscript\\u003e \\',
    "null\x00bell\x07escape\x1b[31m",
    "Z̷̢͎a̵͍͝l̶͇͂g̶̻̐o̶ " * 20,
    "wwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwww",
)
