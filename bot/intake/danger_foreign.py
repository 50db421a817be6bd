"""Danger told in another language than French: plain words of each, so that the numbers are given at once.

Short lists on purpose: what one writes in a fright, not all that can be said. The kinds are keys of
data/urgences.yml. Everything reads `flatten`ed text: no accents on Latin letters, no apostrophes, one space;
other scripts keep their letters, with those that people write one for the other brought together.
"""

from __future__ import annotations

import re
import unicodedata

from bot.language.foreign import find_language, plain_letters

_NOT_WORD = re.compile(r"[\W_]+")
_UNWRITTEN = re.compile(r"['’ʼ`\u064b-\u0652\u0670\u0640\u200c]")
# Letters that Arabic and Persian keyboards write one for the other.
_SAME_LETTERS = str.maketrans("أإآٱىیکة", "اااايي" + "كه")

# language -> kind -> pattern between word boundaries
DANGERS: dict[str, dict[str, str]] = {
    "en": {
        "medical": r"(?:cant|cannot|can not|not|isnt|stopped) breath(?:e|ing)|unconscious|heart attack|chest pain|pain in (?:my|his|her) chest|bleeding (?:a lot|heavily|badly|to death)|(?:is|keeps|wont stop|doesnt stop) bleeding|having a stroke|(?:call|need|send) an ambulance|waters? broke|is choking|swallowed (?:\w+ )?(?:bleach|pills|poison)|(?:has|he|she|just) (?:collapsed|passed out|fainted)",
        "incendie": r"(?:house|home|kitchen|building|car|flat|apartment|room) (?:is )?(?:on fire|burning)|there ?s (?:a )?fire|there is (?:a )?fire|fire in (?:the|my|our)|smell(?:s)? (?:of )?gas|gas leak",
        "enfant": r"(?:hits?|hitting|beats?|beating|hurts?|hurting|touch|touches|touched|touching|abuse[sd]?|raped?) (?:my |the |his |her |our |a )?(?:little )?(?:son|daughter|child|children|kids?|baby|boy|girl)\b(?! benefit)|(?:child|son|daughter|baby|kid) (?:is |was )?(?:hurt|in danger|being beaten|being abused|abused)",
        "violences": r"(?:husband|wife|boyfriend|girlfriend|partner|ex|he|she) (?:\w+ ){0,3}(?:hits?|hitting|beats?|beating|punch\w*|slap\w*|chok\w*|strangl\w*|rape[sd]?|raping|abus\w+|threaten\w*|kick\w*) (?:me|us)\b|(?:afraid|scared) of (?:my )?(?:husband|wife|boyfriend|partner|ex|him)\b|domestic violence|beaten by my",
        "suicide": r"(?:want to|wanna|going to|gonna) (?:die|kill myself)|kill(?:ing)? myself|end my life|(?:commit|about|of) suicide|suicidal|dont want to live|do not want to live|want to end it|no reason to live",
        "agression": r"call the police|(?:being|was|been|got) (?:attacked|followed|raped|stabbed|robbed)|attacked me|raped me|stabbed|breaking in(?:to)?|(?:has|with) a (?:knife|gun)|in danger|(?:kill|follow|following) me\b|^(?:please )?help me$|^emergency$|^help help( help)*$",
        "rue": r"(?:sleep|sleeping|slept) (?:outside|in the streets?|on the streets?|rough|in (?:my|the|our) car)|(?:nowhere|no place|no where) to (?:sleep|go|stay)|on the streets?|where can (?:i|we) sleep|homeless",
    },
    "es": {
        "medical": r"no (?:puede |puedo )?respira(?:r)?\b|no respiro|dejo de respirar|esta inconsciente|infarto|ataque al corazon|dolor (?:\w+ ){0,2}pecho|duele el pecho|sangr(?:a|ando|o) mucho|esta sangrando|ambulancia|sobredosis|desmayo|desmayad[oa]|rompi aguas|se ahoga|me ahogo|envenen(?:o|ado|ada)",
        "incendie": r"hay (?:un )?(?:fuego|incendio)|(?:casa|cocina|edificio|coche|piso) (?:\w+ ){0,2}(?:quema|quemando|ardiendo|arde)|en llamas|(?:olor|huele) a gas|fuga de gas|^(?:fuego|incendio)$",
        "enfant": r"(?:pega|pegan|pego|golpea|golpean|golpeo|maltrata|maltratan|viola|violo|toca|toco|abusa|abuso) (?:a |de )?(?:mi|mis|su|sus|la|el|los|un|una) (?:hij[oa]s?|nin[oa]s?|bebe)|(?:hij[oa]|nin[oa]|bebe) (?:\w+ ){0,2}(?:herid[oa]|en peligro)",
        "violences": r"(?:me|nos) (?:ha |esta |quiere |va a )?(?:pega|pego|pegado|pegando|pegar|pegaba|golpe\w+|maltrata\w*|amenaz[ao]\w*|viola|violo|violado|estrangul\w+)\b|miedo (?:a|de) (?:mi )?(?:marido|esposo|pareja|novio|ex)\b",
        "suicide": r"quiero morir(?:me)?|matarme|suicidarme|suicidio|no quiero (?:seguir )?(?:viviendo|vivir)|quitarme la vida|acabar con mi vida",
        "agression": r"socorro|auxilio|llam(?:e|en|a|ad) a la policia|me (?:ata(?:co|caron|can)|agredi\w+|persigue\w*|estan siguiendo)|tiene un (?:cuchillo|arma)|tiene una pistola|(?:quiere|quieren|va a|van a) matar(?:me)?|estoy en peligro|^ayud(?:a|ame|eme|enme)(?: por favor)?$",
        "rue": r"(?:dorm(?:ir|imos|ido)|duerm(?:o|e|en)|durmiendo) (?:\w+ ){0,2}(?:en la calle|afuera|en (?:el|mi) coche)|(?:tengo|sin|tenemos) (?:donde|lugar donde|sitio donde) (?:dormir|quedarme|ir)|(?:estoy|vivo|estamos) en la calle|donde (?:puedo|podemos) dormir",
    },
    "pt": {
        "medical": r"nao (?:consigo |consegue )?respira(?:r)?\b|parou de respirar|esta inconsciente|ficou inconsciente|enfarte|infarto|ataque cardiaco|dor (?:\w+ ){0,2}peito|sangr(?:a|ando|ar) muito|a sangrar|esta sangrando|ambulancia|desmai(?:ou|ada|ado)|rebentaram as aguas|bolsa rompeu|engoliu (?:\w+ )?(?:lixivia|comprimidos)",
        "incendie": r"ha (?:um )?(?:fogo|incendio)|pegou fogo|(?:casa|cozinha|predio|carro) (?:\w+ ){0,2}(?:a arder|arde|em chamas|queimando)|(?:cheiro|cheira) (?:a|de) gas|fuga de gas|vazamento de gas|^(?:fogo|incendio)$",
        "enfant": r"(?:bate|batem|bateu|agride|agrediu|viola|violou|toca|tocou|abusa|abusou) (?:n?[oa]s? |em |d[oa]s? )?(?:meu |minha |meus |minhas |seu |sua )?(?:filh[oa]s?|criancas?|menin[oa]s?|bebe)|(?:crianca|filh[oa]) (?:\w+ ){0,3}(?:ferid[oa]|em perigo|magoad[oa]|machucad[oa])",
        "violences": r"(?:me|nos) (?:bate|bateu|batia|agride|agrediu|ameaca|ameacou|viola|violou|estrangul\w+)\b|(?:bate|bateu|batia|agride|agrediu|ameaca|ameacou|violou)(?: me| nos)\b|(?:bate|bateu) em mim|medo (?:do|de) (?:meu )?(?:marido|namorado|companheiro|ex)\b",
        "suicide": r"quero morrer|me matar|matar me|suicidio|suicidar|nao quero (?:mais )?viver|acabar com a minha vida|tirar a minha vida",
        "agression": r"socorro|cham(?:e|em|ar) a policia|estou em perigo|fui (?:atacad|assaltad|violad)[oa]|ataca(?:ram|ou) me|me ataca\w+|(?:estao|esta) (?:a seguir me|me seguindo)|tem uma (?:faca|arma)|quer(?:em)? (?:me matar|matar me)|vai (?:me matar|matar me)|estupr\w+|^ajud(?:a|em|e)(?: me)?(?: por favor)?$",
        "rue": r"(?:dorm(?:ir|imos|indo|e|em)|durmo) (?:\w+ ){0,2}(?:na rua|no carro|ao relento)|(?:tenho|sem|temos) onde (?:dormir|ficar)|(?:estou|vivo|estamos) na rua|onde (?:posso|podemos) dormir|sem abrigo",
    },
    "tr": {
        "medical": r"nefes al(?:amiyor\w*|miyor\w*|mayi birakti)|bilinci(?:ni)? (?:kaybetti|kapali|yok)|bayildi|kalp krizi|kan kaybed\w+|kaniyor|kanama\w*|ambulans\w*|gogsum (?:agriyor|sikisiyor)|gogus agrisi|zehirlen\w+|suyum geldi",
        "incendie": r"yangin\w*|(?:ev|evim|evimiz|mutfak|bina|araba) (?:\w+ )?yaniyor|gaz (?:kokusu|kokuyor|kacagi)",
        "enfant": r"(?:cocug\w+|cocuk\w*|oglum\w*|kizim\w*|bebeg\w+) (?:\w+ ){0,2}(?:dov\w+|vuruyor|vurdu|istismar\w*|taciz\w*|tehlikede|yaralandi|yarali)",
        "violences": r"(?:beni|bizi) (?:\w+ )?(?:dovuyor\w*|dovdu|dovecek|boguyor|bogdu|tehdit)|bana (?:\w+ )?(?:vuruyor|vurdu|siddet|tecavuz|saldirdi)|(?:kocamdan|esimden) korkuyorum|siddet goruyorum",
        "suicide": r"olmek istiyorum|intihar\w*|kendimi oldur\w+|(?:artik )?yasamak istemiyorum",
        "agression": r"imdat|polis\w* (?:cagirin|arayin|cagir|ara)|saldir(?:di|iyor|iyorlar|diler)|bica(?:k|gi) var|bicakla\w*|tehlikedeyim|tehlikedeyiz|beni (?:oldurecek|oldurmek|takip ediyor)|tecavuz\w*|^(?:lutfen )?yardim(?: edin| et)?(?: lutfen)?$",
        "rue": r"(?:sokakta|disarida|arabada|parkta) (?:\w+ )?(?:kal\w+|yat\w+|uyu\w+|yas\w+)|(?:kalacak|yatacak|uyuyacak) yer\w*|nerede (?:uyuyabilir|yatabilir|kalabilir)\w*|evsizim|evsiziz",
    },
    "br": {
        "medical": r"(?:ne|nhall\w*|ne chell) (?:\w+ )?(?:ket )?analan|ne anal (?:ket|ken)|semplet(?: eo)?|(?:koll|a goll) (?:\w+ )?gwad|gwadan|taol kalon|ambulans",
        "incendie": r"(?:an )?tan (?:a )?zo (?:\w+ ){0,2}(?:ti|gegin|aman|e|er|en)|tangwall|an tan (?:a )?zo|krog eo an tan|chwezh (?:ar )?gaz",
        "enfant": r"(?:sko|skein|skoin|kann|gann|kannan) (?:\w+ ){0,4}(?:bugel|bugale|vugel|vugale)|(?:bugel|bugale|vugel|vugale) (?:\w+ ){0,3}(?:en danjer|gloazet|skoet)",
        "violences": r"(?:sko|skoet|skein|skoin) (?:\w+ ){0,4}(?:ganin|warnon|ganeomp)|(?:kann|gann|kannan|gannan) (?:\w+ ){0,4}achanon|aon (?:\w+ ){0,2}rak (?:va|ma) gwaz",
        "suicide": r"choant (?:\w+ ){0,4}(?:mervel|vervel)|mervel a fell din|fell din mervel|em lazh?an|emlazhan|nem eus ket choant da veva\w*",
        "agression": r"sikourit (?:achanon|ac hanon|ni)|galvit (?:ar )?(?:polis|archerien|bolis)|kontell (?:\w+ )?gantan|(?:emaon |on )en danjer|en danjer (?:emaon|on)|taget on bet|^sikour$",
        "rue": r"(?:kousket|kouskomp|kouskan) (?:\w+ ){0,3}(?:er maez|er straed|er charr|em charr)|lech (?:\w+ ){0,3}(?:kousket|gousket)|pelech (?:\w+ ){0,3}kousket",
    },
    "ro": {
        "medical": r"nu (?:mai )?(?:pot |poate )?(?:sa )?respir\w*|inconstient\w*|lesinat\w*|infarct|atac de cord|sangereaza|sangerez|hemoragie|ambulant(?:a|ei)\b|durere\w* (?:\w+ ){0,2}piept|doare pieptul|supradoza|se ineaca|s a rupt apa",
        "incendie": r"(?:casa|bucataria|blocul|apartamentul|masina) (?:\w+ ){0,2}(?:arde|in flacari)|foc in (?:casa|bloc|bucatarie)|a luat foc|incendiu|miro(?:ase|s) (?:a|de) gaz|scurgere de gaz",
        "enfant": r"(?:bate|bat|batut|loveste|lovesc|violeaza|abuzeaza) (?:\w+ ){0,2}(?:copil\w*|copii\w*|fiul|fiica|fetita|baiatul)|copil\w* (?:\w+ ){0,3}(?:ranit\w*|in pericol|batut\w*)",
        "violences": r"(?:ma|ne) (?:bate|loveste|ameninta|violeaza)\b|m a (?:batut|lovit|violat|amenintat)|frica de (?:sot\w*|iubit\w*|el)\b",
        "suicide": r"vreau sa mor|ma omor|sinucid\w*|sinucidere|nu mai vreau sa traiesc|mi iau viata",
        "agression": r"chemati politia|sunati la politie|ma urmareste|m (?:a|au) (?:atacat|injunghiat)|are (?:un )?cutit|sunt in pericol|(?:sa )?ma omoare|ma omoara|^ajutor(?: va rog)?$|^(?:va rog )?ajutati ma$",
        "rue": r"dorm(?:im)? (?:\w+ ){0,2}(?:pe strada|in strada|afara|in masina)|am unde (?:sa )?(?:dorm|dormi|dormim|stau)|avem unde (?:sa )?dorm\w*|unde (?:pot|putem) (?:sa )?dorm\w*|fara adapost|(?:sunt|suntem) pe strada",
    },
    "uk": {
        "medical": r"не (?:може |можу )?дих\w+|непритомн\w+|втрати(?:в|ла) свідомість|серцевий напад|інфаркт|інсульт|кровотеч\w+|стікає кровю|викличте швидку|швидку допомогу|бол\w+ (?:у|в) грудях|передозування|задиха\w+",
        "incendie": r"пожеж\w+|(?:будинок|хата|квартира|кухня|дім) (?:\w+ )?горить|горить (?:\w+ )?(?:будинок|хата|квартира|кухня|дім)|(?:пахне газом|запах газу|витік газу)",
        "enfant": r"(?:бє|бють|побив|побили|вдарив|чіпає|ґвалтує|гвалтує) (?:\w+ ){0,2}(?:дитину|дітей|сина|доньку|дочку)|(?:дитину|дітей|сина|доньку|дочку) (?:\w+ ){0,2}(?:бє|бють|побив|побили|вдарив|ґвалтує)|дитина (?:\w+ )?(?:в небезпеці|поранена)",
        "violences": r"(?:бє|бив|побив|побила|вдарив|вдарила|душить|душив|ґвалтує|зґвалтував|згвалтував|погрожує) (?:мене|нас|мені)|(?:мене|нас|мені) (?:\w+ ){0,2}(?:бє|бив|побив|побила|вдарив|вдарила|душить|душив|зґвалтував|згвалтував|погрожує)|боюся (?:свого |мого )?(?:чоловіка|колишнього|хлопця)|домашнє насильство",
        "suicide": r"хочу (?:\w+ )?(?:померти|вмерти)|не хочу (?:більше )?жити|покінчити (?:з|із) (?:собою|життям)|вбити себе|самогуб\w+",
        "agression": r"рятуйте|на допомогу|викличте поліцію|(?:напав|напали|нападають) на (?:мене|нас)|на (?:мене|нас) (?:напав|напали|нападають)|мене переслід\w+|з ножем|(?:у|в) нього ніж|(?:я|ми) (?:в|у) небезпеці|(?:хоче|хочуть) (?:мене )?вбити|мене вбє|зґвалтували|^допоможіть(?: мені)?$",
        "rue": r"(?:ніде|де) (?:\w+ ){0,2}(?:спати|ночувати|переночувати)|(?:сплю|спимо|ночую|ночуємо|живу|живемо) (?:\w+ )?(?:на вулиці|в машині|у машині|в авто)",
    },
    "ru": {
        "medical": r"не (?:может |могу )?дыш\w+|не дышать|без сознания|потерял[а]? сознание|сердечный приступ|инфаркт|инсульт|кровотечение|истекает кровью|сильно кровит|вызовите скорую|скорую помощь|бол\w+ в груди|передозировка|задыха\w+",
        "incendie": r"пожар\w*|(?:дом|квартира|кухня) (?:\w+ )?горит|горит (?:\w+ )?(?:дом|квартира|кухня)|пахнет газом|запах газа|утечка газа",
        "enfant": r"(?:бьет|бьют|избил|избили|ударил|трогает|насилует) (?:\w+ ){0,2}(?:ребенка|детей|сына|дочь|дочку)|(?:ребенка|детей|сына|дочь|дочку) (?:\w+ ){0,2}(?:бьет|бьют|избил|избили|ударил|насилует)|ребенок (?:\w+ )?(?:в опасности|ранен)",
        "violences": r"(?:бьет|бил|избил|избила|ударил|ударила|душит|душил|насилует|изнасиловал|угрожает) (?:меня|нас|мне)|(?:меня|нас|мне) (?:\w+ ){0,2}(?:бьет|бил|избил|избила|ударил|ударила|душит|душил|насилует|изнасиловал|угрожает)|боюсь (?:своего |моего )?(?:мужа|бывшего|парня)|домашнее насилие",
        "suicide": r"хочу (?:\w+ )?умереть|не хочу (?:больше )?жить|покончить с (?:собой|жизнью)|убить себя|убью себя|самоубий\w+|суицид\w*",
        "agression": r"спасите|на помощь|вызовите полицию|(?:напал|напали|нападают) на (?:меня|нас)|на (?:меня|нас) (?:напал|напали|нападают)|меня преслед\w+|с ножом|у него нож|(?:я|мы) в опасности|(?:хочет|хотят) (?:меня )?убить|меня убьет|изнасиловали|^помогите(?: мне)?$",
        "rue": r"(?:негде|где) (?:\w+ ){0,2}(?:спать|ночевать|переночевать)|(?:сплю|спим|ночую|ночуем|живу|живем) (?:\w+ )?(?:на улице|в машине)",
    },
    "ar": {
        "medical": r"(?:لا|ما) (?:\w+ )?(?:يتنفس|اتنفس|تتنفس|نتنفس|التنفس)|(?:ازمة|نوبة|سكتة) قلبية|جلطة|ينزف|تنزف|انزف|نزيف|(?:فاقد|فقد|فقدت) الوعي|اغمي علي\w*|اسعاف|الاسعاف|(?:الم|وجع) في (?:صدري|الصدر|صدره)",
        "incendie": r"حريق|الحريق|(?:النار|نار) (?:\w+ )?في|(?:يحترق|تحترق)|رائحة (?:ال)?غاز|تسرب (?:ال)?غاز",
        "enfant": r"(?:يضرب|يضربون|ضرب|ضربوا|تضرب|يعتدي علي|اعتدي علي|يلمس|اغتصب) (?:ابني|ابنتي|بنتي|ولدي|اولادي|طفلي|طفلتي|الطفل|الاطفال|طفل)|(?:طفلي|طفلتي|ابني|ابنتي|الطفل|طفل) (?:\w+ )?(?:في خطر|مجروح|مصاب)",
        "violences": r"(?:ي|ت|ب|بي)?ضربني|(?:ي|ت)ضربنا|كيضربني|(?:ي|ت)?هددني|(?:ي|ت)عنفني|يخنقني|(?:اخاف|خايفة|خائفة|نخاف) من (?:زوجي|راجلي|طليقي)|عنف زوجي|العنف الزوجي",
        "suicide": r"(?:اريد|بدي|ابغي|بغيت|نبغي|حاب|حابة) (?:ان )?(?:اموت|نموت|موت)|انتحر|الانتحار|انتحار|اقتل نفسي|نقتل روحي|انهي حياتي|لا اريد (?:ان )?(?:اعيش|العيش)",
        "agression": r"النجدة|الحقوني|انقذوني|عتقوني|(?:اتصلوا|اتصل) (?:بالشرطة|بالبوليس)|هاجمني|هاجموني|(?:اعتدي|اعتدوا) علي|(?:معه|عنده) (?:سكين|سلاح)|(?:انا|نحن) في خطر|(?:يقتلني|سيقتلني|قتلي)|اغتصبني|تم اغتصابي|^ساعدوني$|^ساعدني$",
        "rue": r"(?:انام|ننام|نمت|نعيش|اعيش) (?:\w+ )?في (?:الشارع|السيارة|سيارتي)|(?:بلا|بدون|دون) ماوي|مكان (?:\w+ )?(?:للنوم|انام|ننام)|(?:اين|وين|فين) (?:\w+ ){0,2}(?:انام|ننام|النوم|نرقد)|في الشارع",
    },
    "fa": {
        "medical": r"نفس (?:\w+ )?(?:نمی ?کشد|نمی ?کشم|نمی ?تواند|نمی ?توانم)|(?:نمی ?تواند|نمی ?توانم) نفس|بی ?هوش|سکته|حمله قلبی|خون ?ریزی|(?:آ|ا)مبولانس|درد (?:\w+ )?سینه|سینه (?:\w+ )?درد|مسموم",
        "incendie": r"آتش ?(?:گرفت|گرفته|سوزی)|حریق|(?:خانه|آشپزخانه) (?:\w+ )?می ?سوزد|بوی گاز",
        "enfant": r"(?:طفل|طفلم|اطفالم|بچه|بچه ?ام|بچه ?ها|پسرم|دخترم|کودک) (?:\w+ ){0,3}(?:می ?زند|می ?زنند|لت|کتک|زخمی|در خطر|تجاوز)",
        "violences": r"(?:مرا|من را|منو|ما را) (?:\w+ ){0,2}(?:می ?زند|می ?زنه|زد|زده|لت|کتک|تهدید|خفه)|لت و کوب|کتک می ?(?:زند|خورم)|از شوهرم می ?ترسم",
        "suicide": r"می ?خواهم بمیرم|می ?خوام بمیرم|خود ?کشی|خودم را (?:بکشم|می ?کشم)|نمی ?خواهم (?:دیگر )?(?:زنده|زندگی)",
        "agression": r"نجاتم|(?:پولیس|پلیس) (?:را )?(?:خبر|زنگ|صدا)|به (?:پولیس|پلیس)|چاقو|در خطر (?:هستم|استم|هستیم)|به من حمله|(?:می ?خواهد|می ?خواهند) (?:مرا|من را) بکش\w+|تجاوز کرد|^کمک(?:م)?(?: کنید)?$",
        "rue": r"در (?:خیابان|سرک|جاده|کوچه|موتر|ماشین|بیرون) (?:\w+ )?(?:می ?خواب\w+|خوابید\w+)|جای (?:\w+ )?خواب|کجا (?:\w+ ){0,2}(?:بخواب\w+|خوابید\w*)|بی ?خانمان|سرپناه ندار\w+",
    },
}


