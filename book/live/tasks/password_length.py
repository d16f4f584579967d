"""Un mot de passe de moins de 8 signes : refusé d’emblée, avec « 8 signes au moins »."""

import re


def check(site):
    token = re.search('name="csrf_token"[^>]*value="([^"]+)"', site.get("/").text)
    assert token, "Je ne trouve plus le formulaire de connexion sur /."
    form = {"username": "ada", "csrf_token": token[1]}
    short, long = (site.post("/", form | {"password": word}) for word in ("1234567", "12345678"))
    assert short.status == 400, f"Sept signes : la réponse est {short.status}, et non 400."
    assert "8 signes au moins" in short.text, "Sept signes : rien ne dit « 8 signes au moins »."
    assert "8 signes au moins" not in long.text, "Huit signes sont refusés aussi."
