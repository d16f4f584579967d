"""The quiz of lesson 10."""

from sandbox.quizzes import Choice, Question, Quiz

QUIZ = Quiz(
    "http_server",
    (
        Question(
            "Dans `do_POST`, vous appelez `self.rfile.read()`, sans rien entre les parenthèses. "
            "Que se passe-t-il ?",
            (
                Choice(
                    "Vous obtenez le corps de la requête.",
                    "`read()` lit jusqu'à la fin de la connexion, pas du corps.",
                ),
                Choice(
                    "Rien : vous attendez que le client raccroche, et lui attend la réponse.",
                    "Sur TCP, un corps n'a d'autre fin que celle qu'annonce `Content-Length`.",
                    right=True,
                ),
                Choice(
                    "Une exception, car `Content-Length` manque.",
                    "`rfile` ne sait rien d'HTTP : c'est un flux d'octets, et rien d'autre.",
                ),
            ),
        ),
        Question(
            "Votre handler compte les téléchargements dans `self.count`. Que vaut-il au troisième "
            "client ?",
            (
                Choice(
                    "3.",
                    "Il faudrait que le même objet serve les trois.",
                ),
                Choice(
                    "1.",
                    "Chaque connexion a son handler tout neuf. Ce qui doit durer vit ailleurs.",
                    right=True,
                ),
                Choice(
                    "Cela dépend des threads.",
                    "Même avec un seul thread, chaque connexion crée un nouvel objet.",
                ),
            ),
        ),
        Question(
            "Comment empêcher `..` de sortir du dossier du site ?",
            (
                Choice(
                    "Refuser les requêtes qui contiennent `..`.",
                    "`%2e%2e` n'en contient pas, et devient `..` une fois décodé.",
                ),
                Choice(
                    "Vérifier que le chemin résolu commence par celui du site, lettre à lettre.",
                    "`/srv/site-prive` commence par `/srv/site`.",
                ),
                Choice(
                    "Décoder, résoudre, puis vérifier par `is_relative_to`.",
                    "On vérifie ce que l'on va ouvrir, et non ce qui a été écrit.",
                    right=True,
                ),
            ),
        ),
        Question(
            "Un socket UDP fait `connect` vers `192.0.2.1`, qui n'existe pas. Que part-il ?",
            (
                Choice(
                    "Un paquet, qui se perd.",
                    "UDP n'a pas de poignée de main : tant qu'on n'envoie rien, rien ne part.",
                ),
                Choice(
                    "Rien ; mais le système a choisi par quelle interface il passerait.",
                    "Et `getsockname` nous dit l'adresse de cette interface : la nôtre.",
                    right=True,
                ),
                Choice(
                    "Une requête DNS.",
                    "C'est déjà une adresse : il n'y a aucun nom à chercher.",
                ),
            ),
        ),
        Question(
            "Un téléchargement coupé reprend par `Range: bytes=5000-`, avec un `If-Range` qui "
            "porte l'ancien ETag. Le fichier a changé entre-temps. Que répond le serveur ?",
            (
                Choice(
                    "206, et la suite du nouveau fichier.",
                    "Le client recollerait deux moitiés qui ne vont pas ensemble.",
                ),
                Choice(
                    "416, car cette partie n'existe plus.",
                    "416 veut dire que la partie est au-delà de la fin.",
                ),
                Choice(
                    "200, et le nouveau fichier en entier.",
                    "C'est le sens de `If-Range` : la partie si rien n'a changé, sinon le tout.",
                    right=True,
                ),
            ),
        ),
    ),
)
