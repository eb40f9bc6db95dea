"""What is looked for on a page in a browser. Each look returns what is wrong with it, in words."""

from __future__ import annotations

from playwright.sync_api import Page

from tests.browser.conftest import AXE

_OVERFLOWING = """() => document.documentElement.scrollWidth > document.documentElement.clientWidth
    ? [...document.querySelectorAll('main *')].filter(e => !e.closest('.kept-wide, .govuk-visually-hidden')
        && (e.getBoundingClientRect().right > innerWidth + 1 || e.getBoundingClientRect().left < -1))
        .slice(0, 3).map(e => e.outerHTML.slice(0, 120)).concat('wider than the screen') : []"""
_LOOKS = """
    const style = s => [s.outline, s.boxShadow, s.backgroundColor, s.borderColor].join();
    const looks = e => [style(getComputedStyle(e)), style(getComputedStyle(e, '::before')),
        ...[...(e.labels || [])].map(l => style(getComputedStyle(l, '::before')))].join(';');"""
_CONTROLS = f"""() => {{ {_LOOKS}
    const seen = e => e.getClientRects().length && getComputedStyle(e).visibility !== 'hidden';
    const shut = e => (e.matches('details > summary') ? e.parentElement.parentElement : e)
        .closest('details:not([open])');
    const next = e => e.type === 'radio' && !e.checked && [...document.getElementsByName(e.name)]
        .find(o => o.checked) !== undefined || e.type === 'radio' && !e.checked
        && document.getElementsByName(e.name)[0] !== e;
    const all = 'a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex="0"]';
    return [...document.querySelectorAll(all)]
        .filter(e => !e.disabled && e.tabIndex >= 0 && seen(e) && !shut(e) && !next(e))
        .map((e, place) => {{ e.place = place; e.looked = looks(e); return e.outerHTML.slice(0, 100); }}); }}"""
_FOCUSED = f"""() => {{ {_LOOKS}
    const e = document.activeElement;
    return {{place: e.place ?? -1, shows: e.looked === undefined || looks(e) !== e.looked,
        gone: e === document.body || e === document.documentElement, what: e.outerHTML.slice(0, 100)}}; }}"""


_BEGIN = """() => { const first = document.createElement('span'); first.tabIndex = -1; document.body.prepend(first);
    first.focus(); first.remove(); }"""
"""Have the next Tab begin at the top, wherever the focus was put as the page was opened."""


_SOON = """() => { if (matchMedia('(scripting: none)').matches)
    window.setTimeout = (call, wait = 0, ...more) => wait < 100 && Promise.resolve().then(() => call(...more)); }"""
"""Where script is switched off no timer ever runs out, and axe waits for one: have short ones run out at once."""


def faults(page: Page) -> list[str]:
    """What axe finds."""
    page.evaluate(_SOON)
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [f"{one['id']}: {node['html'][:120]}" for one in found["violations"] for node in one["nodes"]]


def overflowing(page: Page) -> list[str]:
    """What makes a page wider than the screen that it is on."""
    found: list[str] = page.evaluate(_OVERFLOWING)
    return found


def unreachable(page: Page) -> list[str]:
    """By Tab alone: controls that are not reached, or not in their order, and those that do not show the focus."""
    controls, reached, wrong = page.evaluate(_CONTROLS), list[int](), list[str]()
    page.evaluate(_BEGIN)
    for _ in range(4 * len(controls) + 20):  # a date has several places to stop at
        page.keyboard.press("Tab")
        now = page.evaluate(_FOCUSED)
        if now["gone"] or now["place"] in reached[:-1]:  # out of the page, or around to its beginning
            break
        if now["place"] >= 0 and reached[-1:] != [now["place"]]:
            reached.append(now["place"])
        if not now["shows"]:
            wrong.append(f"does not show the focus: {now['what']}")
    else:
        wrong.append("Tab does not lead out of the page")
    missed = [f"not reached: {text}" for place, text in enumerate(controls) if place not in reached]
    return wrong + missed + ([] if reached == sorted(reached) else ["the order is not that of the page"])


def nameless(page: Page) -> list[str]:
    """Whether a page has the one heading, the title and the place that the skip link leads to."""
    asked = {
        "not one h1": page.locator("h1").count() != 1,
        "no title": page.title().startswith("–"),
        "nothing to skip to": page.locator("main#main-content").count() != 1,
    }
    return [fault for fault, there in asked.items() if there]


def mirrored(page: Page) -> list[str]:
    """Whether a page of a language from right to left begins at the right."""
    name = page.locator(".kept-bar__name").bounding_box()
    width = page.viewport_size["width"] if page.viewport_size else 0
    right = page.evaluate("document.dir") == "rtl" and name is not None and name["x"] + name["width"] / 2 > width / 2
    return [] if right else ["not mirrored"]


def moving(page: Page) -> list[str]:
    """What moves though nothing should."""
    found: list[str] = page.evaluate(
        "document.getAnimations().map(one => one.animationName || one.transitionProperty || 'moves')"
    )
    return found


def english(page: Page) -> list[str]:
    """Whether a page says that it is in another language than Welsh."""
    return [] if page.get_attribute("html", "lang") == "cy" else ["not in Welsh"]
