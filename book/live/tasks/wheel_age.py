"""Un second paramètre : `/wheel?name=Ada&age=36` écrit « 36 ans » dans la page."""


def check(site):
    page = site.get("/wheel?name=Ada&age=36")
    assert page.status == 200, f"La page répond {page.status} : lisez le journal."
    assert "36 ans" in page.text, "La page ne dit pas « 36 ans »."
    assert "41 ans" in site.get("/wheel?age=41").text, "Elle le dit toujours, même pour age=41."
    without = site.get("/wheel?name=Ada")
    assert without.status == 200, "Sans âge, la page ne répond plus : ce paramètre peut manquer."
    assert " ans" not in without.text, "Sans âge, la page en donne un quand même."
