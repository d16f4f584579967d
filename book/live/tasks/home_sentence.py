"""Faites dire autre chose à la page d’accueil : votre prénom, par exemple."""


def check(site):
    page = site.get("/")
    assert page.status == 200, f"La page répond {page.status} : lisez le journal."
    assert page.text.strip(), "La page est vide."
    same = "six lignes" in page.text
    assert not same, "La page dit toujours la même phrase : changez le texte que rend index."


DEMO = "demo1"
ATTEMPTS = [
    ({}, "la même phrase"),
    ({"app.py": {"return ": "assert "}}, "répond 500"),
    ({"app.py": {'"Bonjour': '"" and "Bonjour'}}, "vide"),
    ({"app.py": {"six lignes": "peu de mots"}}, None),
]
