from bot.model.answer import Answer, AnswerType, Block, BlockKind, Choice, Place, SourceRef, paragraph
from bot.render.text import distance_text, render_text

SOURCE = SourceRef("APL, service-public", "https://example.org/apl", "2026-04-01", "2026-11-23")


def answer(*blocks: Block, **more: object) -> Answer:
    return Answer(AnswerType.FICHE, blocks, "", **more)  # type: ignore[arg-type]


def test_a_paragraph_is_itself() -> None:
    assert render_text(answer(paragraph("Bonjour."))) == "Bonjour."


def test_a_title_stands_on_its_own_line_above_its_list() -> None:
    block = Block(BlockKind.LIST, ("le bail", "le RIB"), "À préparer")
    assert render_text(answer(block)) == "À préparer\n- le bail\n- le RIB"


def test_steps_are_numbered_and_documents_listed() -> None:
    steps = Block(BlockKind.STEPS, ("Signez.", "Envoyez."))
    documents = Block(BlockKind.DOCUMENTS, ("Le bail",))
    assert render_text(answer(steps, documents)) == "1. Signez.\n2. Envoyez.\n\n- Le bail"


def test_a_warning_says_that_it_is_one() -> None:
    assert (
        render_text(answer(Block(BlockKind.WARNING, ("La date compte.",)))) == "Attention : La date compte."
    )


def test_a_source_gives_both_dates_in_french_and_its_address() -> None:
    text = render_text(answer(paragraph("Oui."), sources=(SOURCE,)))
    assert text == (
        "Oui.\n\nD'où vient cette information :\n"
        "- APL, service-public (texte du 1er avril 2026, vérifié le 23 novembre 2026), https://example.org/apl"
    )


def test_two_sources_are_listed_and_the_others_counted() -> None:
    text = render_text(answer(paragraph("Oui."), sources=(SOURCE,) * 3))
    assert text.count("\n- APL, service-public (texte du") == 2
    assert text.endswith("\n- et 1 autre texte")
    assert render_text(answer(sources=(SOURCE,) * 4)).endswith("\n- et 2 autres textes")


def test_a_place_gives_all_that_is_known_and_says_when_its_hours_are_old() -> None:
    place = Place(
        "France services", "22 rue de Gaël", "02 99 09 44 56", "lundi : 9 h", "à vérifier", None, 4.24
    )
    text = render_text(answer(places=(place,)))
    assert text == (
        "- France services\n  22 rue de Gaël\n  À 4,2 km\n  Téléphone : 02 99 09 44 56\n"
        "  Horaires : lundi : 9 h (à vérifier)"
    )


def test_nothing_is_said_of_being_open_when_it_is_not_known() -> None:
    assert "vert" not in render_text(answer(places=(Place("Mairie", "1 place"),)))
    assert "Fermé maintenant" in render_text(answer(places=(Place("Mairie", "1 place", open_now=False),)))


def test_the_reference_is_said_once() -> None:
    said = answer(paragraph("Votre référence : BC-2345."), reference="BC-2345")
    unsaid = answer(paragraph("C'est noté."), reference="BC-2345")
    assert render_text(said).count("BC-2345") == 1
    assert render_text(unsaid).endswith("Référence de votre demande : BC-2345")


def test_notes_come_before_sources_and_choices_are_left_out() -> None:
    text = render_text(
        answer(
            paragraph("Oui."),
            notes=("Montant du 1er avril.",),
            sources=(SOURCE,),
            choices=(Choice("Combien ?", "v"),),
        )
    )
    assert text.index("Montant du 1er avril.") < text.index("D'où vient")
    assert "Combien" not in text


def test_a_short_distance_is_not_zero() -> None:
    assert distance_text(0.3) == "moins de 1 km"
    assert distance_text(12.0) == "12 km"
