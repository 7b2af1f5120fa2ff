"""Translation of one story version into one language: the verb between the edges.

The steps are the design's: normalise, split, find terms, reuse approved segments, translate the
rest in batches, verify terms, retry what failed with stronger means, correct typography, run the
checks, and save one draft in one transaction.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from operator import itemgetter
from typing import TYPE_CHECKING, NamedTuple

from vietwire import grammar, text
from vietwire.checks.figures import check_figures
from vietwire.checks.names import check_names
from vietwire.engines import Candidate, Engine, Request, TermHint
from vietwire.placeables import find_placeables
from vietwire.proofing import proof
from vietwire.story import (
    STRONGEST,
    BlockKind,
    Draft,
    DraftSegment,
    DraftStatus,
    Finding,
    MachineDraft,
    Severity,
    Story,
    TermHit,
    VietwireError,
    check_language,
)
from vietwire.termbase.consistency import first_mentions
from vietwire.termbase.model import PLACES

if TYPE_CHECKING:
    from vietwire.newsroom import Newsroom
    from vietwire.termbase import TermBase

#: Blocks that are one segment whatever punctuation they hold: splitting a headline breaks it.
WHOLE_BLOCKS = frozenset({BlockKind.HEADLINE, BlockKind.HEADING, BlockKind.LABEL})
_LETTER = re.compile(r"[^\W\d_]")
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+|\S+@\S+\.\S+|@\w+", re.IGNORECASE)


#: Said of a draft for which the strongest means, too, gave a text that was sent back already.
NOTHING_BETTER = Finding(
    Severity.WARN,
    "machine",
    "This text was sent back before; the machine has nothing better.",
    "Edit it, or have an editor translate the story again with another engine.",
)


class TranslationFailed(VietwireError):
    """The engine broke its contract; nothing was saved."""


@dataclass(frozen=True, slots=True)
class Segment:
    """A sentence of the source and where it stands. ``index`` counts through the story."""

    index: int
    block: int
    text: str
    separator: str


def segments_of(story: Story) -> tuple[Segment, ...]:
    """Split a story into segments, block by block, in reading order.

    An empty block gives no segment; the block itself stays in the story, so layout survives.
    """
    found: list[Segment] = []
    for number, block in enumerate(story.blocks):
        content = text.normalise(block.text)
        if not content.strip():
            continue
        if block.kind in WHOLE_BLOCKS:
            found.append(Segment(len(found), number, content.strip(), ""))
            continue
        for sentence in text.split_sentences(content):
            if sentence.text.strip():
                found.append(Segment(len(found), number, sentence.text, sentence.separator))
    return tuple(found)


def context_of(story: Story) -> str:
    """The story's whole text, in which a short form finds the words that tell what it means."""
    return text.normalise("\n".join(block.text for block in story.blocks))


def needs_translation(source: str) -> bool:
    """Whether there is anything to translate: numbers, addresses and punctuation are copied."""
    return bool(_LETTER.search(_ADDRESS.sub("", source)))


@dataclass(frozen=True, slots=True)
class Translated:
    """One translated segment: the chosen text, its score, and its terms as verified.

    ``lacking`` are the source's stock phrases whose usual rendering does not stand in the text.
    """

    text: str
    score: float | None
    terms: tuple[TermHit, ...] = ()
    attempts: int = 0
    lacking: tuple[TermHit, ...] = ()

    @property
    def missed(self) -> int:
        """How many terms of the source do not stand in the text."""
        return sum(1 for term in self.terms if term.obeyed is False)


class Rank(NamedTuple):
    """How good a candidate is; the least is the best.

    ``terms`` counts faults against the term base (missed terms, forbidden renderings); ``broken``
    is 1 for an empty answer or a copy of the source; ``placeables`` counts dates, figures and
    people's names that came out wrong; ``phrases`` stock phrases whose suggested rendering is not
    there; ``cost`` is the model's score, negative.
    """

    terms: int
    broken: int
    placeables: int
    phrases: int
    cost: float

    @property
    def failed(self) -> bool:
        """Whether something is wrong that a draft is held to."""
        return bool(self.terms or self.broken or self.placeables)


