"""Builds tiny random networks on the spot, so that real loading code runs on real files."""

from __future__ import annotations

import hashlib
import io
import json
import warnings
from pathlib import Path

TAGS = [f">>{code}<<" for code in ("en", "fr", "es", "zh", "ru", "vi")]
MARKERS = ["▁<t>", "▁<to>", "▁</t>"]

SENTENCES = [
    "Hội nghị Cấp cao ASEAN lần thứ 37 khai mạc tại Hà Nội ngày 12 tháng 11.",
    "Thủ tướng Chính phủ Nguyễn Xuân Phúc chủ trì lễ khai mạc, phát biểu chào mừng.",
    "Các nước thành viên ký Hiệp định Đối tác Kinh tế Toàn diện Khu vực.",
    "The 37th ASEAN Summit opened in Hanoi on November 12, chaired by Viet Nam.",
    "Prime Minister Nguyen Xuan Phuc delivered the opening remarks in the East Sea debate.",
    "Le 37e Sommet de l'ASEAN s'est ouvert à Hanoï, le Premier ministre a pris la parole.",
    "La 37.ª Cumbre de la ASEAN se inauguró en Hanói el 12 de noviembre.",
    "第37届东盟峰会11月12日在河内开幕，越南政府总理阮春福主持。",
    "37-й саммит АСЕАН открылся в Ханое 12 ноября под председательством Вьетнама.",
    "Kim ngạch thương mại hai chiều đạt 1.234,5 triệu USD, tăng 12,3% so với năm 2019.",
] * 3


def subwords(pieces: int = 420) -> bytes:
    """Train a joint SentencePiece model on a few sentences: ids 0 </s>, 1 <unk>."""
    import sentencepiece

    model = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(SENTENCES),
        model_writer=model,
        model_type="unigram",
        vocab_size=pieces,
        character_coverage=0.999,
        byte_fallback=True,
        hard_vocab_limit=False,
        normalization_rule_name="identity",
        user_defined_symbols=[*TAGS, *MARKERS],
        eos_id=0,
        unk_id=1,
        bos_id=-1,
        pad_id=-1,
        minloglevel=2,
    )
    return model.getvalue()


def marian(
    folder: Path, *, width: int = 32, seed: int = 7, scale: float = 3.0, pieces: int = 420
) -> Path:
    """Write a random Marian network with its tokenizer, as ``save_pretrained`` lays it out."""
    import sentencepiece
    import torch
    from transformers import GenerationConfig, MarianConfig, MarianMTModel

    folder.mkdir(parents=True, exist_ok=True)
    model = subwords(pieces)
    for name in ("source.spm", "target.spm"):
        (folder / name).write_bytes(model)
    sp = sentencepiece.SentencePieceProcessor(model_proto=model)
    size = sp.get_piece_size()
    vocabulary = {sp.id_to_piece(i): i for i in range(size)} | {"<pad>": size}
    (folder / "vocab.json").write_text(json.dumps(vocabulary, ensure_ascii=False), "utf-8")
    (folder / "tokenizer_config.json").write_text(
        json.dumps(
            {
                "tokenizer_class": "MarianTokenizer",
                "source_lang": "vi",
                "target_lang": "en",
                "model_max_length": 512,
            }
        ),
        "utf-8",
    )
    torch.manual_seed(seed)
    config = MarianConfig(
        vocab_size=size + 1,
        d_model=width,
        encoder_layers=2,
        decoder_layers=2,
        encoder_attention_heads=4,
        decoder_attention_heads=4,
        encoder_ffn_dim=2 * width,
        decoder_ffn_dim=2 * width,
        max_position_embeddings=512,
        activation_function="swish",
        scale_embedding=True,
        static_position_embeddings=True,
        share_encoder_decoder_embeddings=True,
        tie_word_embeddings=True,
        pad_token_id=size,
        eos_token_id=0,
        bos_token_id=None,
        decoder_start_token_id=size,
        forced_eos_token_id=0,
    )
    network = MarianMTModel(config)
    with torch.no_grad():
        for name, value in network.named_parameters():
            if value.dim() > 1 and "embed_positions" not in name:
                value.normal_(0.0, scale / value.shape[-1] ** 0.5)
        network.final_logits_bias.zero_()
        network.final_logits_bias[0, 0] = 9.0
    network.generation_config = GenerationConfig(
        decoder_start_token_id=size,
        pad_token_id=size,
        eos_token_id=0,
        max_length=512,
        bad_words_ids=[[size]],
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        network.eval().save_pretrained(folder)
    return folder


def convert(folder: Path, output: Path, quantisation: str = "int8") -> Path:
    """Convert a Marian folder for CTranslate2."""
    import ctranslate2

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        ctranslate2.converters.TransformersConverter(str(folder)).convert(
            str(output), quantization=quantisation, force=True
        )
    return output


def embedded(folder: Path, **sizes: int) -> Path:
    """Write a folder laid out like ``models/embedded``: network, int8 form, checksums."""
    marian(folder, **sizes)
    convert(folder, folder / "ct2-int8")
    (folder / "spm.model").write_bytes((folder / "source.spm").read_bytes())
    (folder / "signature.json").write_text(json.dumps({"name": "tiny", "revision": "r0"}), "utf-8")
    write_sums(folder)
    return folder


def write_sums(folder: Path) -> None:
    """Write ``SHA256SUMS`` in the form of sha256sum."""
    lines = [
        f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.relative_to(folder).as_posix()}"
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != "SHA256SUMS"
    ]
    (folder / "SHA256SUMS").write_text("\n".join(lines) + "\n", "utf-8")
