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