def wrong_figures(source: str, target: str, language: str) -> int:
    """How many dates and figures of ``source`` have become others in ``target``, or are gone."""
    if not any(char.isdigit() for char in source):
        return 0
    return sum(
        finding.severity is Severity.BLOCK
        or (finding.severity is Severity.WARN and finding.source_span is not None)
        for finding in check_figures(source, target, language)
    )


def lost_names(source: str, target: str, language: str) -> int:
    """How many Vietnamese people of ``source`` are not named in ``target``, or not rightly."""
    return sum(f.severity is Severity.WARN for f in check_names(source, target, language))


@dataclass(frozen=True, slots=True)
class Translator:
    """Sentences in, sentences out, with terms obeyed as far as the engine can be brought to.

    ``retries`` bounds the further attempts at segments whose terms or placeables failed; each
    attempt asks the engine for stronger means, beginning above ``strength``, the means of the
    first attempt. A segment that only lacks the usual rendering of stock phrases is asked for once
    more with the same means (not where ``retries`` is 0). ``steer`` False gives no hints and does
    not retry (for evaluation).
    """

    engine: Engine
    termbase: TermBase | None
    batch_size: int = 32
    retries: int = 2
    steer: bool = True
    strength: int = 0
    candidates: int = 4
    progress: Callable[[int], None] | None = field(default=None, compare=False)

    def translate(
        self,
        sources: Sequence[str],
        language: str,
        *,
        day: date,
        context: str = "",
        hits: Sequence[Sequence[TermHit]] | None = None,
        steering: Sequence[Sequence[TermHit]] | None = None,
    ) -> list[Translated]:
        """Translate ``sources`` in order.

        ``context`` is the story around them, which decides what an ambiguous short form means.
        ``hits`` replaces the term base's own findings; they are what the output is held to.
        ``steering`` replaces them as hints, where a mention should take a particular form.

        :raises UnknownLanguage: for a language vietwire does not publish in.
        :raises TranslationFailed: if the engine drops or adds segments.
        """
        check_language(language)
        if hits is None:
            hits = [
                self.termbase.find(source, language, on=day, context=context)
                if self.termbase
                else ()
                for source in sources
            ]
        done: list[Translated] = []
        for start in range(0, len(sources), self.batch_size):
            end = start + self.batch_size
            batch = sources[start:end]
            wanted = [tuple(found) for found in hits[start:end]]
            hints = [tuple(found) for found in (steering or hits)[start:end]]
            done.extend(self._batch(batch, wanted, hints, language, day))
            if self.progress:
                self.progress(len(batch))
        return done

    def _batch(
        self,
        batch: Sequence[str],
        hits: Sequence[tuple[TermHit, ...]],
        steering: Sequence[tuple[TermHit, ...]],
        language: str,
        day: date,
    ) -> list[Translated]:
        requests = [
            Request(source, self.hints(source, found, language))
            for source, found in zip(batch, steering, strict=True)
        ]
        phrases = [
            self._phrases(source, found, language, day)
            for source, found in zip(batch, hits, strict=True)
        ]
        first = self._first(requests, language)
        best = [
            self._judge(first[i][0], batch[i], hits[i], phrases[i], language, day)
            for i in range(len(batch))
        ]
        if not self.steer:
            return [chosen for chosen, _ in best]
        lacking = [i for i, (_, rank) in enumerate(best) if rank.phrases and not rank.failed]
        again = self._first(
            [self._suggest(requests[i], best[i][0].lacking, language) for i in lacking],
            language,
        )
        for i, candidates in zip(lacking, again, strict=True):
            rival = self._judge(candidates[0], batch[i], hits[i], phrases[i], language, day)
            best[i] = min(best[i], rival, key=itemgetter(1))
        for strength in range(self.strength + 1, self.retries + 1):
            failed = [i for i, (_, rank) in enumerate(best) if rank.failed]
            if not failed:
                break
            again = self._ask(
                [self._again(requests[i], steering[i], language, best[i][1]) for i in failed],
                language,
                candidates=self.candidates,
                strength=strength,
            )
            for i, candidates in zip(failed, again, strict=True):
                for candidate in candidates:
                    rival = self._judge(candidate, batch[i], hits[i], phrases[i], language, day)
                    if rival[1] < best[i][1]:
                        best[i] = (replace(rival[0], attempts=strength), rival[1])
        return [chosen for chosen, _ in best]

    def _phrases(
        self, source: str, hits: Sequence[TermHit], language: str, day: date
    ) -> tuple[TermHit, ...]:
        """The stock phrases that may be suggested: to an engine that was trained to take any."""
        if not (self.termbase and self.steer and self.retries and self.engine.takes_placeables):
            return ()
        return self.termbase.suggestions(source, language, on=day, beside=hits)

    def _lacking(
        self, phrases: tuple[TermHit, ...], target: str, language: str
    ) -> tuple[TermHit, ...]:
        """Those of some stock phrases whose usual rendering a translation does not have."""
        if not (self.termbase and phrases):
            return ()
        verified = self.termbase.verify(phrases, target, language)
        return tuple(phrase for phrase in verified if not phrase.obeyed)

    def _suggest(self, request: Request, lacking: Sequence[TermHit], language: str) -> Request:
        """A request once more, with the stock phrases that its translation lacks as hints."""
        hints = [self._hint(phrase, language) for phrase in lacking]
        beside = [
            hint
            for hint in request.hints
            if not any(hint.start < other.end and other.start < hint.end for other in hints)
        ]
        return Request(request.text, tuple(sorted(beside + hints, key=lambda hint: hint.start)))

    def _again(
        self, request: Request, hits: Sequence[TermHit], language: str, rank: Rank
    ) -> Request:
        """A failed request once more: every term is hinted, and where placeables came out wrong,
        each of them."""
        wrong = bool(rank.placeables)
        again = self.hints(request.text, hits, language, every_term=True, every_placeable=wrong)
        return Request(request.text, again)

    def _first(self, requests: Sequence[Request], language: str) -> list[list[Candidate]]:
        """The first attempt. Means above 1 are for placing hints; to a segment without any they
        would do less than the wide search of 1."""
        if self.strength <= 1:
            return self._ask(requests, language, candidates=1, strength=self.strength)
        answers: dict[int, list[Candidate]] = {}
        for hinted, strength in ((True, self.strength), (False, min(self.strength, 1))):
            group = [i for i, request in enumerate(requests) if bool(request.hints) is hinted]
            if group:
                asked = [requests[i] for i in group]
                found = self._ask(asked, language, candidates=1, strength=strength)
                answers.update(zip(group, found, strict=True))
        return [answers[i] for i in range(len(requests))]

    def hints(
        self,
        source: str,
        hits: Sequence[TermHit],
        language: str,
        *,
        every_term: bool = False,
        every_placeable: bool = False,
    ) -> tuple[TermHint, ...]:
        """The hints for a segment: its terms, and the placeables that stand outside them.

        At first the terms are those that are no places, and the placeables only what the language
        writes otherwise, if the engine was trained to take them.
        """
        if not self.steer:
            return ()
        hints = [
            self._hint(hit, language, grammar.article(self.termbase, hit, language, source))
            for hit in hits
            if hit.rendering and (every_term or not self._plain_place(hit, language))
        ]
        if every_placeable or self.engine.takes_placeables:
            places = find_placeables(source, language)
            into_english = find_placeables(source, "en") if places and language != "en" else places
            english = {(place.start, place.end): place.rendering for place in into_english}
            hints += [
                TermHint(
                    place.phrase,
                    place.start,
                    place.end,
                    place.rendering,
                    place.forms,
                    pivot=english.get((place.start, place.end), ""),
                    placeable=True,
                )
                for place in places
                if (every_placeable or place.converted)
                and not any(place.start < hit.end and hit.start < place.end for hit in hits)
            ]
        return tuple(sorted(hints, key=lambda hint: hint.start))

    def _plain_place(self, hit: TermHit, language: str) -> bool:
        """Whether a term is a country, a city, a province about whose name there is no dispute.

        Networks know most of them, and bend them as the sentence asks ("le président polonais"),
        where a hint is copied as it stands. So these are hinted when they were missed.
        """
        concept = self.termbase.concept(hit.concept) if self.termbase else None
        if concept is None or concept.domain not in PLACES:
            return False
        return not concept.rendering(language).forbidden

    def _hint(self, hit: TermHit, language: str, article: str = "") -> TermHint:
        """The hint for a hit, with what an engine may need to try again or to go by way of English.

        ``forms`` are other accepted renderings, ``pivot`` the English one.
        """
        concept = self.termbase.concept(hit.concept) if self.termbase else None
        if concept is None:
            return TermHint(hit.source_form, hit.start, hit.end, hit.rendering)
        accepted = concept.rendering(language).accepted
        return TermHint(
            hit.source_form,
            hit.start,
            hit.end,
            hit.rendering,
            forms=tuple(form for form in accepted if form != hit.rendering),
            pivot=concept.rendering("en").text,
            article=article,
        )

    def _ask(
        self, requests: Sequence[Request], language: str, *, candidates: int, strength: int
    ) -> list[list[Candidate]]:
        answers = self.engine.translate(
            requests, language, candidates=candidates, strength=strength
        )
        if len(answers) != len(requests) or not all(answers):
            raise TranslationFailed(
                f"engine {self.engine.name} answered {len(answers)} segments for {len(requests)}"
            )
        return answers

    def _judge(
        self,
        candidate: Candidate,
        source: str,
        hits: tuple[TermHit, ...],
        phrases: tuple[TermHit, ...],
        language: str,
        day: date,
    ) -> tuple[Translated, Rank]:
        """Verify one candidate and rank it."""
        target = text.correct_typography(candidate.text.strip(), language)
        target = grammar.settle(target, source, (*hits, *phrases), language, self.termbase)
        target = text.begin_as(source, target)
        terms = self.termbase.verify(hits, target, language) if self.termbase else ()
        lacking = self._lacking(phrases, target, language)
        chosen = Translated(target, candidate.score, tuple(terms), lacking=lacking)
        forbidden = (
            len(self.termbase.forbidden(target, language, source=source, on=day))
            if self.termbase
            else 0
        )
        broken = int(not target or target == source.strip())
        wrong = 0
        if not broken:
            wrong = wrong_figures(source, target, language) + lost_names(source, target, language)
        faults = chosen.missed + forbidden
        return chosen, Rank(faults, broken, wrong, len(lacking), -candidate.score)


