"""A danger told in another language is recognised, and a question in it, or French, is not taken for one."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.intake.danger import DangerDetector, find_dangers
from bot.intake.danger_foreign import DANGERS, find_foreign_dangers, flatten, language_of_danger
from bot.intake.danger_model import NO_DANGER, DangerModel
from bot.knowledge.emergency import load_emergencies
from bot.language.embeddings import embed
from bot.language.foreign import LANGUAGES
from bot.language.label_model import LabelModel, Sample
from bot.language.normalise import fold
from bot.language.spelling import Speller
from tests.bot.language.test_foreign import foreign_sentences, sentences_of_others, training_sentences

ROOT = Path(__file__).parents[3]

TOLD: dict[str, dict[str, tuple[str, ...]]] = {
    "en": {
        "violences": (
            "my husband hits me",
            "He beats me every day",
            "my boyfriend is threatening me",
            "I'm scared of my ex",
        ),
        "suicide": ("I want to die", "i dont want to live anymore", "I'm going to kill myself"),
        "medical": (
            "My mother can't breathe",
            "my dad has chest pain",
            "he is bleeding a lot",
            "please call an ambulance",
        ),
        "incendie": ("my house is on fire", "There's a fire!", "I smell gas in the kitchen"),
        "enfant": ("he hits my child", "my child is hurt", "someone touched my daughter"),
        "agression": ("call the police", "HELP ME!!!", "he has a knife", "I am in danger"),
        "rue": ("we have nowhere to sleep tonight", "i sleep in my car", "I'm homeless"),
    },
    "es": {
        "violences": ("mi marido me pega", "Mi pareja me ha pegado", "tengo miedo de mi ex", "me amenaza"),
        "suicide": ("quiero morir", "No quiero vivir", "voy a suicidarme"),
        "medical": ("mi padre no puede respirar", "está sangrando", "necesito una ambulancia"),
        "incendie": ("hay un incendio", "mi casa está ardiendo", "huele a gas"),
        "enfant": ("pega a mi hijo", "Mi hija está herida", "maltratan a los niños"),
        "agression": ("¡Socorro!", "llamen a la policía", "me quiere matar", "ayúdame"),
        "rue": (
            "no tengo donde dormir",
            "dormimos en la calle",
            "duermo en el coche",
            "¿Dónde podemos dormir?",
        ),
    },
    "pt": {
        "violences": ("o meu marido bate-me", "meu marido me bateu", "ele ameaça-me"),
        "suicide": ("quero morrer", "não quero viver", "vou me matar"),
        "medical": ("ele não consegue respirar", "está a sangrar muito", "chamem uma ambulância"),
        "incendie": ("há fogo em casa", "a casa pegou fogo", "cheira a gás"),
        "enfant": ("bate no meu filho", "a criança está ferida", "abusou da minha filha"),
        "agression": ("socorro", "chamem a polícia", "tem uma faca", "estou em perigo"),
        "rue": ("não tenho onde dormir", "durmo na rua", "onde posso dormir?"),
    },
    "tr": {
        "violences": ("kocam beni dövüyor", "Eşim bana vurdu", "kocamdan korkuyorum"),
        "suicide": ("ölmek istiyorum", "yaşamak istemiyorum", "intihar etmek istiyorum"),
        "medical": ("annem nefes alamıyor", "babam kalp krizi geçiriyor", "ambulans çağırın"),
        "incendie": ("evimiz yanıyor", "yangın var", "gaz kokusu var"),
        "enfant": ("çocuğumu dövüyor", "kızım tehlikede", "oğlumu dövdü"),
        "agression": ("imdat", "polis çağırın", "YARDIM EDİN", "bana tecavüz etti"),
        "rue": ("sokakta kalıyorum", "kalacak yerim yok", "arabada uyuyoruz"),
    },
    "br": {
        "violences": ("va gwaz a sko ganin", "skeiñ a ra ganin", "kannañ a ra ac'hanon"),
        "suicide": ("c'hoant am eus mervel", "mervel a fell din"),
        "medical": ("ne anal ket ken", "semplet eo va mamm", "taol-kalon en deus"),
        "incendie": ("tan zo en ti", "tangwall", "an tan zo er gegin"),
        "enfant": ("skeiñ a ra gant va bugel", "va bugale zo en dañjer"),
        "agression": ("Sikour !", "galvit ar polis", "en dañjer emaon"),
        "rue": ("kousket a ran er-maez", "n'em eus lec'h ebet da gousket"),
    },
    "ro": {
        "violences": ("soțul mă bate", "m-a lovit", "mi-e frică de soțul meu"),
        "suicide": ("vreau să mor", "nu mai vreau să trăiesc", "mă sinucid"),
        "medical": ("nu poate respira", "mama a leșinat", "chemați ambulanța", "îl doare pieptul"),
        "incendie": ("casa arde", "e incendiu", "miroase a gaz"),
        "enfant": ("bate copilul", "copilul este rănit", "îi bate pe copii"),
        "agression": ("chemați poliția", "are un cuțit", "Ajutor!", "sunt în pericol"),
        "rue": ("nu am unde să dorm", "dorm pe stradă", "dormim în mașină"),
    },
    "uk": {
        "violences": ("чоловік мене б'є", "Він побив мене", "боюся свого чоловіка", "чоловік мене б’є"),
        "suicide": ("хочу померти", "не хочу жити", "думаю про самогубство"),
        "medical": ("мама не дихає", "не може дихати", "викличте швидку", "болить у грудях"),
        "incendie": ("пожежа!", "горить будинок", "запах газу"),
        "enfant": ("б'є дитину", "дитина поранена", "мого сина побили"),
        "agression": ("Рятуйте", "викличте поліцію", "на мене напали", "я в небезпеці"),
        "rue": ("ніде ночувати", "сплю на вулиці", "живемо в машині"),
    },
    "ru": {
        "violences": ("муж меня бьёт", "он избил меня", "боюсь мужа"),
        "suicide": ("хочу умереть", "не хочу жить", "думаю о самоубийстве"),
        "medical": ("он не дышит", "мама без сознания", "вызовите скорую"),
        "incendie": ("пожар", "горит дом", "пахнет газом"),
        "enfant": ("бьёт ребёнка", "ребенок ранен", "сына избили"),
        "agression": ("помогите!", "вызовите полицию", "он хочет меня убить", "спасите"),
        "rue": ("негде ночевать", "сплю в машине", "живу на улице"),
    },
    "ar": {
        "violences": ("زوجي يضربني", "ضربني زوجي", "أخاف من زوجي", "راجلي كيضربني"),
        "suicide": ("أريد أن أموت", "بغيت نموت", "أفكر في الانتحار"),
        "medical": ("أمي لا تتنفس", "أبي فقد الوعي", "أحتاج الإسعاف", "عنده نزيف"),
        "incendie": ("حريق في البيت", "والنار في المطبخ", "رائحة غاز"),
        "enfant": ("يضرب ابني", "طفلي في خطر", "يضرب الأطفال"),
        "agression": ("النجدة", "اتصلوا بالشرطة", "ساعدوني", "يريد أن يقتلني"),
        "rue": ("أنام في الشارع", "ليس لدي مكان للنوم", "أين يمكننا أن ننام"),
    },
    "fa": {
        "violences": ("شوهرم مرا می‌زند", "شوهرم من را کتک زد", "از شوهرم می ترسم"),
        "suicide": ("می‌خواهم بمیرم", "میخواهم خودکشی کنم"),
        "medical": ("مادرم نفس نمی‌کشد", "بیهوش شد", "آمبولانس لازم است"),
        "incendie": ("خانه آتش گرفت", "بوی گاز می‌آید", "حریق"),
        "enfant": ("بچه را می‌زند", "طفلم زخمی است", "دخترم در خطر است"),
        "agression": ("کمک", "پولیس را خبر کنید", "چاقو دارد", "در خطر هستم"),
        "rue": ("در سرک می‌خوابم", "جای خواب ندارم", "کجا بخوابیم"),
    },
}
CASES = [
    (language, kind, text)
    for language, kinds in TOLD.items()
    for kind, texts in kinds.items()
    for text in texts
]
RIGHTLY = {"i am homeless": "rue", "nu am unde sa dorm": "rue"}
"""What the sentences for the language tell of a danger: nowhere to sleep."""


@pytest.mark.parametrize(("language", "kind", "text"), CASES)
def test_a_danger_is_recognised_in_its_language(language: str, kind: str, text: str) -> None:
    assert kind in find_foreign_dangers(text)[language]
    assert kind in find_dangers(text)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_language_of_a_danger_is_told_however_short(language: str) -> None:
    texts = [text for texts in TOLD[language].values() for text in texts]
    told = {text: language_of_danger(text) for text in texts}
    assert None not in told.values()
    shared = {text for text, tag in told.items() if tag != language}
    assert shared <= {"socorro", "casa arde"}, shared  # said so in Spanish too


def test_a_danger_in_french_has_no_other_language() -> None:
    assert language_of_danger("mon mari me frappe") is None


def test_every_kind_is_told_in_every_language() -> None:
    kinds = set(load_emergencies(ROOT / "data" / "urgences.yml").dangers)
    assert set(DANGERS) == set(TOLD) == set(LANGUAGES)
    for language in LANGUAGES:
        assert set(DANGERS[language]) == set(TOLD[language]) == kinds


@pytest.mark.parametrize("language", LANGUAGES)
def test_questions_in_the_language_are_no_danger(language: str) -> None:
    alarms = {text: find_dangers(text) for text in foreign_sentences()[language] if find_dangers(text)}
    assert alarms == {text: (kind,) for text, kind in RIGHTLY.items() if text in alarms}


def test_french_is_not_taken_for_a_danger_of_another_language() -> None:
    training = [
        text for name, texts in training_sentences().items() if name != "autre_langue" for text in texts
    ]
    texts = [*training, *sentences_of_others()]
    told = {text: tuple(found) for text in texts if (found := find_foreign_dangers(text))}
    assert told == {  # these are not French
        "I have nowhere to sleep tonight with my baby": ("en",),
        "my husband hits me, help": ("en",),
        "زوجي يضربني": ("ar",),
    }


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("He CAN'T breathe!!", "he cant breathe"),
        ("Çocuğumu dövüyor", "cocugumu dovuyor"),
        ("б’є  мене", "бє мене"),
        ("бьёт", "бьет"),
        ("أَخافُ مِن", "اخاف من"),
        ("می‌زند", "ميزند"),
        ("می زند", "مي زند"),
    ],
)
def test_spellings_of_one_word_are_brought_together(written: str, read: str) -> None:
    assert flatten(written) == read


@given(st.text(max_size=300))
def test_any_text_is_read_without_fault(text: str) -> None:
    assert set(find_foreign_dangers(text)) <= set(LANGUAGES)


def test_the_model_has_no_say_on_a_language_it_never_read() -> None:
    texts = ["mon mari me frappe", "il me frappe", "elle me frappe", "le rsa", "les apl", "la css"]
    kinds = ["violences"] * 3 + [NO_DANGER] * 3
    learnt = LabelModel()
    learnt.fit([Sample(text, embedding=embed(fold(text))) for text in texts], kinds)
    model = DangerModel(learnt, Speller())
    spanish = "necesito ayuda, me llamo Frappe"
    assert model.kind(spanish) == "violences"
    assert DangerDetector(model).find(spanish) == ()
    assert DangerDetector(model).find("elle me frape") == ("violences",)
