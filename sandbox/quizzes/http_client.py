"""The quiz of lesson 06."""

from sandbox.quizzes import Choice, Question, Quiz

QUIZ = Quiz(
    "http_client",
    (
        Question(
            "Qu'est-ce qui termine les en-têtes d'une requête ?",
            (
                Choice(
                    "Un point.",
                    "C'est ainsi que finit un courriel en SMTP, le cousin. Pas HTTP.",
                ),
                Choice(
                    "La fermeture de la connexion.",
                    "Le serveur ne pourrait plus répondre à un client parti, et la connexion ne "
                    "resservirait jamais.",
                ),
                Choice(
                    "Une ligne vide.",
                    "Deux `\\r\\n` de suite. Tant qu'elle n'est pas venue, le serveur attend : "
                    "vous l'avez vu se taire.",
                    right=True,
                ),
            ),
        ),
        Question(
            "`requests.get(url)` sur une page absente, sans rien d'autre. Que se passe-t-il ?",
            (
                Choice(
                    "Une réponse dont `status_code` vaut 404.",
                    "404 est une réponse. C'est à vous de la regarder, ou d'appeler "
                    "`raise_for_status`. Et il manque un `timeout` !",
                    right=True,
                ),
                Choice(
                    "L'exception `HTTPError`.",
                    "Seulement si vous appelez `raise_for_status`.",
                ),
                Choice(
                    "L'exception `ConnectionError`.",
                    "La connexion s'est très bien passée : le serveur a répondu.",
                ),
                Choice(
                    "`None`.",
                    "Jamais : ou bien une réponse, ou bien une exception.",
                ),
            ),
        ),
        Question(
            "Le réseau tombe pendant un POST qui commande une pizza. Peut-on réessayer ?",
            (
                Choice(
                    "Oui, toujours : au pire le serveur refusera.",
                    "Rien n'oblige le serveur à reconnaître la même commande.",
                ),
                Choice(
                    "Pas sans précaution : la première a peut-être été prise.",
                    "POST n'est pas idempotent. On ne sait pas de quel côté la panne est tombée, "
                    "et deux pizzas vont peut-être arriver.",
                    right=True,
                ),
                Choice(
                    "Non, POST interdit d'être envoyé deux fois.",
                    "Rien ne l'interdit ; c'est l'effet qui double.",
                ),
            ),
        ),
        Question(
            "Un serveur répond `304`. Que contient le corps ?",
            (
                Choice(
                    "La page entière.",
                    "Ce serait 200 : le serveur vient justement d'éviter de la renvoyer.",
                ),
                Choice(
                    "L'adresse où aller.",
                    "Ce serait 301 ou 302, et l'adresse est dans l'en-tête `Location`.",
                ),
                Choice(
                    "Ce qui a changé depuis la dernière fois.",
                    "HTTP ne connaît pas les différences : c'est tout, ou rien.",
                ),
                Choice(
                    "Rien : la copie du client est encore bonne.",
                    "Le client avait montré son ETag, et c'est toujours le même.",
                    right=True,
                ),
            ),
        ),
        Question(
            "Votre programme refuse un certificat. Que fait `verify=False` ?",
            (
                Choice(
                    "Il ajoute le certificat à la liste de confiance.",
                    "Il ne retient rien. Pour faire confiance à une autorité, donnez son fichier : "
                    "`verify='autorite.pem'`.",
                ),
                Choice(
                    "Il chiffre, mais avec n'importe qui.",
                    "Le tunnel est là, et vous ne savez pas qui est à l'autre bout : exactement ce "
                    "qu'espère celui qui s'est mis au milieu.",
                    right=True,
                ),
                Choice(
                    "Il revient à HTTP sans chiffrement.",
                    "Le chiffrement demeure ; c'est la preuve d'identité qui disparaît.",
                ),
            ),
        ),
    ),
)
