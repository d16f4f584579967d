"""Demos for everyone: seen or heard, on a phone, by the keyboard, without scripts."""

from playwright.sync_api import expect

from tests.helpers import violations


def test_without_scripts_the_files_are_listed(open_url, demos_site):
    page = open_url(f"{demos_site}leçons/demo2.html", java_script_enabled=False).page
    names = page.locator("flask-live summary").all_text_contents()
    assert names[0] == "app.py"
    assert "templates/wheel.html" in names
    assert "render_template" in page.locator("flask-live .highlight").first.text_content()


def test_axe_finds_nothing_wrong(open_live, scheme):
    demo = open_live("tasks", scheme=scheme)
    demo.run()
    demo.open("app.py")
    demo.part(".live-exchanges > summary").click()
    demo.part(".live-exchange summary").first.click()
    assert violations(demo.page, scheme, within="flask-live") == []


def test_it_fits_a_phone(open_live):
    demo = open_live("tasks", width=390)
    demo.run()
    demo.part(".live-exchanges > summary").click()
    demo.part(".live-exchange summary").first.click()
    for part in demo.part("button, input, pre, iframe, summary").all():
        if part.is_visible():
            box = part.bounding_box()
            assert box["x"] >= 0
            assert box["x"] + box["width"] <= 390


def test_the_keyboard_is_enough(open_live):
    demo = open_live("demo2")
    demo.part("[role=tab]").first.focus()
    demo.page.keyboard.press("ArrowRight")
    expect(demo.part("[role=tab][aria-selected=true]")).to_have_text("static/css/style.css")
    demo.page.keyboard.press("ArrowLeft")
    demo.page.keyboard.press("Tab")
    expect(demo.part(".cm-content")).to_be_focused()
    demo.page.keyboard.press("Escape")
    demo.page.keyboard.press("Tab")
    expect(demo.part(".live-run")).to_be_focused()
    demo.page.keyboard.press("Enter")
    demo.sees("Bonjour", "h1")
