"""The quiz of lesson 16."""

from sandbox.quizzes import Choice, Question, Quiz

QUIZ = Quiz(
    "flask_edo",
    (
        Question(
            "`eval(text, {'__builtins__': {}})` : que vaut cette protection ?",
            (
                Choice(
                    "Elle suffit : sans `__import__`, on ne peut rien importer.",
                    "Les modules sont déjà là : du tuple vide `()`, on remonte à toutes les "
                    "classes, et de l'une d'elles à `os`.",
                ),
                Choice(
                    "Elle ne suffit pas : tout objet mène à tous les autres.",
                    "Et même sans aucun secret à voler, `9 ** 9 ** 9` arrêterait le serveur.",
                    right=True,
                ),
                Choice(
                    "Elle suffit si l'on refuse aussi les textes qui contiennent `__`.",
                    "C'est courir après chaque attaque. Celle d'un calcul sans fin n'a aucun `__`.",
                ),
            ),
        ),
        Question(
            "Que fait `ast.parse(text, mode='eval')` ?",
            (
                Choice(
                    "Il calcule l'expression, à l'abri.",
                    "`mode='eval'` dit seulement qu'on attend une expression. Rien n'est calculé.",
                ),
                Choice(
                    "Il rend un arbre qui décrit l'expression, sans rien exécuter.",
                    "À nous de parcourir l'arbre, et de ne donner un sens qu'à ce que nous "
                    "connaissons.",
                    right=True,
                ),
                Choice(
                    "Il refuse les expressions dangereuses.",
                    "Il accepte tout ce qui est du Python bien écrit, le pire compris.",
                ),
            ),
        ),
        Question(
            "Pourquoi une liste de ce qui est *permis*, plutôt que de ce qui est interdit ?",
            (
                Choice(
                    "Ce qu'on a oublié y est refusé, au lieu d'être accepté.",
                    "L'oubli d'une liste blanche gêne un utilisateur, qui vous le dira ; celui "
                    "d'une liste noire sert un attaquant, qui ne vous dira rien.",
                    right=True,
                ),
                Choice(
                    "Elle est plus courte à écrire.",
                    "Pas toujours, et ce n'est pas la raison.",
                ),
                Choice(
                    "Elle est plus rapide à parcourir.",
                    "La différence ne se mesure pas ; la sûreté, si.",
                ),
            ),
        ),
        Question(
            "Où la courbe est-elle dessinée ?",
            (
                Choice(
                    "Dans le serveur, qui envoie une image.",
                    "C'est possible, avec matplotlib, mais ce n'est pas ce que fait `edo`.",
                ),
                Choice(
                    "Dans le navigateur, à partir de nombres que le serveur a mis dans la page.",
                    "Le serveur calcule, le navigateur dessine ; entre eux, du JSON.",
                    right=True,
                ),
                Choice(
                    "Dans scipy.",
                    "scipy rend des nombres, et ne dessine rien.",
                ),
            ),
        ),
        Question(
            "Le pas est borné : mille pas au plus. Pourquoi compter *aussi* les évaluations de f ?",
            (
                Choice(
                    "Parce qu'une méthode à pas variable peut faire des pas bien plus petits que "
                    "celui qu'on lui donne.",
                    "Le nôtre est un maximum : sur `1000 * sin(10000 * t)`, RK45 le réduit mille "
                    "fois.",
                    right=True,
                ),
                Choice(
                    "Parce que chaque évaluation occupe de la mémoire.",
                    "Elle en occupe, puis la rend. C'est le temps qui manque.",
                ),
                Choice(
                    "C'est inutile : mille pas, c'est toujours rapide.",
                    "Mille pas *au moins* : `max_step` borne leur taille, pas leur nombre.",
                ),
            ),
        ),
    ),
)