def translate_story(
    newsroom: Newsroom,
    story: Story,
    language: str,
    *,
    force: bool = False,
    actor: str | None = None,
) -> Draft:
    """Translate one stored story version into one language and save the draft.

    Without ``force`` a current draft with the same signature is returned as it stands, at no cost.
    With it the story is translated again and the older draft is kept in history.

    :raises UnknownLanguage: for a language vietwire does not publish in.
    :raises TranslationFailed: if the engine breaks its contract; nothing is saved then.
    """
    check_language(language)
    signature = newsroom.engine.signature(newsroom.termbase.version)
    standing = newsroom.store.current_draft(story.source_id, story.version, language)
    returned = standing is not None and standing.returned
    # The same means would give the same text that a person has just sent back.
    strength = standing.strength if standing is not None and standing.made_by(signature) else 0
    strength = min(strength + returned, STRONGEST)
    if standing is not None and not force:
        untouched = standing.status is DraftStatus.MACHINE
        same = standing.signature == str(signature.stronger(strength))
        if not returned and (not untouched or same):
            return standing
    started = time.perf_counter()
    segments = segments_of(story)
    remembered = (
        {}
        if force
        else newsroom.store.memory(language, [s.text for s in segments], source_id=story.source_id)
    )
    todo = [
        number
        for number, segment in enumerate(segments)
        if segment.text not in remembered and needs_translation(segment.text)
    ]
    context = context_of(story)
    hits = [
        newsroom.termbase.find(s.text, language, on=story.day, context=context) for s in segments
    ]
    brief = frozenset(
        number
        for number, segment in enumerate(segments)
        if story.blocks[segment.block].kind in WHOLE_BLOCKS
    )
    steering = first_mentions(
        newsroom.termbase, [s.text for s in segments], hits, language, brief=brief
    )
    sent_back = _machine_texts(newsroom, standing) if standing is not None and returned else set()
    for strength in range(strength, STRONGEST + 1):  # noqa: B020 (on from where the last one was)
        translated = replace(newsroom.translator(), strength=strength).translate(
            [segments[number].text for number in todo],
            language,
            day=story.day,
            hits=[hits[number] for number in todo],
            steering=[steering[number] for number in todo],
        )
        answers = {segments[n].index: answer for n, answer in zip(todo, translated, strict=True)}
        drafted = [_drafted(segment, answers, remembered) for segment in segments]
        nothing_better = tuple(s.text for s in drafted) in sent_back
        if not nothing_better:
            break
    proofs, findings = proof(
        [(s.source, s.text) for s in drafted],
        language,
        termbase=newsroom.termbase,
        day=story.day,
        context=context,
    )
    if nothing_better:
        findings = (*findings, NOTHING_BETTER)
    draft = MachineDraft(
        source_id=story.source_id,
        story_version=story.version,
        language=language,
        signature=signature.stronger(strength),
        segments=tuple(
            replace(s, terms=found.terms, findings=found.findings)
            for s, found in zip(drafted, proofs, strict=True)
        ),
        findings=findings,
        seconds=time.perf_counter() - started,
    )
    if actor is None:
        return newsroom.store.save_machine_draft(draft, force=force)
    return newsroom.store.save_machine_draft(draft, force=force, actor=actor)


