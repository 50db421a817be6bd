"""The words of danger: spellings, what only looks like danger, and the patterns of each kind.

Everything here reads folded text (lower case, no accents, no punctuation). Repetitions are bounded so
that no message can make a pattern slow.
"""

from __future__ import annotations

import re

# (spelling, word): SMS and phonetic writing brought to the words the patterns use, in this order.
SPELLINGS: tuple[tuple[str, str], ...] = (
    (r"j ?v(?:eu|eux|e)|jve|je veu|je ve", "je veux"),
    (r"j ?(?:vai|vais|ve)|jva", "je vais"),
    (r"jsui|j ?suis|chui|chuis|je sui|jsuis|sui", "je suis"),
    (r"jen peu[xt]?|j en peu|jpeu[xt]?|j peu[xt]?", "j en peux"),
    (r"g|je|jai|j ait|j ais|jait", "j ai"),
    (r"pl[uy]s?", "plus"),
    (r"(?:ma|mas|m as|m a)(?= (?:frap|tap|bat|donn|viol|menac|cogn|gifl|etrangl|mis))", "m a"),
    (r"frape[rsz]?|frap|frapai[st]?|frapent|frapp?er|frappai[st]", "frappe"),
    (r"taper?|tapai[st]|tapee?s?|tapper?", "tape"),
    (r"se soir|swar|soare?", "ce soir"),
    (r"deore?|dehor|deors?", "dehors"),
    (r"dor|dormai[st]?|dore", "dors"),
    (r"a la ru|la ru", "la rue"),
    (r"pa", "pas"),
    (r"ariv\w*|arriv", "arrive"),
    (r"dormire?|dormirr?|dormi", "dormir"),
    (r"null?e? ?part?|nulpar|nullepart", "nulle part"),
    (r"mon(?= (?:frappe|tape|agress|suivi|vol|menac|mis|jete|foutu|attaqu))", "m ont"),
    (r"tt|tou", "tout"),
    (r"devien[ts]?", "devient"),
    (r"couto|kouto|couteaux", "couteau"),
    (r"tue[rsz]?|tuai[st]?|tué", "tuer"),
    (r"aidé|édé|ede|édez|edez", "aidez"),
    (r"mari|conjouin|conjoin|copin|copain|kopin", "mari"),
    (r"peure?|peurs", "peur"),
    (r"mouri|mourire|mourrir", "mourir"),
    (r"enfan|enfents?|gosses?|gamins?|momes?", "enfant"),
    (r"respir|respirer?|respirent", "respire"),
    (r"bb|beb", "bebe"),
    (r"feux", "feu"),
)

