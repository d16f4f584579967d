"""Sur `/home`, le nombre de visites, gardé dans la session : « Visite 1 », puis « Visite 2 »…"""

import re


def sign_in(site):
    token = re.search('name="csrf_token"[^>]*value="([^"]+)"', site.get("/").text)
    assert token, "Je ne trouve plus le formulaire de connexion sur /."
    form = {"username": "ada", "password": "machine analytique", "csrf_token": token[1]}
    assert site.post("/", form).status == 302, "On ne peut plus se connecter : lisez le journal."


def check(site):
    sign_in(site)
    first, second = site.get("/home"), site.get("/home")
    assert second.status == 200, f"/home répond {second.status} : lisez le journal."
    assert "Visite 1" in first.text, "À la première visite, je ne lis pas « Visite 1 »."
    assert "Visite 2" in second.text, "À la deuxième, je ne lis pas « Visite 2 »."
    sign_in(other := site.other())
    assert "Visite 1" in other.get("/home").text, "Un autre visiteur trouve le compte du premier."