def _machine_texts(newsroom: Newsroom, standing: Draft) -> set[tuple[str, ...]]:
    """What the machine has offered so far for the story version and language of ``standing``."""
    rows = newsroom.store.draft_history(
        standing.source_id, standing.story_version, standing.language
    )
    drafts = [newsroom.store.draft(row.id) for row in rows]
    return {tuple(s.machine_text for s in draft.segments) for draft in drafts}


def _drafted(
    segment: Segment, answers: Mapping[int, Translated], remembered: Mapping[str, str]
) -> DraftSegment:
    """The draft's segment: by the machine, else from memory, else a copy."""
    answer = answers.get(segment.index)
    if answer is not None:
        target, origin, score = answer.text, "machine", answer.score
    elif segment.text in remembered:
        target, origin, score = remembered[segment.text], "memory", None
    else:
        target, origin, score = segment.text, "copy", None
    return DraftSegment(
        index=segment.index,
        block=segment.block,
        source=segment.text,
        machine_text=target,
        text=target,
        separator=segment.separator,
        origin=origin,
        score=score,
    )


def counts(draft: Draft) -> dict[str, int]:
    """What a run's table shows of a draft: segments, terms found and obeyed, findings."""
    terms = [term for segment in draft.segments for term in segment.terms]
    found = {severity.value: 0 for severity in Severity}
    for finding in draft.all_findings:
        found[finding.severity.value] += 1
    return {
        "segments": len(draft.segments),
        "terms": len(terms),
        "terms_obeyed": sum(1 for term in terms if term.obeyed),
        **found,
    }