# Taken out before the patterns are tried, and before the models read.
NOT_DANGER: tuple[str, ...] = (
    r"c(?: est)? abuse|prevention (?:du|des|contre le) suicides?",
    r"repond(?:ent)? plus (?:ni )?(?:a|au|aux|ni) \w+|feuill\w*",
    r"(?:boite|usine|abattoir|patron|entreprise|boulot|chef|interim|societe) (?:\w+ ){0,9}mise?s? dehors",
    r"frapp\w* (?:a|aux|sur) (?:\w+ ){0,3}portes?|menac\w* de (?:ne (?:pas|plus)|me prendre|arreter|saisir|porter|demander)",
    r"au secours (?:je |j ai |j )?(?:ne )?(?:pas (?:tout )?compris|j?comprends?|y comprends|suis perdue? dans)|(?:mortel|mort|morte|decedee?) (?:\w+ ){0,4}(?:19|20)\d\d",
    r"(?:arret|crise) cardiaque (?:\w+ ){0,6}(?:19|20)\d\d",
    r"(?:suicid\w*|tentative de suicide|ts) (?:\w+ ){0,3}(?:il y a|ya|a (?=quatorze|quinze|seize|dix|vingt|trente|\d\d ans)) ?(?:\w+ ){0,4}(?:ans|an|annees?|mois|vingt|trente)",
    r"m etrangle\w* (?:leurs?|ces|vos|les|avec|sous)|au secours(?= (?:\w+ ){0,5}(?:formulaires?|case|declaration|dossier|mot de passe|papiers?|impots?|site|mise? a jour))",
    r"coups? durs?|coup de (?:theatre|chance)|ceinture de securite|battre (?:\w+ )?pour",
    r"mort[es]? de (?:rire|fatigue|faim de loup|trouille|honte)",
    r"(?:mourir|creve\w*|etouffe\w*) de (?:rire|fatigue|chaud|honte)|mdr",
    r"tuer (?:le temps|l administration)|(?:ca|cela|il) me tue(?: de)?",
    r"coups? de (?:fil|telephone|main|pouce|coeur|pub|gueule|tampon|barre|vieux|jeune|blues|fouet)",
    r"(?:couteau|pistolet) sous la gorge",
    r"feu (?:vert|rouge|tricolore)s?|a petit feu|feu (?:mon|ma|son|sa|notre|monsieur|madame) \w+",
    r"(?:griller?|grille|bruler?|brule) (?:un|le) feu|bruler? les etapes",
    r"pendue? au telephone|peine de mort|point mort|poids mort|temps mort",
    r"tape[sz]? (?:a la machine|du pied|sur (?:le|un|mon) \w+|un (?:code|courrier|numero|mot|message)|mon \w+|le code|dans (?:google|la barre))",
    r"menace\w* de (?:me|nous) (?:mettre dehors|couper|virer|radier|licencier|supprimer|expulser)",
    r"en finir avec (?:ce|cette|ces|mon|mes|le|les|leur|leurs|l)(?: \w+)?",
    r"bat(?:tre|s|tu)? (?:en retraite|de l aile|(?:le|des|un|tous les) records?|son plein)|se battre|me battre|nous battre|on se bat",
    r"(?:expulsee?s?|dehors|la rue) (?:\w+ ){0,4}(?:il y a|ya|depuis) (?:\w+ ){0,2}ans",
    r"(?:il y a|ya) (?:\w+ ){0,2}ans (?:\w+ ){0,6}(?:la rue|dehors)",
    r"(?:brule|pris feu|incendie)\w* (?:\w+ ){0,3}(?:l (?:an|ete|hiver|annee|automne)|le mois|la semaine|en \d{4}|il y a|ya)(?: \w+)?",
)
_TAKEN_OUT = re.compile(r"\b(?:" + "|".join(NOT_DANGER) + r")\b")


_LONG_AGO = re.compile(
    r"\b(?:(?:il y a|ya|y a) (?:\w+ ){0,2}(?:ans|longtemps|lgtps|lontan)|l (?:an|annee) (?:dernier|derniere|passe|passee)|"
    r"dans les annees|quand j etais|kan jete|a l epoque|autrefois|dans ma jeunesse)\b"
)
"""Years, never months nor an age: "j'ai quinze ans" tells nothing of when."""


def is_long_ago(folded: str) -> bool:
    """Tell whether folded text says that what it tells is past: "il y a cinq ans", "quand j'étais petite"."""
    return _LONG_AGO.search(folded) is not None


def without_likenesses(folded: str) -> str:
    """Return folded text without what only looks like a danger: "frapper à la porte", "mort de rire"."""
    return _TAKEN_OUT.sub(" ", folded)


