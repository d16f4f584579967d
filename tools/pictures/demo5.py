"""Pictures of demo5."""

from tools.pictures import OpenPage, Page, picture


@picture(height=500)
def refused(open_page: OpenPage) -> Page:
    page = open_page("/")
    page.get_by_label("Nom d’utilisateur").fill("ada")
    page.get_by_role("button", name="Se connecter").click()
    page.get_by_text("Donnez votre mot de passe.").wait_for()
    return page


@picture(height=400)
def home(open_page: OpenPage) -> Page:
    page = open_page("/")
    page.get_by_label("Nom d’utilisateur").fill("ada")
    page.get_by_label("Mot de passe").fill("machine analytique")
    page.get_by_role("button", name="Se connecter").click()
    page.wait_for_url("**/home")
    return page


@picture(height=690)
def bonjour(open_page: OpenPage) -> Page:
    return open_page("/bonjour")
