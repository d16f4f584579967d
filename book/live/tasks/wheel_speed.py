"""La roue fait un tour en douze secondes. Faites-la tourner deux fois plus vite."""

import re


def check(site):
    style = site.get("/static/css/wheel.css")
    assert style.status == 200, "La feuille de style css/wheel.css a disparu."
    speed = re.search(r"#wheel\s*\{[^}]*animation:[^;}]*?(\d+(?:\.\d+)?)(ms|s)\b", style.text)
    assert speed, "Je ne trouve plus la durée de l’animation de #wheel."
    seconds = float(speed[1]) / (1000 if speed[2] == "ms" else 1)
    assert seconds != 12, "Un tour dure encore 12 s. Cherchez cette durée dans css/wheel.css."
    assert seconds < 12, f"Un tour dure {seconds:g} s : elle tourne moins vite qu’avant."
    assert seconds == 6, f"Un tour dure {seconds:g} s ; deux fois plus vite, c’est 6 s."


DEMO = "demo2"
ATTEMPTS = [
    ({}, "encore 12"),
    ({"static/css/wheel.css": {"12s": "24s"}}, "moins vite"),
    ({"static/css/wheel.css": {"12s": "3s"}}, "c’est 6 s"),
    ({"static/css/wheel.css": {"animation": "transition"}}, "plus la durée"),
    ({"static/css/wheel.css": {"12s": "6000ms"}}, None),
]