_PARTNER = (
    r"(?:mon|ma|le|son|sa) (?:ex |futur )?(?:mari|conjoint|conjointe|copine|compagnon|compagne|mec|homme|femme|epoux|"
    r"epouse|ex|concubin|concubine|petit ami|keum|bonhomme|pere de (?:mes|mon|ma) \w+)"
)
_HIT = (
    r"(?:frappe\w*|tapent|tape\w*|bats?|battent|battue?s?|battait|cogne\w*|gifle\w*|etrangle\w*|tabasse\w*|viole\w*|violente\w*|sequestre\w*|"
    r"enferme\w*|secoue\w*|brutalise\w*|agresse\w*|maltraite\w*|poignarde\w*|(?:mis|donne\w*|met|fout|file) "
    r"(?:un|des|une) (?:coups?|claques?|gifles?|beignes?|droites?)|fout sur la gueule|leve la main|traine\w* par les cheveux)"
)
_THREAT = r"(?:menace\w*|va (?:me|nous) tuer|veut (?:me|nous) tuer|(?:me|nous) tuer)"
_SUICIDE = (
    r"(?:en finir|me tuer|me suicide\w*|me foutre en l air|me flinguer|me pendre|me jeter (?:sous|du|dans)|"
    r"sauter (?:du|d un|par la)|mettre fin a (?:mes jours|ma vie)|me supprimer|disparaitre (?:pour toujours|de bon)|"
    r"ne plus (?:vivre|exister|etre la)|plus (?:vivre|exister|etre la)|m ouvrir les veines|me laisser mourir|"
    r"avaler (?:tous? )?(?:mes|les|des) (?:cachets|medicaments|medocs|comprimes)|plus me reveiller|mourir|crever)"
)
_CHILD = (
    r"(?:enfants?|bebes?|fils|filles?|petite?s?|neveux?|nieces?|eleves?|mineure?s?|ado\w*|garcons?|"
    r"petite? (?:frere|soeur|fille|garcon))"
)

_SOMEONE = (
    r"(?:on|quelqu un|un homme|une femme|un type|un mec|voisin|des gens|des jeunes|mon fils|mon frere|mon pere|"
    r"patron|proprio|proprietaire)"
)

