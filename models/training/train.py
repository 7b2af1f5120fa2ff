"""Train the network; stop at any time and start again with the same command.

    python train.py --config configs/cpu/train.toml --work WORK --checkpoints FOLDER

Everything that decides the next step is in ``FOLDER/last.pt``: weights, optimisers, the place in
the data, random state. SIGTERM writes it and ends. To end a training well, write how long the
cool-down shall last into ``FOLDER/anneal`` while it runs: ``600 seconds``, ``400 steps`` or
``until 00:45`` (local time). The learning rate then falls to zero over that time, and the weights
are written as ``FOLDER/annealed.pt``; the state before is kept as ``FOLDER/before-anneal.pt``.

Several workers (``--workers 2 --rank 0`` and ``--rank 1``, at the same time in the same folder)
train one network: see ``recipe/meeting.py``. Worker 0 writes ``last.pt`` and the results, the
others keep their state in ``last-1.pt`` and so on.
"""

from __future__ import annotations

import argparse
import contextlib
import datetime as dt
import json
import logging
import math
import os
import signal
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import torch

from recipe import batches, checkpoints, corpus, guidance, meeting, settings, warmstart
from recipe.crossentropy import cross_entropy
from recipe.network import Marian, Shape
from recipe.optim import StackedMuon, split_parameters

LOG = logging.getLogger("train")


class Cooldown:
    """The final fall of the learning rate, by steps or by the clock."""

    def __init__(self, order: str, step: int, now: float) -> None:
        words = order.split()
        self.order = order
        self.first_step, self.started = step, now
        self.steps, self.seconds = 0, 0.0
        try:
            if len(words) == 2 and words[1] == "steps":
                self.steps = int(words[0])
            elif len(words) == 2 and words[1] == "seconds":
                self.seconds = float(words[0])
            elif len(words) == 2 and words[0] == "until":
                hour, minute = (int(part) for part in words[1].split(":"))
                here = dt.datetime.fromtimestamp(now, dt.UTC).astimezone()
                end = here.replace(hour=hour, minute=minute, second=0, microsecond=0)
                if end <= here:
                    end += dt.timedelta(days=1)
                self.seconds = (end - here).total_seconds()
            else:
                raise ValueError
        except ValueError:
            raise settings.SettingsError(
                f"anneal: cannot read {order!r}; write '600 seconds', '400 steps' or 'until 00:45'"
            ) from None

    def factor(self, step: int, now: float) -> float:
        """Return what the learning rate is multiplied with, from 1 down to 0."""
        if self.steps:
            left = 1 - (step - self.first_step) / self.steps
        else:
            left = 1 - (now - self.started) / max(self.seconds, 1e-9)
        return max(0.0, min(1.0, left))


