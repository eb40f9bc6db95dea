"""Pictures of pages for the user guide. They are the same whenever they are taken: the invented force stands still."""

from __future__ import annotations

import base64
import struct
import zlib
from datetime import date
from pathlib import Path

import numpy as np
import numpy.typing as npt
from playwright.sync_api import Page

_STILL = """([today, then]) => {
    const moment = new RegExp(today + '(, \\\\d\\\\d:\\\\d\\\\d)?', 'g');
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) texts.currentNode.data = texts.currentNode.data
        .replace(moment, (_, hour) => then + (hour ? ', 12:00' : '')).replace(/[0-9a-f]{64}/g, '0a1b2c3d'.repeat(8));
}"""
"""Have what was done while the pictures are taken stand at the moment of the force's records."""
_THEN = "30 June 2026"
_COLOURS = """async address => {
    const picture = await createImageBitmap(await (await fetch(address)).blob());
    const canvas = new OffscreenCanvas(picture.width, picture.height), pen = canvas.getContext('2d');
    pen.drawImage(picture, 0, 0);
    const colours = new Uint8Array(pen.getImageData(0, 0, picture.width, picture.height).data.buffer);
    let text = '';
    for (let at = 0; at < colours.length; at += 32768)
        text += String.fromCharCode(...colours.subarray(at, at + 32768));
    return [picture.width, picture.height, btoa(text)];
}"""
"""The width and the height of a picture, and the red, green, blue and opacity of each of its points."""
_MOST_COLOURS = 256


def write(page: Page, path: Path, top: str = "", whole: bool = False) -> None:
    """Write what a screen shows of a page, from its top or from the part of a selector on; or the whole page. PNG."""
    if top:
        page.locator(top).first.evaluate("one => scrollTo(0, one.getBoundingClientRect().top + scrollY - 16)")
    page.wait_for_load_state("networkidle")
    page.evaluate(_STILL, [f"{date.today():%-d %B %Y}", _THEN])
    taken = page.screenshot(full_page=whole, animations="disabled", caret="hide")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(_small(page, taken))


def _small(page: Page, picture: bytes) -> bytes:
    """The same picture in at most 256 colours, which is a third as large."""
    blank = page.context.new_page()
    width, height, text = blank.evaluate(_COLOURS, f"data:image/png;base64,{base64.b64encode(picture).decode()}")
    blank.close()
    points = np.frombuffer(base64.b64decode(text), np.uint8).reshape(height, width, 4)[:, :, :3]
    colours, chosen = _fewer(points)
    rows = np.pad(chosen.astype(np.uint8), ((0, 0), (1, 0)))  # each row begins with its filter: none
    header = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)
    parts = (
        (b"IHDR", header),
        (b"PLTE", colours.tobytes()),
        (b"IDAT", zlib.compress(rows.tobytes(), 9)),
        (b"IEND", b""),
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(_part(*one) for one in parts)


def _fewer(points: npt.NDArray[np.uint8]) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.intp]]:
    """At most 256 colours, and which of them each point has; shades are brought together until they are so few."""
    for steps in (256, 128, 64, 32, 16, 8):
        coarse = np.rint(np.rint(points / 255 * (steps - 1)) * 255 / (steps - 1)).astype(np.uint8)
        colours, chosen = np.unique(coarse.reshape(-1, 3), axis=0, return_inverse=True)
        if len(colours) <= _MOST_COLOURS:
            break
    return colours, chosen.reshape(points.shape[:2])


def _part(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
