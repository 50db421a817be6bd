"""Danger told by words that stand near each other, in any order: a partner and blows, sleeping and outside.

A concept is a pattern for one word of folded text. Two concepts within a few words of each other tell a
danger. This catches what no list of phrases can; whole phrases are in `danger_rules`.
"""

from __future__ import annotations

CONCEPTS: dict[str, str] = {
    "partner": r"mari|conjointe?|compagn(?:on|e)|copine?|copain|mec|ex|epou(?:x|se)|concubine?|keum|bonhomme",
    "person": (
        r"il|elle|on|ils|quelqu|type|gars|mecs?|hommes?|voisine?s?|proprietaire|proprio|patron|frere|oncle|cousin|"
        r"fils|colocataire|individu|bande|jeunes|inconnu"
    ),
    "blow": (
        r"frapp?\w*|cogne\w*|gifl\w*|etrangl\w*|tabass\w*|coups|ceinture|claques?|bleus|hematomes?|raclees?|torgnoles?|"
        r"brutalis\w*|maltrait\w*|poings?|battue?s?|battent|bats|bat|sequestr\w*|poignard\w*"
    ),
    "threat": r"tuer|tuera|crever|buter|butera|egorger|planter|flinguer|massacrer|demolir",
    "rape": r"viol|violee?s?|violer|attouche\w*|abuse|abuser|tripote\w*|inceste",
    "force": r"obliges?|force|forcee?|contrainte?",
    "bed": r"lit|coucher|sexe|sexuel\w*|rapports",
    "child": (
        r"enfants?|bebes?|fille|fillette|petite?|petits|gamine?s?|gosses?|mome|neveu|niece|nourrisson|eleve|ado|"
        r"garcon|fils|mineure?|jumeaux"
    ),
    "wound": r"bleus|brulures?|coups|ceinture|enfermee?s?|attachee?s?|affamee?s?|frapp\w*|secoue\w*|battue?s?",
    "body": (
        r"sang|saigne\w*|vomi|vomit|inconscient\w*|evanoui\w*|convuls\w*|poitrine|etouffe\w*|malaise|paralyse\w*|pouls|coma"
    ),
    "acute": (
        r"vite|urgence|fort|beaucoup|arrete|partout|pompiers|samu|ambulance|secours|grave|soudain|tombee?|coupee?|"
        r"ecrasee?|levres|gorge|bras"
    ),
    "poison": (
        r"javel|produit|pesticide|desherbant|lessive|essence|medicaments?|cachets?|comprimes?|plaquettes?|champignons?|"
        r"pilules?|somniferes?"
    ),
    "swallow": r"bu|d?avale\w*|gobe\w*|ingere\w*",
    "sleep": r"dors|dort|dormir|dorment|dormons|pieute\w*|couche dehors",
    "outside": (
        r"dehors|rue|voiture|bagnole|camion|camionnette|fourgon|tente|abribus|trottoir|banc|porche|gare|parking|laverie|"
        r"hangar|cave|squat|froid|gele|neige|pont|carton|bois|hall|escalier|caisse"
    ),
    "door": r"porte|fenetre|volets?|maison|portail|entrer|rentrer|jardin|appart\w*",
    "intrude": r"essaie|essaye|forcer|defonce\w*|rode|roder|tambourine\w*|guette|barre|hache|fusil|couteau|machette|batte",
    "weapon": r"couteau|fusil|machette|hache|carabine|pistolet|batte|barre|marteau",
    "smoke": r"fumee|flammes?|crame|explosion|etincelles?",
    "here": r"partout|cuisine|maison|immeuble|grange|appart\w*|chambre|garage|etage|hangar|four|vite|cheminee",
    "burner": r"poele|chaudiere|chauffage|brasero",
    "sick": r"vomir|vomi|vertiges?|nausees?|detecteur|boitier|evanoui\w*",
    "die": r"mourir|crever|suicide\w*|pendre|flinguer|veines",
    "want": r"veux|envie|vais|voudrais|pense|pensees|idees|idee|prefere|prete?|marre|peux",
}
# kind of danger, one concept, the other, and how many words apart they may stand.
PAIRS: tuple[tuple[str, str, str, int], ...] = (
    ("medical", "swallow", "poison", 6),
    ("medical", "body", "acute", 5),
    ("incendie", "smoke", "here", 5),
    ("incendie", "burner", "sick", 20),
    ("enfant", "child", "wound", 11),
    ("enfant", "child", "rape", 9),
    ("violences", "partner", "blow", 8),
    ("violences", "partner", "threat", 8),
    ("violences", "partner", "rape", 6),
    ("violences", "force", "bed", 6),
    ("suicide", "want", "die", 4),
    ("agression", "intrude", "door", 4),
    ("agression", "person", "weapon", 5),
    ("rue", "sleep", "outside", 6),
)