class Trainer:
    """One training run."""

    def __init__(
        self, config: dict[str, Any], work: Path, folder: Path, rank: int = 0, workers: int = 1
    ) -> None:
        self.config = config
        self.rank = rank
        self.folder = folder
        self.work = work
        self.table = settings.need(config, "train", dict, "top")
        common = settings.need(self.table, "seed", int, "train")
        self.seed = common + 1000 * rank  # each worker has its own order of the data
        self.device = torch.device(settings.need(self.table, "device", str, "train"))
        if self.device.type == "cuda" and not torch.cuda.is_available():
            raise settings.SettingsError("[train] device is cuda, but there is no GPU here")
        self.half = bool(self.table.get("half", self.device.type == "cuda"))
        if "threads" in self.table:
            torch.set_num_threads(settings.need(self.table, "threads", int, "train"))
        torch.manual_seed(common)  # but all begin as one network
        torch.set_float32_matmul_precision("high")
        try:
            self.shape = Shape(**settings.need(config, "network", dict, "top"))
        except TypeError as error:
            raise settings.SettingsError(f"[network] {error}") from None
        annotated = config.get("annotated_stores", [])
        stores = [
            corpus.TokenStore.load(work / f"{name}.npz")
            for name in [*settings.need(config, "stores", list, "top"), *annotated]
        ]
        for store in stores:
            if len(store.target) and int(store.target.max()) >= self.shape.pad:
                raise settings.SettingsError(
                    f"store {store.direction} has ids beyond the vocabulary of the network"
                )
        self.restricted = bool(self.table.get("restricted_softmax", False))
        shares = "direction_shares" if "direction_shares" in config else "shares"
        self.mixture = batches.Mixture(
            stores,
            config.get("weights", {}),
            settings.need(config, shares, dict, "top"),
            settings.need(self.table, "batch_tokens", int, "train"),
            self.shape.pad,
            self.seed,
            mixed=not self.restricted,
            multiple=int(self.table.get("length_multiple", 1)),
            annotated=len(annotated),
            annotated_share=float(config.get("annotated_share", 0.0)),
            by_direction=shares == "direction_shares",
        )
        LOG.info("a pass: %s", json.dumps(batches.describe(self.mixture)))
        self.pieces = (
            batches.OutputPieces(
                stores,
                self.shape.vocabulary,
                int(self.table.get("sampled_pieces", 1000)),
                int(self.table.get("piece_at_least", 3)),
                int(self.table.get("common_pieces", 1000)),
            )
            if self.restricted
            else None
        )
        self.network = Marian(self.shape, float(self.table.get("dropout", 0.0)))
        matrices, others = split_parameters(self.network)
        self.muon_rate = float(self.table.get("muon_rate", 0.0))
        self.adam_rate = settings.need(self.table, "adam_rate", float, "train")
        self.cooldown: Cooldown | None = None
        self.step = self.turn = self.index = 0
        self.tokens = 0
        self.seconds = 0.0
        self.last = folder / ("last.pt" if rank == 0 else f"last-{rank}.pt")
        if not self.last.is_file():
            self._start(stores, common)
        torch.manual_seed(self.seed)
        self.network.to(self.device)
        betas = (0.9, float(self.table.get("adam_beta2", 0.98)))
        decay = float(self.table.get("weight_decay", 0.0))
        fused = self.device.type in ("cuda", "cpu")
        self.muon: StackedMuon | None = None
        if self.muon_rate:
            self.muon = StackedMuon(
                matrices,
                self.muon_rate,
                decay=decay,
                steps=int(self.table.get("muon_steps", 5)),
                half=self.half,
            )
        else:
            others = matrices + others
        self.adam = torch.optim.AdamW(
            others, self.adam_rate, betas=betas, eps=1e-9, weight_decay=0.0, fused=fused
        )
        if self.last.is_file():
            self._resume(checkpoints.read(self.last))
        self.run_network: Any = self.network
        if self.table.get("compile", False):
            self.run_network = torch.compile(self.network, dynamic=True)
        self.stopping = False
        self.meeting: meeting.Meeting | None = None
        if workers > 1:
            self.meeting = meeting.Meeting(
                folder / "meeting", rank, workers, float(self.table.get("meet_seconds", 120))
            )
        self.tokens_since = 0

    def _start(self, stores: list[corpus.TokenStore], seed: int) -> None:
        begin = self.table.get("begin_from", "")
        if begin:
            state = checkpoints.read(self.folder / begin)
            self.network.load_state_dict(state["network"])
            self.tokens, self.seconds = state["tokens"], state["seconds"]
            LOG.info("begin from the weights of %s", begin)
        elif self.table.get("company_embeddings", False):
            started = time.time()
            kept = self.work / f"company-{self.mixture.fingerprint()}-{self.shape.width}.npy"
            if not kept.is_file():
                table = warmstart.company_embeddings(
                    stores, self.shape.vocabulary, self.shape.width, seed
                )
                np.save(kept, table)
            table = np.load(kept)
            with torch.no_grad():
                self.network.shared.weight.copy_(torch.from_numpy(table))
            if self.table.get("near_identity", False):
                self.network.begin_near_identity()
            LOG.info("embeddings from the company of pieces, %.0f s", time.time() - started)

    def _resume(self, state: dict[str, Any]) -> None:
        self.network.load_state_dict(state["network"])
        self.adam.load_state_dict(state["adam"])
        if self.muon and state["muon"]:
            self.muon.load_state_dict(state["muon"])
        self.step, self.tokens, self.seconds = state["step"], state["tokens"], state["seconds"]
        torch.set_rng_state(state["random"])
        if state["data"] == self.mixture.fingerprint():
            self.turn, self.index = state["turn"], state["index"]
        else:
            LOG.info("the data differ from the checkpoint's: starting a new pass over them")
            self.turn, self.index = state["turn"] + 1, 0
        held = state.get("cooldown")
        if held and (self.folder / "anneal").is_file():
            self.cooldown = Cooldown(held["order"], held["first_step"], held["started"])
        LOG.info("resumed at step %d, pass %d, batch %d", self.step, self.turn, self.index)

    def state(self) -> dict[str, Any]:
        """Return everything that is needed to go on later."""
        return {
            "network": self.network.state_dict(),
            "adam": self.adam.state_dict(),
            "muon": self.muon.state_dict() if self.muon else None,
            "step": self.step,
            "turn": self.turn,
            "index": self.index,
            "tokens": self.tokens,
            "seconds": self.seconds,
            "random": torch.get_rng_state(),
            "data": self.mixture.fingerprint(),
            "cooldown": {
                "order": self.cooldown.order,
                "first_step": self.cooldown.first_step,
                "started": self.cooldown.started,
            }
            if self.cooldown
            else None,
            "shape": self.shape.as_dict(),
        }

    def slim(self) -> dict[str, Any]:
        """Return the weights and what names them."""
        return {
            "network": {name: value.clone() for name, value in self.network.state_dict().items()},
            "step": self.step,
            "tokens": self.tokens,
            "seconds": self.seconds,
            "shape": self.shape.as_dict(),
        }

    def save(self) -> None:
        """Write the full state and a weight-only copy; prune old copies."""
        checkpoints.write(self.state(), self.last)
        if self.rank == 0:
            checkpoints.write(self.slim(), self.folder / f"weights-{self.step:08d}.pt")
            checkpoints.prune(self.folder, int(self.table.get("keep", 8)))
        LOG.info("saved step %d", self.step)

    def schedule(self) -> float:
        """Return the factor on both learning rates for the coming step."""
        warm = max(1, int(self.table.get("warmup_steps", 100)))
        factor = min(1.0, (self.step + 1) / warm)
        hold = int(self.table.get("constant_steps", 0))
        if self.table.get("schedule", "constant") == "inverse_sqrt" and self.step > warm + hold:
            factor = math.sqrt((warm + hold) / self.step)
        if self.cooldown:
            factor *= self.cooldown.factor(self.step, time.time())
        return factor

    def loss(self, batch: batches.Batch) -> tuple[torch.Tensor, float, float]:
        """Return the loss to descend, the cross-entropy a token, the alignment loss."""
        half: Any = contextlib.nullcontext()
        if self.half:
            half = torch.autocast(self.device.type, torch.bfloat16)
        source = batch.source.to(self.device, non_blocking=True)
        target_in = batch.target_in.to(self.device, non_blocking=True)
        guide = float(self.table.get("guided_alignment", 0.0))
        shown = guide > 0 and batch.links is not None
        smoothing = float(self.table.get("label_smoothing", 0.0))
        with half:
            hidden, scores = self.run_network(source, target_in, shown)
            if self.pieces:
                rng = np.random.default_rng([self.seed, 7, self.step])
                pieces, raised, target = self.pieces.choose(batch, rng)
                wanted = target >= 0
                table, bias = self.network.output(pieces)
                bias = bias + raised
            else:
                target = batch.target_out.to(self.device, non_blocking=True)
                wanted = target != self.shape.pad
                table, bias = self.network.output()
            loss, plain = cross_entropy(hidden[wanted], table, bias, target[wanted], smoothing)
        guided = 0.0
        if shown and batch.links is not None:
            links, real = batch.links.to(self.device), batch.target_out != self.shape.pad
            guide_loss = guidance.guidance(scores, links, real.to(self.device))
            guided = float(guide_loss.detach())
            loss = loss + guide * guide_loss
        return loss, float(plain), guided

    def run(self, limit: int) -> None:
        """Train until told to stop, until the cool-down ends, or until step ``limit``."""
        signal.signal(signal.SIGTERM, self._stop)
        signal.signal(signal.SIGINT, self._stop)
        self.network.train()
        clip = float(self.table.get("clip", 1.0))
        every = int(self.table.get("log_every", 20))
        save_every = float(self.table.get("save_seconds", 600))
        saved = logged = time.time()
        sums = {"loss": 0.0, "guide": 0.0, "tokens": 0, "weight": 0}
        by_language: dict[str, list[float]] = {}
        cooled = False
        for turn, index, batch in self.mixture.run(self.turn, self.index):
            begun = time.time()
            if self.stopping or (limit and self.step >= limit):
                break
            self._look_for_cooldown()
            factor = self.schedule()
            if self.cooldown and factor <= 0:
                cooled = True
                break
            if self.muon:
                for group in self.muon.param_groups:
                    group["lr"] = self.muon_rate * factor
            for group in self.adam.param_groups:
                group["lr"] = self.adam_rate * factor
            loss, plain, guided = self.loss(batch)
            if not math.isfinite(plain):
                raise RuntimeError(f"the loss is {plain} at step {self.step}; stopped unsaved")
            loss.backward()
            torch.nn.utils.clip_grad_norm_(self.network.parameters(), clip)
            if self.muon:
                self.muon.step()
                self.muon.zero_grad()
            self.adam.step()
            self.adam.zero_grad()
            self.step += 1
            self.turn, self.index = turn, index
            self.tokens += batch.tokens
            self.tokens_since += batch.tokens
            if self.meeting and self.meeting.due():
                self._meet(self.meeting)
            self.seconds += time.time() - begun
            sums["loss"] += plain * batch.tokens
            sums["guide"] += guided * batch.tokens
            sums["tokens"] += batch.tokens
            held = by_language.setdefault(batch.language, [0.0, 0.0])
            held[0] += plain * batch.tokens
            held[1] += batch.tokens
            if self.step % every == 0:
                now = time.time()
                LOG.info(
                    "step %d pass %d batch %d tokens %d loss %.3f guide %.3f rate %.3f "
                    "tokens/s %.0f | %s",
                    self.step,
                    turn,
                    index,
                    self.tokens,
                    sums["loss"] / sums["tokens"],
                    sums["guide"] / sums["tokens"],
                    factor,
                    sums["tokens"] / (now - logged),
                    " ".join(f"{k} {v[0] / v[1]:.2f}" for k, v in sorted(by_language.items())),
                )
                logged = now
                sums = dict.fromkeys(sums, 0)
                by_language = {}
            if time.time() - saved > save_every:
                self.save()
                saved = time.time()
        if self.meeting:
            self.save()  # the others may be long in coming, and patience can run out
            self._meet(self.meeting, last=True)
        if cooled:
            self.cooldown = None  # a later start trains on at the full rate
        self.save()
        if cooled and self.rank == 0:
            checkpoints.write(self.slim(), self.folder / "annealed.pt")
            (self.folder / "anneal").unlink(missing_ok=True)
            LOG.info("cool-down ended at step %d, tokens %d", self.step, self.tokens)

    def _meet(self, place: meeting.Meeting, last: bool = False) -> None:
        present, theirs = place.meet(self.network, self.tokens_since, last)
        self.tokens += theirs
        if present == 1:
            return  # nobody came: what was learnt counts at the next meeting
        LOG.info("met at step %d: the mean of %d workers", self.step, present)
        self.tokens_since = 0

    def _look_for_cooldown(self) -> None:
        flag = self.folder / "anneal"
        if self.cooldown or not flag.is_file():
            return
        try:
            self.cooldown = Cooldown(flag.read_text().strip(), self.step, time.time())
        except settings.SettingsError as error:
            LOG.error("%s", error)
            flag.rename(flag.with_suffix(".refused"))
            return
        if self.rank == 0:
            checkpoints.write(self.state(), self.folder / "before-anneal.pt")
        LOG.info("cool-down begins at step %d: %s", self.step, flag.read_text().strip())

    def _stop(self, number: int, frame: Any) -> None:
        del number, frame
        self.stopping = True


