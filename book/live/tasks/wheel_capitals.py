"""Le nom en capitales, sans toucher à `app.py` : Jinja a un filtre, `upper`."""


def check(site):
    page = site.get("/wheel?name=ada")
    assert page.status == 200, f"La page répond {page.status} : lisez le journal."
    assert "Bonjour ADA" in page.text, "Le titre ne salue pas ADA."
    assert "upper" not in site.read("app.py"), "Le titre y est, mais c’est app.py qui l’a fait."
    risky = site.get("/wheel?name=<i>").text
    assert "<I>" not in risky, "Un nom qui contient du HTML passe tel quel : sans « safe », merci."


DEMO = "demo3"
NAME = "Bonjour {{ name }}"
ATTEMPTS = [
    ({}, "ne salue pas ADA"),
    ({"app.py": {'("name", "").strip()': '("name", "").strip().upper()'}}, "c’est app.py"),
    ({"templates/wheel.html": {NAME: "Bonjour {{ name|upper|safe }}"}}, "tel quel"),
    ({"templates/wheel.html": {NAME: "Bonjour {{ name|upper }}"}}, None),
]