# For each kind (a key of data/urgences.yml), alternatives between word boundaries.
PATTERNS: dict[str, tuple[str, ...]] = {
    "medical": (
        r"respire (?:plus|pas|mal)|(?:arrive|peut) (?:plus|pas) a? ?respire\w*|arrete de respire|n ?arrive plus a respire",
        r"(?:fait|faire|fais) (?:un|une) (?:malaise|avc|infarctus|arret cardiaque|crise cardiaque|overdose|hemorragie)",
        r"crise cardiaque|arret cardiaque|overdose|hemorragie|convuls\w+|dans le coma",
        r"(?:est|tombe\w*) (?:\w+ ){0,2}(?:inconsciente?|dans les pommes)|perdu connaissance|(?:il|elle|pere|mere|papa|maman|mari|femme|fils|fille|bebe|enfant|voisine?|homme|dame|monsieur|copine?|frere|soeur|client|patient) (?:\w+ ){0,3}(?:repond|bouge) plus|se reveille (?:plus|pas)",
        r"(?:perd|saigne) (?:\w+ ){0,3}(?:sang|beaucoup|enormement)|arrete pas de saigner|saigne (?:de|a) la tete",
        r"(?:mal|douleur|serre|pointe|etau|oppress\w*) (?:\w+ ){0,5}(?:poitrine|thorax|coeur)|bouche (?:\w+ ){0,2}(?:travers|tordue|tombe)|bras (?:\w+ ){0,3}(?:paralyse|engourdi)",
        r"(?:devient|est|sont|tout|levres) (?:\w+ ){0,2}(?:bleue?s?|violette?s?)\b|(?:evanoui|evanouie|malaise)\b|(?:tombee?|chute) (?:\w+ ){0,6}(?:bouge pas|bouge plus|reagit|releve plus|relever|inconsci\w*)",
        r"reagit (?:plus|pas)|ne (?:se )?(?:reveille|releve) (?:plus|pas)|(?:coupe|ouvert) (?:\w+ ){0,4}(?:veines?|poignets?)|electrocut\w+|se noie|noyade|allergi\w+ (?:\w+ ){0,4}(?:gonfle|gorge)|gorge (?:\w+ ){0,2}(?:gonfle|serre)",
        r"s etouffe|etouffe avec|(?:a )?avale (?:\w+ ){0,4}(?:javel|produit|cachets|medicaments|comprimes|pilules|plaquettes?|boites?)",
        r"(?:pris|prend|prise|gobe) (?:\w+ ){0,5}(?:boites?|plaquettes?|tubes?) (?:de |d )?\w+|perdu les eaux",
        r"(?:bu|boire|avaler?) (?:\w+ ){0,3}(?:javel|produits?|deboucheur|antigel|piles?|essence|white spirit|detergent|lessive|mort aux rats)",
        r"(?:accouchement|travail) (?:a |vient de )?(?:commence|demarre)r?(?= (?:\w+ ){0,9}(?:voiture|taxi|samu|ambulance|maternite|hopital|pompiers))|contractions (?:\w+ ){0,3}(?:toutes|fortes|rapprochees)|toute? (?:seule? )?(?:pris|prise|avale) (?:\w+ ){0,2}(?:medicaments|cachets|comprimes)",
        r"(?:cachets|medicaments|comprimes) (?:\w+ ){0,3}pris (?:beaucoup|trop|tous)|pris (?:beaucoup|trop) (?:de |d )?(?:cachets|medicaments|comprimes)|pris (?:des|les|mes) (?:cachets|medicaments|comprimes) (?:\w+ ){0,3}(?:beaucoup|trop|tous)",
        r"parle (?:plus|de travers|bizarre) (?:\w+ ){0,6}(?:bras|bouche|visage)|visage (?:\w+ ){0,2}paralyse",
    ),
    "incendie": (
        r"(?:y a|il y a|ya) (?:\w+ ){0,2}(?:feu|incendie|fumee partout)|en feu|pris feu|prend feu|au feu",
        r"(?:maison|appart\w*|immeuble|cuisine|grange|toit|chambre|cheminee|voiture|four|garage) (?:\w+ ){0,2}(?:brule|flambe)\b",
        r"(?:fuite|odeur|sent|pue) (?:\w+ ){0,4}gaz|monoxyde|plein de fumee|feu de cheminee",
    ),
    "enfant": (
        r"(?:les|des|deux|trois|ces|mes|ses|leurs) (?:\w+ ){0,3}(?:petits|enfants?|gamins|bebes?) (?:\w+ ){0,4}(?:tout )?seuls? (?:\w+ ){0,3}(?:depuis|toute|la nuit|hier|a la maison)",
        rf"{_CHILD} (?:\w+ ){{0,5}}(?:a peur de (?:son|sa) (?:beau |belle )?(?:pere|mere)|est maltraite\w*|mange pas a sa faim|pas mange depuis|laisse\w* seule?|marques? de coups|traces? de coups|enferme\w*)",
        r"(?:bleus?|marques?|traces?|coups|brulures?) (?:\w+ ){0,4}(?:sur|dans) (?:\w+ ){0,3}(?:enfants?|bebe|petite?|bras de|dos de|dos du|corps du|jambes? d)",
        rf"(?:mon|ma|notre|une?|le|la|l|les|des|ses|leurs?|cette?) (?:\w+ ){{0,2}}{_CHILD} (?:\w+ ){{0,5}}(?:{_HIT}|des bleus|de bleus|attouche\w*|en danger|abuse\w*)",
        r"touche (?:a )?(?:mon|ma|une|la|sa|son) (?:\w+ )?(?:fils|fille|enfant|bebe|niece|neveu|petite soeur|petite fille|petit frere)\b",
        rf"(?:{_HIT}|attouche\w*|abuse de) (?:\w+ ){{0,3}}(?:mon|ma|mes|ses|son|sa|leurs?|le|la|les|notre|l|une?|cet|cette) (?:\w+ ){{0,2}}{_CHILD}\b",
        r"enfants? (?:\w+ ){0,2}(?:en danger|battus?|maltraites?|seuls? (?:a la maison|toute la nuit|la nuit))",
        r"(?:laisse\w*) (?:\w+ ){0,4}(?:enfants?|bebes?|petite?s?) (?:\w+ ){0,2}(?:toute? )?seule?s?",
        r"(?:mon|ma) (?:beau |belle )?(?:pere|mere|oncle|tonton|frere|papa|maman|prof|entraineur) (?:\w+ ){0,3}(?:me |m a |m )(?:\w+ ){0,2}(?:touche|attouche\w*|tape\w*|frappe\w*|bat\b|viole\w*|abuse\w*)",
        r"(?:leur|notre|un|petit) secret (?:\w+ ){0,4}(?:tous les deux|entre|avec (?:lui|tonton|papi|papa))|\w+ (?:bo |beau )(?:pere|frere) (?:\w+ ){0,2}(?:me |m )touche",
        r"inceste|pedophil\w+",
    ),
    "violences": (
        rf"{_PARTNER} (?:\w+ ){{0,5}}(?:{_HIT}|{_THREAT})",
        rf"(?:il|elle) (?:\w+ ){{0,2}}(?:me|m|m a|nous|nous a) (?:\w+ ){{0,2}}(?:{_HIT}|tuer)",
        r"(?:suis|ete|etais|etre|fais|fait|faite) (?:\w+ ){0,2}(?:battue?|frappee?|cognee?|tabasser?|violee?|sequestree?|etranglee?) (?:\w+ ){0,3}par",
        r"femmes? battues? (?:moi|comme moi)|je suis (?:une femme|un homme) battue?|(?:subis|victime de) (?:des |de )?violences?(?! \w+ ya)",
        r"peur (?:de |d |que )?(?:\w+ ){0,2}(?:mari|conjoint|compagnon|concubin|epoux|mec|mon ex)\b",
        r"peur (?:\w+ ){0,5}(?:il rentre|il va rentrer|il revien\w+|rentrer chez moi|il arrive|il me retrouve|il me trouve)",
        r"il (?:va|doit) (?:bientot )?rentrer (?:\w+ ){0,4}peur",
        rf"{_PARTNER} (?:\w+ ){{0,6}}(?:crache|humilie|insulte (?:tous|tout|chaque|devant)|casse (?:tout|la vaisselle|mes)|jete contre|pousse\w* dans|serre (?:le cou|la gorge)|force a coucher|oblige a coucher|confisque|garde mes papiers|pris mes papiers)",
        r"(?:des |les |encore )coups (?:\w+ ){0,4}(?:mari|mon ex|conjoint|compagnon)|(?:partir|fuir|quitter|echapper) (?:\w+ ){0,6}(?:il me tuera|va me tuer|retrouvera|sans qu il)|il me tuera|il va nous tuer",
        r"(?:recois|recu|prend|pris|prends) (?:\w+ ){0,2}(?:des coups|une raclee|un coup de poing)|(?:bleus|hematomes?|oeil au beurre noir) (?:\w+ ){0,8}(?:mari|conjoint|compagnon|ex|lui|il)\b",
        rf"{_PARTNER} (?:\w+ ){{0,4}}(?:violent|violente|me surveille|m empeche de|m interdit|prend mon (?:telephone|argent)|controle mon|veut pas que je sorte)",
        r"il (?:\w+ ){0,3}(?:m empeche de sortir|me laisse pas sortir|controle mon telephone|m enferme|lit mes messages)",
    ),
    "suicide": (
        rf"(?:veux|vais|voudrais|pense a|songe a|envie de?|envie d|idee de|pret\w? a|besoin de?|compte|decide de?|prefere) (?:\w+ ){{0,3}}{_SUICIDE}",
        r"suicid\w+|(?:idees?|pensees?|envies?) (?:noires?|de mort)|lettre d adieu|adieu a tous",
        r"(?:il|elle|on|fils|fille|frere|soeur|ami|amie|mere|pere|mari|femme|voisine?) (?:\w+ ){0,4}(?:veut|va|parle de|parle d|dit que|dit qu|menace de|pense a|voulait|veux) (?:\w+ ){0,6}(?:se (?:tuer|suicide\w*|pendre|flinguer|foutre en l air|supprimer|jeter|laisser mourir)|en finir|mourir|mettre fin)",
        r"(?:me|se|m en|s en) (?:mets?|mettre|tire\w*|colle) une balle|balle dans la tete|(?:corde|fusil|cachets|medicaments|pont) (?:\w+ ){0,6}(?:je suis pret|suis prete|tout est pret|j ai tout prepare|pour en finir)",
        r"(?:une|un) (?:charge|poids|fardeau) (?:pour (?:personne|vous|eux|tout le monde|ma famille|mes enfants)|de trop)|(?:plus|pas) (?:\w+ ){0,3}(?:une charge|un poids|un fardeau) pour",
        r"(?:serai|serais|suis) (?:\w+ )?(?:plus la (?:demain|ce soir|bientot|quand)|de trop sur (?:cette )?terre)|(?:dormir|m endormir) (?:\w+ ){0,4}(?:plus (?:jamais )?(?:me )?reveiller|pour toujours|reveiller jamais)",
        r"(?:sert|rime) (?:plus )?a rien de (?:vivre|continuer a vivre|rester en vie)|personne (?:ne )?(?:me|m) (?:\w+ )?(?:regrett\w+|pleurera)|quitter ce monde|rejoindre (?:mon (?:mari|fils|pere)|ma (?:femme|fille|mere)) (?:\w+ )?(?:la haut|au ciel|dans la mort)",
        r"plus (?:\w+ )?(?:envie|gout|la force|le courage) (?:de |a |de continuer a |a la )?(?:vivre|la vie|vie)\b",
        r"(?:vie|vivre) (?:\w+ ){0,3}(?:vaut|sert|plus de sens|a plus)(?: \w+){0,3} (?:plus|pas|rien|sens|peine)",
        r"(?:monde|famille|enfants|eux|ils) (?:\w+ ){0,2}(?:ser\w+|vivr\w+|ir\w+) (?:\w+ ){0,2}mieux sans moi",
        rf"j en peux plus (?:\w+ ){{0,3}}(?:de vivre|{_SUICIDE})|mieux (?:\w+ ){{0,2}}(?:si j etais|que je sois) morte?",
        r"(?:se|me|m) (?:fait|fais|faire|refait|refais|refaire) (?:encore |beaucoup |toujours |expres )?du mal (?:et (?:parle|dit|pense|ecrit)|comme|expres|aux? (?:bras|poignets?)|avec)|scarifi\w*",
        r"^en finir$|en finir avec (?:la|ma) vie|tout arreter (?:\w+ ){0,3}(?:cachets|vie)",
    ),
    "agression": (
        rf"{_SOMEONE} (?:\w+ ){{0,3}}(?:me suit|m agresse|m a agresse\w*|est en train de|me menace|m a menace\w*|me frappe|m a frappe|me tape|m a tape|m attaque|me poursuit|essai?[ey]e? de rentrer|defonce|force (?:la|m) )",
        r"(?:me (?:suis )?fait?s?|se fait|s est faite?|me faire|on s est fait|nous sommes faits?) (?:agresser|attaquer|tabasser|violer|braquer|suivre|tape|frappe)",
        r"(?:m a|m ont|ete) viole\w*|(?:avec|sorti|a|a sorti) (?:un|son) (?:couteau|fusil|pistolet|marteau)|menaces? de mort",
        r"(?:va|veut|vont|veulent) (?:me|nous|le|la) tuer|quelqu un (?:\w+ ){0,2}(?:chez moi|dans ma maison)|cambrioleur",
        r"(?:m a|m ont|nous ont|l ont|ils ont|vient de me|viennent de me) (?:\w+ ){0,2}(?:frappe\w*|tape\w*|agresse\w*|tabasse\w*|suivie?|poursuivie?|attaque\w*|braque\w*|poignarde\w*|vole\w* (?:\w+ ){0,3}(?:couteau|force))",
        r"(?:ils?|elle|mec|mecs|type|types|homme|hommes|gars|bande) (?:\w+ ){0,3}(?:me (?:cherche\w*|suit|suivent|court apres|courent apres|poursui\w+|attend\w* (?:dehors|en bas))|essaye\w* d entrer|tambourine\w*|cogne\w* a (?:ma|la) porte)",
        r"(?:cachee?|planquee?|enfermee?) (?:\w+ ){0,2}(?:dans|derriere|sous|aux) (?:\w+ ){0,6}(?:peur|cherche\w*|trouve\w*|defonce\w*|tape\w*|porte)|(?:cherche\w*|poursui\w+) (?:\w+ ){0,4}(?:cachee?|planquee?)",
        r"peux pas parler (?:\w+ ){0,8}(?:aide|secours|danger|police|la)|au secours|aidez moi vite|appele[rz]? (?:la police|les gendarmes|les secours|une ambulance|le samu)",
    ),
    "rue": (
        r"(?:dors|dormir|dormons|dort|dorment|passe\w*|couche\w*|reste\w*|vis|vivons|vivre) (?:\w+ ){0,4}(?:dehors|la rue|sous un pont|sous (?:une|la) tente|dans (?:ma|une|la|notre|m a) (?:voiture|bagnole|caisse|camionnette))",
        r"(?:suis|sommes|est|somme|retrouve\w*|mis|mise|jetee?|foutue?|met|mettent|vire\w*|laisse\w*) (?:\w+ ){0,3}(?:a la rue|dehors|sans abri|sdf)",
        r"(?:dors|dort|dormir|dorment|couche\w*|passe\w* (?:la|les|sa|nos|mes) nuits?|reste\w* la nuit) (?:\w+ ){0,4}(?:abribus|trottoir|cage d escalier|hall|cave|gare|parking|banc|porche|garage|grange|cabane|bois|squat|tente|carton|camion|camionnette|fourgon)",
        r"(?:serrures?|verrou|cadenas) (?:\w+ ){0,14}(?:dehors|trottoir|ou (?:passer la nuit|dormir|aller)|rentrer|affaires dehors)|sur le trottoir|(?:mes|nos) (?:sacs|valises|affaires) (?:\w+ ){0,4}(?:dehors|trottoir|rue)",
        r"(?:ou|endroit|quelque part|place) (?:\w+ ){0,2}(?:pour )?(?:passer la nuit|dormir|dors|coucher) (?:\w+ ){0,4}(?:ce soir|cette nuit|au chaud|avec (?:mes|les) enfants?|s il vous plait|svp)|(?:sais|sait|savons) (?:\w+ ){0,2}(?:ou|pas ou) (?:\w+ ){0,2}(?:passer la nuit|dormir|dors|aller dormir)",
        r"(?:jetee?s?|mise?s?|foutue?s?|viree?s?) (?:\w+ ){0,2}(?:dehors|a la porte) (?:\w+ ){0,8}(?:froid|nuit|ce soir|nulle part|enfant|bebe|pluie|aller)|plus (?:de|aucun) (?:toit|logement|endroit) (?:\w+ ){0,4}(?:ce soir|cette nuit|depuis (?:ce|hier|aujourd))",
        r"sans (?:abri|toit) (?:\w+ ){0,2}(?:ce soir|cette nuit|maintenant)|^(?:je suis )?(?:a )?la rue$",
        r"(?:nulle? part|pas d endroit|aucun endroit|pas de toit|plus de toit|plus d endroit|sais pas|sait pas|rien) (?:\w+ ){0,4}(?:dors|dormir|ou aller (?:ce soir|cette nuit))",
        r"(?:ou|pour) (?:\w+ ){0,2}(?:dormir|dors|dort|aller) (?:ce soir|cette nuit|maintenant)|(?:ce soir|cette nuit) (?:\w+ ){0,5}(?:dehors|ou dormir|ou aller|nulle part|la rue)",
        r"(?:expulse\w*|porte) (?:\w+ ){0,3}(?:ce soir|cette nuit|ce matin)",
    ),
}
