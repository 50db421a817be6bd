"""The answer of a fiche: one rubrique, its amounts and their dates, local help, sources, and what next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from bot.answers.choices import fiche_value
from bot.answers.labels import NEXT_RUBRIQUES, PERSON, RUBRIQUE_LABELS
from bot.knowledge.amounts import amount_notes, fill_sms, fill_web
from bot.knowledge.fiche import Contact, EtapeNumerique, Fiche, Simple, Source
from bot.knowledge.loader import Knowledge
from bot.knowledge.responses import to_block
from bot.knowledge.territoire import ContactLocal
from bot.model.answer import Answer, AnswerType, Block, BlockKind, Choice, SourceRef

MAX_NEXT = 4
STEP_TITLES = {
    "s_informer": "S'informer en ligne",
    "demander": "Demander en ligne",
    "suivre": "Suivre son dossier en ligne",
    "renouveler": "Renouveler en ligne",
    "rendez_vous": "Prendre rendez-vous en ligne",
}


def fiche_answer(knowledge: Knowledge, fiche: Fiche, rubrique_id: str, today: date) -> Answer:
    """Return the answer of one rubrique. A rubrique without object says why, then gives the overview."""
    rubrique = fiche.rubriques[rubrique_id]
    blocks: list[Block] = []
    if rubrique.sans_objet:
        blocks.append(Block(BlockKind.TEXT, (rubrique.sans_objet,)))
        rubrique = fiche.rubriques["apercu"]
    blocks += [to_block(bloc) for bloc in rubrique.web]
    blocks += _extra_blocks(knowledge, fiche, rubrique_id)
    return _filled(knowledge, fiche, rubrique_id, blocks, rubrique.sms or "", rubrique.sources, today)


def simple_answer(knowledge: Knowledge, fiche: Fiche, simple: Simple, today: date) -> Answer:
    """Return the simple version of a fiche."""
    blocks = [Block(BlockKind.TEXT, (phrase,)) for phrase in simple.phrases]
    return _filled(knowledge, fiche, "apercu", blocks, simple.sms, simple.sources, today)


def _filled(
    knowledge: Knowledge,
    fiche: Fiche,
    rubrique_id: str,
    blocks: Sequence[Block],
    sms: str,
    sources: Sequence[str],
    today: date,
) -> Answer:
    """Return the answer with its amounts, their dates and the sources."""
    texts = [item for block in blocks for item in block.items]
    filled = tuple(
        replace(block, items=tuple(fill_web(item, knowledge.baremes, today) for item in block.items))
        for block in blocks
    )
    return Answer(
        type=AnswerType.FICHE,
        blocks=filled,
        sms=fill_sms(sms, knowledge.baremes, today),
        fiche=fiche.id,
        rubrique=rubrique_id,
        fiches=(fiche.id,),
        choices=_next_choices(fiche, rubrique_id),
        sources=_source_refs(fiche, sources),
        notes=amount_notes(texts, knowledge.baremes, today),
    )


def _extra_blocks(knowledge: Knowledge, fiche: Fiche, rubrique_id: str) -> list[Block]:
    """Return what the structured parts of the fiche and the territory add to a rubrique."""
    if rubrique_id == "numerique":
        return [block for name, step in fiche.etapes_numeriques if (block := _step_block(name, step))]
    if rubrique_id == "demarche":
        after = (fiche.apres_envoi.reponse, fiche.apres_envoi.quand_regarder)
        return [Block(BlockKind.TEXT, (" ".join(after),), "Après l'envoi"), *_local_blocks(knowledge, fiche)]
    if rubrique_id == "sans_internet":
        return [Block(BlockKind.TEXT, (fiche.sans_internet.avec_qui,), "Qui peut le faire avec vous")]
    if rubrique_id == "contact":
        return _contact_blocks(knowledge, fiche)
    return []


def _step_block(name: str, step: EtapeNumerique) -> Block | None:
    """Return what one digital step demands, in short lines; an unknown demand is not guessed."""
    if step.sans_objet:
        return None
    lines = [f"Où : {step.ou}", f"Compte : {step.compte}"]
    demands = (
        (step.courriel, "Une adresse mail"),
        (step.numeriser, "Un document à scanner ou à photographier"),
        (step.smartphone_suffit, "Un téléphone suffit"),
        (step.reprise_possible, "On peut s'arrêter et reprendre"),
    )
    lines += [f"{text} : {found.value}" for found, text in demands if found]
    if step.clic_a_risque:
        lines.append(f"Attention : {step.clic_a_risque}")
    lines.append(f"De l'aide : {step.aide}")
    return Block(BlockKind.LIST, tuple(lines), STEP_TITLES[name])


def _contact_blocks(knowledge: Knowledge, fiche: Fiche) -> list[Block]:
    """Return the contacts of the fiche, then those of the territory."""
    lines = []
    contacts: list[Contact | ContactLocal] = [
        *fiche.contacts,
        *knowledge.territoire.shown_contacts(fiche.id),
    ]
    for contact in contacts:
        price = contact.prix if isinstance(contact, Contact) else None
        parts = (contact.telephone, price, contact.horaires, contact.adresse, contact.note)
        known = [part for part in parts if part] or [str(contact.url)]
        lines.append(f"{contact.nom} : {', '.join(known)}")
    return [Block(BlockKind.LIST, tuple(lines), "Les contacts")]


def _local_blocks(knowledge: Knowledge, fiche: Fiche) -> list[Block]:
    local = knowledge.territoire.local_help(fiche.id)
    lines = tuple(f"{aide.nom} : {aide.texte}" for aide in local)
    return [Block(BlockKind.LIST, lines, "Près de chez vous")] if lines else []


def _next_choices(fiche: Fiche, rubrique_id: str) -> tuple[Choice, ...]:
    """Return the questions people ask next about this fiche, and always a person."""
    useful = [name for name in NEXT_RUBRIQUES if name != rubrique_id and not fiche.rubriques[name].sans_objet]
    picked = [Choice(RUBRIQUE_LABELS[name], fiche_value(fiche.id, name)) for name in useful[:MAX_NEXT]]
    return (*picked, PERSON)


def _source_refs(fiche: Fiche, keys: Sequence[str]) -> tuple[SourceRef, ...]:
    return tuple(source_ref(fiche.source(key)) for key in keys)


def source_ref(source: Source) -> SourceRef:
    """Return a source as an answer shows it."""
    return SourceRef(
        title=source.titre,
        url=str(source.url),
        text_of=source.texte_du.isoformat() if source.date_sure else None,
        checked_on=source.lu_le.isoformat(),
    )


def contact_line(fiche: Fiche) -> str:
    """Return whom to call first, then where to look: the phone before the site."""
    steps = (fiche.etapes_numeriques.demander, fiche.etapes_numeriques.s_informer)
    sites = [
        *(step.url for step in steps if step.url),
        *(contact.url for contact in fiche.contacts if contact.url),
    ]
    phones = [f"{contact.nom} : {contact.telephone}." for contact in fiche.contacts if contact.telephone]
    return " ".join([*phones[:1], *(f"Site : {site}" for site in sites[:1])]) or fiche.sans_internet.avec_qui
