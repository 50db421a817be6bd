"""Words by which a language is told from French written in any spelling, and words of French itself.

Latin words are in plain letters (`foreign.plain_letters`), English ones as typed, since "thé" is not "the".
A word of `SURE` comes from no French spelling, phonetic or SMS, nor from the name of a place or a person; one
of `COMMON` might, and only helps. So "are" (a benefit), "chom" (chômage), "passport" or "kart" are not sure,
and no Breton word of names of places is here ("ti", "ker", "bihan"). A word that a language shares with
`FRENCH` ("la", "me") tells nothing between the two.
"""

from __future__ import annotations

ITALIAN = "it"
"""Told apart only so as not to be taken for Spanish, Portuguese or Romanian; it has no prepared sentence."""

SURE: dict[str, str] = {
    "en": """
        the and my your his their our this that these those what when where why which who whose how with
        without from about because i'm im i've i'd i'll you're we're they're it's don't doesn't didn't can't
        isn't aren't wasn't won't couldn't cannot didnt doesnt have had does did was were been being will
        would could should need needs needed speak speaks speaking english french lost stolen house work
        working worked children child kids healthcare someone somebody anyone anybody nobody nothing something
        anything everything tomorrow yesterday today tonight want wants wanted looking applied applying know
        knew understand understood getting got give gave given wife husband mother father brother sister
        daughter friend sick living lives food school street landlord benefit benefits housing insurance here
        there much many they them she him very before again still other another next months years weeks days
        right send waiting asked answer read write told says found sleep eat buy bring opens please thank help
        electricity heating country married pregnant disabled unemployed homeless asylum renew moved refused
        language owe cold hungry really never always everyone everybody going went think thought night enough
        already feel keep every tired died killed arrived each maybe
    """,
    "es": """
        necesito nesecito necesita necesitamos ayuda ayudar ayudarme ayudas ayudenme hablo hablas habla hablan
        hablar hable espanol tengo tienes tiene tenemos tienen quiero quieres quiere queremos quisiera puedo
        puedes puede podemos pueden podria estoy dinero trabajo trabajar trabajando hijo hija hijos hijas
        ninos mujer esposo esposa donde cuando cuanto cuantos cuesta alguien nadie mucho mucha muchos muchas
        muy buenos buenas senor senora usted ustedes nuestro nuestra ahora manana ayer entiendo entender
        escribir ayuntamiento alquiler papeles tarjeta permiso residencia embarazada enfermo desde pedir pido
        solicitud solicitar somos perdido perdida llegue llegar nuevo nueva busco buscando vivo viviendo
        casero recibir cobrar llevo pasaporte derecho siempre tambien hacer hago hicieron dijeron dicen tiempo
        tarda escuela murio hermano hermana padre madre llamar llameme oficina robaron negado direccion
        informacion acabo estaba vivimos mudamos todavia ningun ninguna ellos estan hace cual aunque entonces
        mejor segun digame sabe nuestros
    """,
    "pt": """
        nao preciso presiso precisa precisamos precisam ajuda ajudar ajudas ajude falo falam falar portugues
        tenho temos estou quero queria posso pode podem podemos consegue minha minhas meus uma umas muito
        muita muitos obrigado obrigada voce voces quem trabalho trabalhar dinheiro filho filha filhos filhas
        mulher pessoa pessoas alguem ninguem amanha ontem hoje escrever percebo entendo morar gravida fazer
        faco senhorio senhor senhora noite ainda tambem papeis perdeu roubaram mudei autorizacao informacoes
        rendimentos pedir pedido recebo receber procuro procura telemovel cartao saude escola direito brasil
        brasileiro cheguei acabei morreu doente irmao irma quando quanto custa documentos preencher formulario
        estao aluguel emprego recusaram moramos deles delas nossa nosso entao assim comigo nunca passaporte
        demora demais chame chamem
    """,
    "tr": """
        yardim yardima yardimci fransizca turkce ihtiyacim ihtiyac lutfen merhaba nasil nerede nereye nereden
        neden icin degil kocam cocuk cocuklar cocugum cocugumuz cocuklarim oglum kizim annem annemle babam
        benim bizim oturum iznim iznimi belge belgeler belgeleri belgelerim kaybettim kayboldu calindi aldim
        geldim gittim oldum olarak gibi biri birisi biriyle hastane hastayim sigorta sigortam okula belediye
        belediyeye ucretsiz mektup mektubu konusmak konusan bugun yarin kadar tesekkur tesekkurler ederim evet
        hayir kirayi parasi isimi calisma calismak almak alabilir gerekiyor gerek lazim musunuz misiniz
        edebilir hamileyim gelirimiz buraya burada bunu hakkinda bilgi reddedildi basvuru basvurum faturasi
        saglik karti kimlik gercek insan gunaydin gunler arayin tasindim telefonumda degilim pasaport
        pasaportumu kalacak kalmak yapmak yapmaliyim yapabilirim oluyor olacak sonra simdi hafta bizi sorun
        sorunum oldugu oldugum gecen
    """,
    "br": """
        ezhomm ezomm ezom emaon emaomp emaint n'em n'hon n'eus c'hoant c'hallan c'hellan c'hall c'hell gallout
        gellout brezhoneg brezoneg galleg gomzan komzan komz gomz komzit oaran ouzon n'ouzon ouzoc'h deoc'h
        ac'hanon dezhan dezhi gwreg gwaz vugale vugel labourat arc'hant paean petra penaos pelec'h peseurt
        pegement pegeit piv unan bennak klask klanv c'hlanv skoazell lizher kartenn c'hartenn breman hiziv
        warc'hoazh dec'h ivez ganin ganit ganeoc'h rankan rankout laeret dindan tredan yec'hed goulenn
        c'houlenn gwir marv titourou baperiou faperiou dougerez erruet gomprenan komprenan c'hoazh pellgomz
        pellgomzit fellgomzer lec'hienn lennan gouzout evidon evidoc'h burev hoc'h oc'h mann warc'hoaz bremaik
        gouez gallan gellan n'on digarez netra pelloc'h
    """,
    "ro": """
        nevoie nevoe ajutor ajutoare ajuta ajutati vorbesc vorbiti vorbeste vorbim romaneste suntem sunteti
        avem aveti vreau vrea vrem puteti poate trebuie unde pentru nostru noastra copiii copilul sotul sotia
        bani banii chirie chiria actele serviciul serviciu munca lucrez locuiesc locuim multumesc rog persoana
        cineva nimic aproape primaria scrisoare inteleg stiu pierdut furat foarte astazi ieri scoala bolnav
        bolnava insarcinata asigurare dreptul mancare platesc cerere cererea spital fiul fiica venituri
        franceza permisul sunt pasaportul deschide primesc informatii ceva dureaza nimeni abia trebui nevoi
        toata totul fiindca inca decat
    """,
    ITALIAN: """
        sono abbiamo posso puo vorrei voglio devo bisogno aiuto aiutarmi parlo parla parlare italiano francese
        grazie buongiorno dove quando quanto perche anche figlio figlia figli lavoro soldi affitto chiedere
        pagare avere fare della degli nella dello alla questo questa qualcuno nessuno sapere oggi domani
        documenti permesso soggiorno
    """,
}

