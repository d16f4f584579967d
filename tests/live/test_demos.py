"""The demos in a real browser: served by the service worker, and written where there is none."""

from playwright.sync_api import expect

from tests.live.reader import ANSWER_MS


def test_demo1_answers(open_live, mode):
    demo = open_live("demo1")
    demo.run()
    demo.sees("je tiens en six lignes")
    demo.at("http://127.0.0.1:5001/")
    assert '"GET / HTTP/1.1" 200 -' in demo.log()
    assert ("sans service worker" in demo.part(".live-status").text_content()) == (
        mode == "written"
    )


def test_demo2_has_style_script_links_back_and_forward(open_live, mode):
    demo = open_live("demo2")
    demo.run()
    demo.sees("Bonjour", "h1")
    assert demo.frame.locator("body").evaluate("e => getComputedStyle(e).margin") == "0px"
    demo.frame.get_by_text("La roue", exact=True).click()
    expect(demo.frame.locator("#wheel circle")).to_have_count(12)
    demo.at("http://127.0.0.1:5002/wheel")
    demo.part("[title='Page précédente']").click()
    demo.sees("Bonjour", "h1")
    demo.at("http://127.0.0.1:5002/")
    demo.part("[title='Page suivante']").click()
    demo.sees("La roue", "h1")
    demo.at("http://127.0.0.1:5002/wheel")
    expect(demo.part("[title='Page suivante']")).to_be_disabled()


def test_demo3_reads_parameters_and_refuses(open_live, mode):
    demo = open_live("demo3")
    demo.run()
    demo.sees("Des paramètres", "h1")
    demo.go("/forloop?size=7")
    expect(demo.frame.locator("main li")).to_have_count(7)
    demo.go("127.0.0.1:5003/forloop?size=abc")
    demo.sees("Demande incorrecte", "h1")
    demo.go("/nulle-part")
    demo.sees("Page introuvable", "h1")
    demo.at("http://127.0.0.1:5003/nulle-part")
    demo.go("/wheel")
    demo.frame.locator("input[name=name]").fill("Zoé & co")
    demo.frame.locator("input[name=name]").press("Enter")
    demo.sees("Zoé & co", "main")


def test_demo5_signs_in_and_out(open_live, mode):
    demo = open_live("demo5")
    demo.run()
    demo.go("/home")
    demo.sees("Connectez-vous pour voir cette page")
    demo.at("http://127.0.0.1:5005/")
    demo.frame.locator("[name=username]").fill("ada")
    demo.frame.locator("[name=password]").fill("faux")
    demo.frame.locator("[type=submit]").click()
    demo.sees("Nom ou mot de passe incorrect")
    demo.frame.locator("[name=password]").fill("machine analytique")
    demo.frame.locator("[type=submit]").click()
    demo.sees("Chez vous, ada", "h1")
    demo.at("http://127.0.0.1:5005/home")
    demo.run()  # the application restarts: its secret key and the cookie stay
    expect(demo.frame.locator("body")).not_to_contain_text("vous êtes connecté")
    demo.sees("Chez vous, ada", "h1")
    demo.frame.get_by_text("Se déconnecter").click()
    demo.sees("Vous êtes déconnecté")


def test_demo6_two_windows_chat(open_live, mode):
    demo = open_live("chat")
    demo.run()
    windows = [demo.element.frame_locator("iframe").nth(rank) for rank in (0, 1)]
    for window, name in zip(windows, ("Alice", "Bob"), strict=True):
        expect(window.locator("#state")).to_have_text("En direct", timeout=ANSWER_MS)
        window.locator("input.username").fill(name)
    expect(windows[0].locator("#count")).to_contain_text("2 participants")
    windows[0].locator("input.message").fill("Salut <b>Bob</b>")
    windows[0].locator("button").click()
    for window in windows:
        expect(window.locator(".message-line")).to_have_text("Alice : Salut <b>Bob</b>")
    windows[1].locator("input.message").fill("Salut")
    windows[1].locator("button").click()
    expect(windows[0].locator(".message-line").last).to_have_text("Bob : Salut")
    demo.part(".live-actions").get_by_text("Arrêter").click()
    expect(windows[0].locator("#state")).not_to_have_text("En direct", timeout=ANSWER_MS)


def test_api_is_used_by_its_page(open_live, mode):
    demo = open_live("api")
    demo.run()
    demo.go("/api/books?per_page=1")
    demo.sees("Germinal")
    demo.at("http://127.0.0.1:5009/api/books?per_page=1")


def test_what_is_being_typed_is_not_written_over(open_live, mode):
    demo = open_live("demo2")
    demo.run()
    demo.sees("Bonjour", "h1")
    address = demo.part(".live-bar input")
    address.fill("/whe")
    demo.frame.get_by_text("La roue", exact=True).evaluate("link => link.click()")
    demo.sees("La roue", "h1")
    expect(address).to_have_value("/whe")
    demo.go("/")
    demo.sees("Bonjour", "h1")
    demo.at("http://127.0.0.1:5002/")


def test_upload_image_fetch_whole_links_and_redirects(open_live, mode):
    demo = open_live("mixed")
    demo.run()
    expect(demo.frame.locator("output")).to_have_text('{"body":"é","method":"POST"}')
    assert demo.frame.locator("img").evaluate("image => image.naturalWidth") == 9
    file = {"name": "été.bin", "mimeType": "application/octet-stream", "buffer": bytes(range(256))}
    demo.frame.locator("[type=file]").set_input_files([file])
    demo.frame.get_by_text("Envoyer").click()
    demo.sees("été.bin : 256 octets", "h1")
    demo.go("/")
    demo.frame.get_by_text("lien entier").click()
    demo.sees('"GET"')
    demo.at("http://127.0.0.1:5020/json")
    demo.go("/")
    demo.frame.get_by_text("redirigé").click()
    demo.at("http://127.0.0.1:5020/json?arriv%C3%A9")
    demo.go("/")
    demo.frame.get_by_text("port fermé").click()
    demo.sees("Connexion refusée", "h1")


def test_exchanges_are_drawn(open_live, mode):
    demo = open_live("demo5")
    demo.run()
    demo.frame.locator("[name=username]").fill("ada")
    demo.frame.locator("[type=submit]").click()
    demo.sees("Donnez votre mot de passe")
    demo.part(".live-exchanges > summary").click()
    demo.part(".live-exchange summary").filter(has_text="POST /").click()
    expect(demo.part(".live-exchange .wire-content")).to_have_count(2)
    asked, answered = demo.part(".live-exchange .wire-content").all_text_contents()
    assert "Host: 127.0.0.1:5005" in asked
    assert "Cookie: demo5=" in asked
    assert "username=ada" in asked
    assert "Content-Type: text/html" in answered
    captions = demo.part(".live-exchange .wire-caption").all_text_contents()
    assert captions == [
        "navigateur → serveur : POST / HTTP/1.1",
        "serveur → navigateur : HTTP/1.1 400 BAD REQUEST",
    ]
