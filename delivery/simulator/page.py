"""The page at the simulator's root: nobody shall take it for a real carrier."""

from dataclasses import asdict
from html import escape
from typing import Final

from delivery.simulator.faults import Faults
from delivery.simulator.store import Store

_PAGE: Final = """<!doctype html>
<html lang="vi"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="refresh" content="3"><title>Mô phỏng bưu chính – Carrier simulator</title>
<style>
body {{ font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem }}
body {{ color: #1b2327; background: #f5f4f0 }}
.banner {{ border: 3px dashed #874a00; background: #faefdd; padding: 1rem 1.2rem }}
table {{ border-collapse: collapse; width: 100%; background: #fff }}
th, td {{ text-align: left; padding: .3rem .6rem; border-bottom: 1px solid #d9d7cd; font-size: .9rem }}
code {{ overflow-wrap: anywhere }}
</style></head><body>
<div class="banner"><h1>Đây là bản mô phỏng</h1><p>Không có bưu gửi thật nào ở đây. Dùng để trình diễn và kiểm thử.</p>
<p lang="en"><b>This is a simulator.</b> No real parcel is here. It serves the demo and the tests.</p></div>
<p>{counts}. Một ngày trôi qua trong {day:.0f} giây. <span lang="en">A day passes in {day:.0f} seconds.</span></p>
<p>Lỗi đang bật <span lang="en">(faults switched on)</span>: <code>{faults}</code></p>
<table><thead><tr><th>Carrier</th><th>Number</th><th>Event</th><th>State</th><th>Tries</th><th>Answer</th></tr></thead>
<tbody>{rows}</tbody></table></body></html>
"""


def render(speed: float, faults: Faults, store: Store) -> str:
    """The page as it is now."""
    counts = ", ".join(f"{name}: {count}" for name, count in store.counts().items())
    on = {name: value for name, value in asdict(faults).items() if value}
    rows = "".join(_row(message) for message in store.latest())
    return _PAGE.format(counts=escape(counts), day=86400 / speed, faults=escape(str(on or "–")), rows=rows)


def _row(message: dict[str, object]) -> str:
    names = ("carrier", "number", "body", "state", "attempts", "answer")
    return "<tr>" + "".join(f"<td><code>{escape(str(message[name]))[:160]}</code></td>" for name in names) + "</tr>"
