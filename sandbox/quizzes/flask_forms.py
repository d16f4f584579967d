"""The quiz of lesson 14."""

from sandbox.quizzes import Choice, Question, Quiz

QUIZ = Quiz(
    "flask_forms",
    (
        Question(
            "Votre formulaire dit `<input name='age' type='number' min='0' required>`. Que peut "
            "recevoir la vue ?",
            (
                Choice(
                    "Un entier positif, toujours.",
                    "Cela, c'est ce que le navigateur laisse passer ; un programme envoie ce qu'il "
                    "veut.",
                ),
                Choice(
                    "N'importe quel texte, ou rien.",
                    "La page est chez le visiteur : tout est à revérifier au serveur.",
                    right=True,
                ),
                Choice(
                    "Un entier positif, ou `None`.",
                    "`request.form` ne contient que du texte : la conversion est à vous, ou à "
                    "`IntegerField`.",
                ),
            ),
        ),
        Question(
            "Pourquoi rediriger après un POST accepté ?",
            (
                Choice(
                    "Pour que recharger la page ne refasse pas l'action.",
                    "La dernière requête est alors un GET, que l'on répète sans risque.",
                    right=True,
                ),
                Choice(
                    "Parce qu'un POST n'a pas le droit de rendre une page.",
                    "Il le peut, et c'est ce qu'on fait pour réafficher un formulaire refusé.",
                ),
                Choice(
                    "Pour cacher les valeurs envoyées.",
                    "Elles étaient dans le corps, et y restent ; HTTPS seul les cache.",
                ),
            ),
        ),
        Question(
            "Un visiteur ouvre le cookie `session` de son navigateur. Que peut-il faire ?",
            (
                Choice(
                    "Rien, il est chiffré.",
                    "Il est signé, et non chiffré : du JSON en base64, que chacun décode.",
                ),
                Choice(
                    "Le lire et le changer à sa guise.",
                    "S'il le change, la signature n'est plus la bonne : Flask jette tout.",
                ),
                Choice(
                    "Le lire, mais non le changer.",
                    "Sauf s'il connaît la clé secrète : gardez-la hors du code.",
                    right=True,
                ),
            ),
        ),
        Question(
            "De quoi protège le jeton CSRF ?",
            (
                Choice(
                    "D'un mot de passe deviné.",
                    "C'est le rôle du compte des essais, et des empreintes lentes.",
                ),
                Choice(
                    "D'un autre site qui ferait envoyer une requête par votre navigateur, avec vos "
                    "cookies.",
                    "Il peut l'envoyer, mais pas lire la page où se trouve le jeton.",
                    right=True,
                ),
                Choice(
                    "De quelqu'un qui écoute le réseau.",
                    "Il y lirait aussi le jeton. Contre l'écoute, il y a HTTPS.",
                ),
            ),
        ),
        Question(
            "Comment garder le mot de passe d'un visiteur ?",
            (
                Choice(
                    "Tel quel, dans un fichier bien protégé.",
                    "Le jour où le fichier fuit, tous les comptes fuient, et les mêmes mots de "
                    "passe ailleurs.",
                ),
                Choice(
                    "Dans sa session, puisqu'elle est signée.",
                    "Elle est lisible, et elle est chez lui : le serveur n'aurait rien à comparer.",
                ),
                Choice(
                    "On n'en garde que l'empreinte, par `generate_password_hash`.",
                    "Salée, lente à calculer : assez pour vérifier, pas pour retrouver.",
                    right=True,
                ),
            ),
        ),
    ),
)