def main(arguments: list[str] | None = None) -> int:
    """Run the step; return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--config", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True, help="folder that prepare wrote")
    parser.add_argument("--checkpoints", type=Path, required=True)
    parser.add_argument("--steps", type=int, default=0, help="stop after this step (0: do not)")
    parser.add_argument("--workers", type=int, default=1, help="how many train together")
    parser.add_argument("--rank", type=int, default=0, help="which of them this is, from 0")
    options = parser.parse_args(arguments)
    if not 0 <= options.rank < options.workers:
        parser.error("--rank must be from 0 to one less than --workers")
    options.checkpoints.mkdir(parents=True, exist_ok=True)
    log = "train.log" if options.rank == 0 else f"train-{options.rank}.log"
    logging.basicConfig(
        level=logging.INFO,
        format="%(asctime)s %(message)s",
        handlers=[
            logging.StreamHandler(),
            logging.FileHandler(options.checkpoints / log),
        ],
        force=True,
    )
    try:
        trainer = Trainer(
            settings.read(options.config),
            options.work,
            options.checkpoints,
            options.rank,
            options.workers,
        )
        LOG.info(
            "parameters %d, process %d",
            sum(p.numel() for p in trainer.network.parameters()),
            os.getpid(),
        )
        trainer.run(options.steps)
    except (settings.SettingsError, corpus.CorpusError, checkpoints.CheckpointError) as error:
        print(f"train: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
