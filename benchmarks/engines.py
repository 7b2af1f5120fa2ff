"""Speed of the engines on the same weights and the same text, as ratios within one run.

    python benchmarks/engines.py [--models models] [--lines FILE] [--to en] [--out FILE.json]

Measures, in one process and one after the other:

* CTranslate2 int8 (as vietwire runs it) over transformers in 32-bit floats, same weights, same
  batch of 16 and beam, in output tokens a second;
* what beam width and batch size cost;
* how long loading takes, checksums included.

Cores shared with other work make absolute figures too low and noisy; ratios suffer less, since
the runs alternate and the median of the rounds is taken. But PyTorch's threads wait for each
other: where the cores are not its own, take ``--threads 1``, or the ratio flatters CTranslate2.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from vietwire.engines.ct2 import Ct2Network
from vietwire.engines.decoding import Decoding, Hypothesis
from vietwire.engines.embedded import open_embedded, read_signature
from vietwire.engines.tokens import OwnTokens
from vietwire.engines.torch_network import TorchNetwork

SENTENCES = """\
Hội nghị Cấp cao ASEAN lần thứ 37 và các hội nghị liên quan khai mạc sáng 12/11 tại Hà Nội.
Thủ tướng Nguyễn Xuân Phúc, Chủ tịch ASEAN 2020, chủ trì lễ khai mạc theo hình thức trực tuyến.
Các nhà lãnh đạo đã thảo luận về hợp tác ứng phó đại dịch COVID-19 và phục hồi kinh tế.
Kim ngạch thương mại hai chiều đạt 1.234,5 triệu USD, tăng 12,3% so với cùng kỳ năm 2019.
Hiệp định Đối tác Kinh tế Toàn diện Khu vực (RCEP) được ký kết ngày 15/11.
Việt Nam nhấn mạnh lập trường nguyên tắc về vấn đề Biển Đông, trên cơ sở luật pháp quốc tế.
Đây là lần thứ hai trong năm nay hội nghị được tổ chức trực tuyến.
Bộ trưởng Ngoại giao các nước thành viên dự lễ ký.
Phát biểu tại hội nghị, Thủ tướng khẳng định đoàn kết là sức mạnh của Cộng đồng ASEAN.
Các đối tác cam kết đóng góp vào Quỹ ASEAN ứng phó COVID-19.
Theo phóng viên TTXVN tại Bangkok, báo chí Thái Lan đưa tin đậm nét về sự kiện này.
Chủ tịch Hội đồng Tư vấn Kinh doanh ASEAN cho rằng doanh nghiệp cần thêm hỗ trợ để chuyển đổi số.
Lãnh đạo các nước tiểu vùng Mekong nhất trí tăng cường quản lý bền vững nguồn nước.
Trong khuôn khổ hội nghị, triển lãm ảnh về 25 năm Việt Nam gia nhập ASEAN đã được khai mạc.
Giá gạo xuất khẩu tăng nhẹ trong tuần qua.
Ảnh: Lâm Khánh/TTXVN.
""".splitlines()


def tokens_of(found: Sequence[Sequence[Hypothesis]]) -> int:
    """Return the output tokens of the best hypotheses, their ends included."""
    return sum(len(hypotheses[0].tokens) + 1 for hypotheses in found)


def speeds(ways: dict[str, Callable[[], int]], rounds: int) -> dict[str, float]:
    """Return tokens a second of each way: median of rounds that take turns, after a warm-up."""
    for way in ways.values():
        way()
    seen: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(rounds):
        for name, way in ways.items():
            started = time.perf_counter()
            count = way()
            seen[name].append(count / (time.perf_counter() - started))
    return {name: round(statistics.median(values), 1) for name, values in seen.items()}


def machine() -> dict[str, Any]:
    """Describe where this ran."""
    import ctranslate2
    import torch
    import transformers

    model = platform.processor() or platform.machine()
    try:
        for line in Path("/proc/cpuinfo").read_text().splitlines():
            if line.startswith("model name"):
                model = line.split(":", 1)[1].strip()
                break
    except OSError:
        pass
    return {
        "processor": model,
        "cores": os.cpu_count(),
        "load_before": [round(value, 2) for value in os.getloadavg()],
        "system": platform.platform(),
        "python": platform.python_version(),
        "ctranslate2": ctranslate2.__version__,
        "torch": torch.__version__,
        "transformers": transformers.__version__,
    }


def loading(folder: Path, rounds: int) -> dict[str, float]:
    """Return seconds from a fresh process to an open engine, median; imports apart."""
    code = (
        "import time,sys;from pathlib import Path;a=time.perf_counter();"
        "import ctranslate2,sentencepiece;b=time.perf_counter();"
        "from vietwire.engines.embedded import open_embedded;"
        "open_embedded(Path(sys.argv[1]));c=time.perf_counter();print(b-a,c-b)"
    )
    seen = []
    for _ in range(rounds):
        done = subprocess.run(
            [sys.executable, "-c", code, str(folder)], capture_output=True, text=True, check=True
        )
        seen.append([float(value) for value in done.stdout.split()])
    return {
        "import_libraries_s": round(statistics.median(row[0] for row in seen), 3),
        "verify_and_load_s": round(statistics.median(row[1] for row in seen), 3),
    }


def measure(
    folder: Path, lines: Sequence[str], target: str, rounds: int, threads: int
) -> dict[str, Any]:
    """Return all figures for the network in ``folder``; both runtimes get ``threads``."""
    cores = threads or os.cpu_count() or 1
    tokens = OwnTokens(folder / "source.spm")
    rows = [tokens.source(line, target) for line in lines]
    decoding = Decoding(beam=2)
    exact = Ct2Network(folder / "ct2-int8", tokens, threads=cores)
    slow = TorchNetwork(folder, tokens, threads=cores, together=16)
    figures = speeds(
        {
            "ctranslate2_int8": lambda: tokens_of(exact.generate(rows, target, decoding)),
            "transformers_fp32": lambda: tokens_of(slow.generate(rows, target, decoding)),
        },
        rounds,
    )
    slow.close()
    report: dict[str, Any] = {
        "same_weights": {
            "tokens_per_second": figures,
            "ratio": round(figures["ctranslate2_int8"] / figures["transformers_fp32"], 2),
            "beam": 2,
            "threads": cores,
            "rows": len(rows),
            "rows_together": {"ctranslate2_int8": "up to 8 of one length", "transformers_fp32": 16},
        }
    }
    beams = (1, 2, 4, 8)
    by_beam = speeds(
        {
            str(beam): lambda beam=beam: tokens_of(  # type: ignore[misc]
                exact.generate(rows, target, replace(decoding, beam=beam))
            )
            for beam in beams
        },
        rounds,
    )
    report["tokens_per_second_by_beam"] = by_beam

    def in_batches(size: int) -> int:
        return sum(
            tokens_of(exact.generate(rows[at : at + size], target, decoding))
            for at in range(0, len(rows), size)
        )

    report["tokens_per_second_by_batch"] = speeds(
        {str(size): lambda size=size: in_batches(size) for size in (1, 4, 16, len(rows))},  # type: ignore[misc]
        rounds,
    )
    translator = exact._translator
    report["cost_of_exact_batches"] = speeds(
        {
            "exact": lambda: tokens_of(exact.generate(rows, target, decoding)),
            "padded_at_will": lambda: sum(
                len(result.hypotheses[0]) + 1
                for result in translator.translate_batch(
                    rows, beam_size=2, max_batch_size=16, max_decoding_length=128
                )
            ),
        },
        rounds,
    )
    exact.close()
    return report


def main(arguments: list[str] | None = None) -> int:
    """Run the benchmark; return the exit status."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--models", type=Path, default=Path("models"))
    parser.add_argument("--lines", type=Path, help="Vietnamese lines; the built-in ones without")
    parser.add_argument("--to", default="en")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--repeat", type=int, default=2, help="times the lines are taken")
    parser.add_argument("--threads", type=int, default=0, help="0 = all cores")
    parser.add_argument("--out", type=Path, default=Path("outputs/reports/bench-engines.json"))
    options = parser.parse_args(arguments)
    folder = options.models / "embedded"
    lines = options.lines.read_text("utf-8").splitlines() if options.lines else SENTENCES
    lines = list(lines) * options.repeat
    engine = open_embedded(folder)
    signature = str(engine.signature("none"))
    engine.close()
    started = time.time()
    report = {
        "benchmark": "engines",
        "machine": machine(),
        "network": {k: read_signature(folder).get(k) for k in ("name", "revision", "network")},
        "signature": signature,
        "to": options.to,
        "loading": loading(folder, options.rounds),
        **measure(folder, lines, options.to, options.rounds, options.threads),
    }
    report["load_after"] = [round(value, 2) for value in os.getloadavg()]
    report["seconds"] = round(time.time() - started, 1)
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(json.dumps(report, ensure_ascii=False, indent=1) + "\n", "utf-8")
    print(json.dumps(report, ensure_ascii=False, indent=1))
    print(f"written to {options.out}", file=sys.stderr)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
