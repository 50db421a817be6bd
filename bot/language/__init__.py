"""Reading French as people write it: normal forms and a text classifier, used by intake and by Rasa."""