COMMON: dict[str, str] = {
    "en": """
        is it for of to you not am be in at we can out back up no yes he hello hi call phone paper papers rent
        card free live ill baby money job new old good bad last long time urgent form rights some any has may
        after tell home letter permit passport hospital doctor health thanks talk person name pay paid open us
        i do so if but by real just use move make made take one two three first thing things a me on or as an
        must people well let go way like all come day number her left find same born
    """,
    "es": """
        por para como esta este estas estos una uno los las el con sin del al su sus son no frances favor dias
        dia mi hola carta gratis casa persona familia documentos pero sobre mas aqui gracias hay soy porque
        quien medico calle hoy nada luz vive vivir leer comer pagar pago abre seguro meses semana quando hasta
        comprendo cita era ha he han lo le ser sido ese eso esa otro otra dos tres bien ya anos tarde noche
        fue numero vez a de en es la me que se si te tu un y o e todos todas nos semanas saber ver consigo
        primero pues enferma tenia
    """,
    "pt": """
        por para como um com meu seu sua ele ela nos das dos ao aos no na frances favor ola tarde carta gratis
        os as marido mas sem ja tem este esta isto perdi bem sei ler fala onde moro renda sou fica mae casa
        dia bom boa medico pagar comer meses seguro agora camara da do em ser foi era ha horas anos mais so
        nem a de e eu me que se te tu ou o es todos todas semanas numero saber ver consigo tempo depois
    """,
    "tr": """
        ve bir iki bu su mi mu kim ben biz siz size gun para is yok var cok kac kira hasta okul doktor saat
        bana beni sana daha eder edin zaman evim evimiz acil selam turk hakki sahibi sahibim dogum adresi izin
        oldu once yeni her hem ama olan en o onlar ay yil de ne on
    """,
    "br": """
        va ur ul ar da ha hag pe met war evit gant eus eo zo hon ket bet bez labour kaout ober eur er ho am ya
        mat din eman aman chom kollet bugale bugel sikour merc'h mab mamm feurm skol demat trugarez plij nevez
        em perc'henn perak dilojet deuet koust mar ran rez rit an ouzh deus all bras vat ebet neuze ti hor a e
        en ma me ne on si te un
    """,
    "ro": """
        nu am ce cu din mi care mai cat pot fac sau lor ale unei unui cum cine este buna ziua esti eu ei o ea
        fi copii copil medic doctor mea meu mei doua trei dupa fara aici acolo acum casa curent plata plati
        romana imi iti primi persoane luna dar daca nici era fost a ai de e la ma pe sa se te un va si adresa
        costa obtin caut mutat ramas
    """,
    ITALIAN: """
        il lo di che per con una gli dei al non ho mio mia casa medico come del da a ai de e la ma me se si te
        tu un le
    """,
}

