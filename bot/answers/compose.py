"""Turn a Directive, or an act of the human way, into an Answer. Every text comes from the knowledge."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from bot.answers import labels
from bot.answers.another import asks_for_another
from bot.answers.choices import fiche_value, read_fiche_value, read_place_value
from bot.answers.discouragement import discouragement_kind
from bot.answers.fiche_answer import fiche_answer, simple_answer
from bot.answers.followup_answers import FollowupAnswers
from bot.answers.foreign import foreign_answer, foreign_emergency, foreign_key
from bot.answers.human_look import needs_human_look
from bot.answers.masked_answers import MaskedAnswers
from bot.answers.operator_answers import OperatorAnswers
from bot.answers.orientation import name_answer, situation_answer
from bot.answers.own_data_answers import OwnDataAnswers
from bot.answers.phone_answers import PhoneAnswers
from bot.answers.request_answers import RequestAnswers
from bot.knowledge.fiche import Fiche
from bot.knowledge.lexicon import Nom
from bot.model.answer import Answer, AnswerType, Block, BlockKind, Choice, paragraph
from bot.model.directive import Directive
from bot.model.french import format_date
from bot.render.gsm import MAX_SEPTETS, count_septets, first_sentences, to_gsm
from bot.store.conversations import KIOSK

OVERVIEW = "apercu"
FICHE_OF_DANGER = {"violences": "violences-conjugales", "rue": "hebergement-urgence"}
"""What is asked next is about: "et s'il n'y a pas de place ?"."""
ABOUT_FICHES = ("fiche", "fiche_doute")
COMMON_SUBJECTS = ("apl", "rsa", "carte-identite")


class Composer(MaskedAnswers, OperatorAnswers, RequestAnswers, FollowupAnswers, PhoneAnswers, OwnDataAnswers):
    """Compose answers for one territory."""

    # -- from what was understood -------------------------------------------------------------

    def answers(self, directive: Directive, text: str) -> tuple[Answer, ...]:
        """Return the answer to a directive, or the two of a message that asks two things.

        The label of a way to be helped is about places, whatever was understood of it.
        """
        if self.asks_for_a_place(text):
            return (self.places(text),)
        first = self.compose(directive, text)
        if directive.also is None:
            return (first,)
        return first, self.compose(replace(directive, rubrique=directive.also, also=None), "")

    def compose(self, directive: Directive, text: str) -> Answer:
        """Return the answer to a directive; `text` is the person's own words, for a place, a fear, a relative."""
        if directive.kind == "chercher_lieu":
            return self.places(text)
        answer = self._with_human_look(self._composed(directive, text), text)
        is_for_another = directive.kind in ABOUT_FICHES and asks_for_another(text)
        return self._with_another(answer) if is_for_another else answer

    def _with_another(self, answer: Answer) -> Answer:
        """Say first, on a screen, what asking for someone else takes. The SMS has no room: it is told when asked."""
        return replace(answer, blocks=(*self._blocks("fiche.pour_autrui"), *answer.blocks))

    def _with_human_look(self, answer: Answer, text: str) -> Answer:
        """Say near the end that a person can look too, and offer it first, where a machine must not settle alone."""
        if answer.type is not AnswerType.FICHE or not needs_human_look(
            answer.fiche or "", answer.rubrique or "", text
        ):
            return answer
        way_on = self._blocks("fiche.suite")
        ends_with_it = answer.blocks[-len(way_on) :] == way_on
        said = answer.blocks[: -len(way_on)] if ends_with_it else answer.blocks
        longer = f"{answer.sms} {self._sms('fiche.regard_humain')}"
        others = tuple(choice for choice in answer.choices if choice != labels.PERSON)
        return replace(
            answer,
            blocks=(*said, *self._blocks("fiche.regard_humain"), *(way_on if ends_with_it else ())),
            sms=longer if count_septets(to_gsm(longer)) <= MAX_SEPTETS else answer.sms,
            choices=(labels.PERSON, *others),
        )

    def _composed(self, directive: Directive, text: str) -> Answer:
        composers: dict[str, Callable[[], Answer]] = {
            "fiche": lambda: self.fiche(directive.fiche or "", directive.rubrique or OVERVIEW),
            "fiche_doute": lambda: self._doubtful_fiche(directive),
            "repeter": lambda: self.fiche(directive.fiche or "", directive.rubrique or OVERVIEW),
            "simplifier": lambda: self._simple_fiche(directive),
            "clarification": lambda: self._clarification(directive),
            "orientation": lambda: self._orientation(directive.situation or ""),
            "sans_sujet": lambda: self._without_subject(directive),
            "incompris": lambda: self._say(AnswerType.INCOMPRIS, "incompris.premier", self._ways_out()),
            "incompris_encore": lambda: self._person_answer(AnswerType.INCOMPRIS, "incompris.encore"),
            "corriger": lambda: self._say(AnswerType.INCOMPRIS, "incompris.corriger", (labels.PERSON,)),
            "demander_personne": self.person,
            "estimer_droits": self.estimate,
            "confidentialite": self.privacy,
            "demander_aide": self.help,
            "saluer": lambda: self._welcome_back("accueil.salutation"),
            "remercier": lambda: self._welcome_back("accueil.remerciement"),
            "dire_au_revoir": lambda: self._say(
                AnswerType.ACCUEIL, "accueil.au_revoir", (labels.ERASE, labels.PERSON)
            ),
            "accord": lambda: self._welcome_back("accueil.accord"),
            "rien_en_cours": lambda: self._welcome_back("accueil.rien_en_cours"),
            "dire_decouragement": lambda: self._discouragement(text),
            "hors_sujet": lambda: self._say(
                AnswerType.HORS_SUJET, "hors_sujet.general", (labels.PLACES, labels.PERSON)
            ),
            "autre_langue": self._some_language,
        }
        return composers[directive.kind]()

    def fiche(self, fiche_id: str, rubrique: str) -> Answer:
        """Return the answer of a fiche, or say honestly that it is not written yet and who knows."""
        fiche = self.knowledge.fiches.get(fiche_id)
        return self._with_way_on(self.rubrique(fiche, rubrique)) if fiche else self._unwritten_fiche(fiche_id)

    def rubrique(self, fiche: Fiche, rubrique: str) -> Answer:
        """Return a rubrique by itself, as a page that holds them all shows it."""
        return self._past_review(
            fiche_answer(self.knowledge, fiche, rubrique, self._today()), fiche.a_revoir_le
        )

    def _past_review(self, answer: Answer, review_on: date) -> Answer:
        if self._today() < review_on:
            return answer
        blocks = self._blocks("fiche.perimee", {"date": format_date(review_on)})
        warning = self._sms("fiche.perimee")
        kept = first_sentences(answer.sms, MAX_SEPTETS - count_septets(to_gsm(f" {warning}")))
        return replace(answer, blocks=(*blocks, *answer.blocks), sms=f"{kept} {warning}".strip())

    def _with_way_on(self, answer: Answer) -> Answer:
        """End the answer on a screen with what to do next and the way to a person; an SMS has its menu."""
        return replace(answer, blocks=(*answer.blocks, *self._blocks("fiche.suite")))

    def _unwritten_fiche(self, fiche_id: str) -> Answer:
        subject = self.knowledge.taxonomy.subjects[fiche_id]
        values = {"titre": subject.titre, "organisme": subject.organisme}
        answer = self._say(
            AnswerType.HORS_SUJET, "hors_sujet.sans_fiche", (labels.PERSON, labels.PLACES), values
        )
        return replace(answer, fiches=(fiche_id,), places=self._own_places())

    def _doubtful_fiche(self, directive: Directive) -> Answer:
        """Return the fiche with "si j'ai bien compris" before it, and the other subjects as choices."""
        answer = self.fiche(directive.fiche or "", directive.rubrique or OVERVIEW)
        values = {"titre": self._title(directive.fiche or "")}
        others = tuple(self._subject_choice(fiche, directive.rubrique) for fiche in directive.fiches)
        kept = tuple(choice for choice in answer.choices if choice != labels.PERSON)[:2]
        return replace(
            answer,
            blocks=(*self._blocks("fiche.doute", values), *answer.blocks),
            sms=self._sms("fiche.doute", values),
            fiches=tuple(dict.fromkeys((directive.fiche or "", *directive.fiches))),
            choices=(*kept, *others, labels.PERSON),
        )

    def _simple_fiche(self, directive: Directive) -> Answer:
        """Return the fewest words the fiche has: its simple version, or the short text of the rubrique."""
        rubrique = directive.rubrique or OVERVIEW
        fiche = self.knowledge.fiches.get(directive.fiche or "")
        if fiche and fiche.simple and rubrique == OVERVIEW:
            answer = simple_answer(self.knowledge, fiche, fiche.simple, self._today())
            return self._past_review(answer, fiche.a_revoir_le)
        answer = self.fiche(directive.fiche or "", rubrique)
        return replace(answer, blocks=(paragraph(answer.sms),)) if answer.sms else answer

    def _orientation(self, situation_id: str) -> Answer:
        situation = self.knowledge.situations.get(situation_id)
        if situation is None:  # its file was taken out or broken since the training
            return self._say(AnswerType.INCOMPRIS, "incompris.premier", self._ways_out())
        answer = situation_answer(self.knowledge, situation)
        return self._past_review(answer, situation.a_revoir_le)

    def name_among(self, name: Nom) -> Answer:
        """Return what a name means that several fiches share."""
        return name_answer(self.knowledge, name)

    def _clarification(self, directive: Directive) -> Answer:
        picks = tuple(self._subject_choice(fiche, directive.rubrique) for fiche in directive.fiches)
        answer = self._say(AnswerType.CLARIFICATION, "clarification.question", (*picks, labels.PERSON))
        return replace(answer, fiches=directive.fiches)

    def _without_subject(self, directive: Directive) -> Answer:
        picks = tuple(self._subject_choice(fiche, directive.rubrique) for fiche in COMMON_SUBJECTS)
        answer = self._say(AnswerType.CLARIFICATION, "clarification.sans_sujet", (*picks, labels.PERSON))
        return replace(answer, fiches=COMMON_SUBJECTS)

    def _subject_choice(self, fiche_id: str, rubrique: str | None) -> Choice:
        return Choice(self._title(fiche_id), fiche_value(fiche_id, rubrique))

    def subject_title(self, fiche_id: str) -> str:
        """Return the title of a subject, its fiche written or not."""
        return self._title(fiche_id)

    def _discouragement(self, text: str) -> Answer:
        kind = discouragement_kind(text)
        if kind == "choix":
            return self._say(AnswerType.ESCALADE, "decouragement.choix", (labels.HELP, labels.PERSON))
        return self._person_answer(AnswerType.ESCALADE, f"decouragement.{kind}")

    # -- welcome, help, privacy ---------------------------------------------------------------

    def welcome(self, channel: str = "") -> Answer:
        """Return the first words: who this is, that it is a machine, what is kept, the way to a person."""
        key = "accueil.borne" if channel == KIOSK else "accueil.bienvenue"
        return self._say(AnswerType.ACCUEIL, key, (labels.HELP, labels.PERSON))

    def help(self) -> Answer:
        """Return what the assistant does and how to use it."""
        picks = tuple(self._subject_choice(fiche, None) for fiche in COMMON_SUBJECTS)
        return self._say(AnswerType.ACCUEIL, "accueil.aide", (*picks, labels.PLACES, labels.PERSON))

    def _welcome_back(self, key: str) -> Answer:
        return self._say(AnswerType.ACCUEIL, key, (labels.HELP, labels.PERSON))

    def _ways_out(self) -> tuple[Choice, ...]:
        picks = tuple(self._subject_choice(fiche, None) for fiche in COMMON_SUBJECTS)
        return (*picks, labels.PERSON)

    def publisher(self) -> Answer:
        """Return who publishes the service (the word CONTACT)."""
        return self._say(AnswerType.ACCUEIL, "accueil.editeur", (labels.PERSON,))

    def privacy(self) -> Answer:
        """Return what is kept, for how long, and how to erase it."""
        picks = (labels.OWN_DATA, labels.ERASE, labels.PERSON)
        return self._say(AnswerType.CONFIDENTIALITE, "confidentialite.resume", picks)

    def stop(self) -> Answer:
        """Confirm a STOP."""
        return self._say(AnswerType.CONFIDENTIALITE, "confidentialite.stop", (labels.PERSON, labels.ERASE))

    def foreign(self, language: str) -> Answer:
        """Return the prepared sentence in a language of bot.language.foreign."""
        own = self._own_places()
        response = self.knowledge.responses[foreign_key(language)]
        return foreign_answer(response, language, own[0] if own else None)

    def _some_language(self) -> Answer:
        """Return the sentence in French, then in English: the language could not be told for sure."""
        answer = self._say(AnswerType.HORS_SUJET, "accueil.autre_langue", (labels.PERSON, labels.PLACES))
        return replace(answer, blocks=(*answer.blocks, *self.foreign("en").blocks))

    def erase_question(self) -> Answer:
        """Say what disappears and ask once."""
        return self._say(
            AnswerType.CONFIDENTIALITE,
            "confidentialite.effacer_question",
            (labels.ERASE_YES, labels.ERASE_NO, labels.PERSON),
        )

    def erased(self) -> Answer:
        """Say that everything is erased."""
        return self._say(AnswerType.CONFIDENTIALITE, "confidentialite.effacee", ())

    def erase_cancelled(self) -> Answer:
        """Say that nothing was erased."""
        return self._say(
            AnswerType.CONFIDENTIALITE, "confidentialite.effacer_annule", (labels.HELP, labels.PERSON)
        )

    # -- danger -------------------------------------------------------------------------------

    def urgence(self, dangers: tuple[str, ...], language: str | None = None) -> Answer:
        """Return the numbers for the dangers told, the most useful first, and a word for each danger.

        `language` is that of someone who does not write French: 112 and 114 are said in it first.
        """
        emergencies = self.knowledge.emergencies
        spoken = self.knowledge.responses.get(foreign_key(language)) if language else None
        blocks = [foreign_emergency(spoken, language)] if spoken and language else []
        numbers = list(dict.fromkeys(n for danger in dangers for n in emergencies.dangers[danger]))
        first, *others = self._blocks(f"urgence.{dangers[0]}")
        lines = tuple(dict.fromkeys(line for danger in dangers for line in emergencies.lines(danger)))
        blocks += [first, Block(BlockKind.LIST, lines), *others]
        for danger in dangers[1:]:
            blocks += self._blocks(f"urgence.{danger}")[1:]
        blocks += self._blocks("urgence.suite")
        short = ", ".join(
            f"SMS au {n}" if emergencies.numeros[n].sms else f"appelez le {n}" for n in numbers[:3]
        )
        return Answer(
            type=AnswerType.URGENCE,
            fiche=next((FICHE_OF_DANGER[danger] for danger in dangers if danger in FICHE_OF_DANGER), None),
            blocks=tuple(blocks),
            sms=f"{self._sms(f'urgence.{dangers[0]}', {'numeros_sms': short})} {self._sms('urgence.suite')}",
            choices=(labels.PERSON,),
        )

    def perhaps_danger(self, danger: str) -> Answer:
        """Return the two first numbers for a danger that is perhaps told; the answer to the message follows."""
        emergencies = self.knowledge.emergencies
        numbers = [n for n in emergencies.dangers[danger] if not emergencies.numeros[n].sms][:2]
        return self._say(AnswerType.URGENCE, "urgence.peut_etre", (), {"numeros": " ou le ".join(numbers)})

    # -- a person, a place --------------------------------------------------------------------

    def person(self) -> Answer:
        """Return the way to a person: places, phones, and a request."""
        return self._person_answer(AnswerType.ESCALADE, "escalade.proposition")

    def estimate(self) -> Answer:
        """Return an orientation and a person, until the estimate of rights exists."""
        answer = self._person_answer(AnswerType.ESTIMATION, "estimation.orientation")
        offered = ("rsa", "prime-activite", "apl", "css", "allocations-familiales", "are")
        return replace(answer, fiches=offered)

    def delayed(self) -> Answer:
        """Say that the message is kept and will be answered, and who can help meanwhile."""
        answer = self._say(AnswerType.ESCALADE, "escalade.attente", (labels.PERSON,))
        return replace(answer, places=self._own_places())

    def failed(self) -> Answer:
        """Say that the message could not be dealt with, and who can help."""
        return self._person_answer(AnswerType.ESCALADE, "escalade.echec")

    def _person_answer(self, kind: AnswerType, key: str) -> Answer:
        answer = self._say(kind, key, self.ways())
        return replace(answer, places=self._own_places())

    # -- a phone without buttons --------------------------------------------------------------

    def simpler(self, before: Answer | None) -> Answer:
        """Return the answer before in fewer words, or ask for a question when it was not about a fiche."""
        if before is None or before.fiche is None:
            return self._say(AnswerType.ACCUEIL, "sms.simple_sans_sujet", (labels.PERSON,))
        # The overview: an SMS of another rubrique is already as short as it can be, and would come back as it was.
        return self._simple_fiche(Directive("simplifier", fiche=before.fiche))

    # -- texts --------------------------------------------------------------------------------

    def label_of(self, value: str) -> str:
        """Return the words of a choice, for the transcript."""
        if read_place_value(value):
            return self.place_label(value)
        picked = read_fiche_value(value, self.knowledge.taxonomy)
        if picked is None:
            return labels.PLAIN.get(value, value)
        title = self._title(picked.fiche)
        return f"{title} : {labels.RUBRIQUE_LABELS[picked.rubrique]}" if picked.rubrique else title
