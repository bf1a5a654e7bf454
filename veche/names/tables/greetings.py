"""The first words of a letter, by the language of the person it goes to (not of the one who writes it)."""

GREETINGS = {
    "ru": {
        "formal_m": "Уважаемый %s",
        "formal_f": "Уважаемая %s",
        "surname_m": "Уважаемый господин %s",
        "surname_f": "Уважаемая госпожа %s",
        "family": "Уважаемая семья %s",
        "neutral": "Здравствуйте, %s",
        "nobody": "Здравствуйте",
    },
    "en": {
        "formal_m": "Dear %s",
        "formal_f": "Dear %s",
        "surname_m": "Dear Mr %s",
        "surname_f": "Dear Ms %s",
        "family": "Dear %s family",
        "neutral": "Hello, %s",
        "nobody": "Hello",
    },
}