FRENCH = """
    a ai au aux avec avez avons c ca car ce cela ces cet cette chez comme comment d dans de depuis des
    dois doit donc dont du elle elles en encore es est et etaient etait etais ete etes etre eu faire fais
    fait faut il ils j je jamais jour jours l la le les leur leurs lui m ma mais me mes moi mois mon ne
    nos notre nous on ont ou oui par pas peut peux plus pour pourquoi qu quand que quel quelle quelles
    quels qui quoi rien s sa sans se sera serait ses si son sont sous suis sur ta te tes toi toujours ton
    tous tout toute tres trop tu un une va vais vers veut veux vos votre vous y bien aussi apres avant
    avoir deja fois ici meme moins rendez aide aides allocation allocations annee argent bonjour bonsoir
    chomage combien compte courrier demande dossier droit droits enceinte enfant enfants femme impot
    impots lettre logement loyer mairie maison malade mari merci numero papier papiers passe perdu perdue
    rdv recu salut semaine stp svp travail adres av bcp bjr bsr cest cmt ds fo fodre jai jais jsui jsuis
    chui chuis kan kand kel kelle ki koi koman kwa mrc ns osi ossi pk pkoi pr sai slt sui tou tt vs yavai
"""

# Said in the middle of French, and often alone: they are taken out before anything is counted.
BORROWED: tuple[str, ...] = (
    "why not", "thank you", "thanks you", "let's go", "by the way", "what else", "what the fuck", "who's who", "the end",
    "the best", "the voice", "work in progress", "please help", "on the road", "muchas gracias", "muchos gracias",
    "buenos dias", "muito obrigado", "muito bom", "trugarez deoc'h", "yec'hed mat", "demat deoc'h",
)  # fmt: skip

# What tells Ukrainian from Russian, beside letters: small words, everyday words, endings (`-` first).
UKRAINIAN = """
    та що щоб як чи де це цей ця дуже дякую потрібна потрібно немає треба хто бо про з й ми зараз вчора
    допоможіть допомога шукаю розумію добрий доброго загубила загубив погано дитина гроші була був буде тут
    лікар мова робота роботу живу до від під ще вже хочу людина сьогодні
    -ти -тися -ться -уть -ють -ння -ською -цькою -ькою -ьку -ою -ею -ському
"""
RUSSIAN = """
    и с что чтобы как кто где очень спасибо нужна нужен нужно нет меня мне надо можно если или помощь помогите
    здравствуйте привет сколько какие ищу негде плохо из ли по потеряла потерял деньги работа работу работать сейчас
    еще ещё уже был была сегодня вчера завтра здесь тут врач живу хочу человек ребенок дети язык от под мужа сына избили
    -ать -еть -ться -тся -ешь -ит -ет -ют -ят -ой -ский -ски -ская -ие -ия -ая -ое -его
"""

# What tells Persian (and Dari) from Arabic, beside letters.
PERSIAN = """
    می نمی است هست نیست هستم هستید نیستم دارم ندارم دارید را از به که این آن برای با چه کجا کمک لطفا خانه کار
    ممنون کنم کنید بلد خواهم شما چند آیا یاد ندارد دارد شد شده یک ما من
"""
ARABIC = """
    في من على الى إلى عن هل لا ما ليس أين اين كيف متى كم هذا هذه أريد اريد أحتاج احتاج عندي انا أنا أنت شكرا مرحبا
    السلام عليكم مع او أو ان أن لي بدي شو وين كيفاش واش بغيت نحتاج ماعنديش
"""
