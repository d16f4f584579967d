"""Un mot de passe de moins de 8 signes : refusé d’emblée, avec « 8 signes au moins »."""


def check(site):
    short = site.submit("/", {"username": "ada", "password": "1234567"})
    long = site.submit("/", {"username": "ada", "password": "12345678"})
    assert short.status == 400, f"Sept signes : la réponse est {short.status}, et non 400."
    assert "8 signes au moins" in short.text, "Sept signes : rien ne dit « 8 signes au moins »."
    assert "8 signes au moins" not in long.text, "Huit signes sont refusés aussi."


DEMO = "demo5"
RULE = 'Length(max=200, message="200 signes au plus.")'
AT_LEAST = 'Length(min={}, max=200, message="8 signes au moins")'
ATTEMPTS = [
    ({}, "rien ne dit"),
    ({"app.py": {RULE: AT_LEAST.format(9)}}, "Huit signes"),
    ({"app.py": {RULE: AT_LEAST.format(8)}}, None),
]