def flatten(text: str) -> str:
    """Return what the patterns read; see the module."""
    plain = plain_letters(unicodedata.normalize("NFKC", text)).replace("ё", "е")
    return _NOT_WORD.sub(" ", _same_letters(plain)).strip()


def find_foreign_dangers(text: str) -> dict[str, tuple[str, ...]]:
    """Return the kinds of danger told, by the language they are told in; empty when none is."""
    flat = flatten(text)
    found = {
        language: tuple(kind for kind, pattern in kinds.items() if pattern.search(flat))
        for language, kinds in _PATTERNS.items()
        if _SCRIPTS.get(language, _LATIN).search(flat)
    }
    return {language: kinds for language, kinds in found.items() if kinds}


def language_of_danger(text: str) -> str | None:
    """Return the language a danger is told in, None for French: a cry may be too short to tell otherwise."""
    return find_language(text) or next(iter(find_foreign_dangers(text)), None)


def _same_letters(text: str) -> str:
    return _UNWRITTEN.sub("", text).translate(_SAME_LETTERS)


def _compile(language: str, pattern: str) -> re.Pattern[str]:
    before = "[وف]?" if language == "ar" else ""  # "and" and "then" are written onto the next word
    return re.compile(rf"\b{before}(?:{_same_letters(pattern)})(?!\w)")


_LATIN = re.compile(r"[a-z]{2}")
_CYRILLIC = re.compile(r"[а-яіїєґ]{2}")
_ARABIC = re.compile(r"[\u0620-\u06d3]{2}")
_SCRIPTS = {"uk": _CYRILLIC, "ru": _CYRILLIC, "ar": _ARABIC, "fa": _ARABIC}
_PATTERNS = {
    language: {kind: _compile(language, pattern) for kind, pattern in kinds.items()}
    for language, kinds in DANGERS.items()
}
