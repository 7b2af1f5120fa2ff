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


def _hub_subwords(folder: Path, name: str, specials: list[str], **ids: int) -> Path:
    import sentencepiece

    folder.mkdir(parents=True, exist_ok=True)
    model = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(SENTENCES),
        model_writer=model,
        model_type="unigram",
        vocab_size=420,
        character_coverage=0.999,
        byte_fallback=True,
        hard_vocab_limit=False,
        user_defined_symbols=specials,
        minloglevel=2,
        **ids,
    )
    path = folder / name
    path.write_bytes(model.getvalue())
    return path


def _randomise(network, end: int, scale: float = 2.0) -> None:
    """Give a network sharp random opinions, so that its hypotheses differ clearly."""
    import torch

    torch.manual_seed(5)
    with torch.no_grad():
        for name, value in network.named_parameters():
            if value.dim() > 1 and "position" not in name and "relative" not in name:
                value.normal_(0.0, scale / value.shape[-1] ** 0.5)


def _save(network, tokenizer, folder: Path) -> Path:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        tokenizer.save_pretrained(folder)
        network.eval().save_pretrained(folder)
    return folder


def m2m100(folder: Path, *, languages: bool = True) -> Path:
    """Write a random M2M100 with its tokeniser."""
    import sentencepiece
    from transformers import M2M100Config, M2M100ForConditionalGeneration, M2M100Tokenizer

    model = _hub_subwords(folder, "sentencepiece.bpe.model", [])
    pieces = sentencepiece.SentencePieceProcessor(model_file=str(model))
    vocabulary = {"<s>": 0, "<pad>": 1, "</s>": 2, "<unk>": 3}
    for number in range(pieces.get_piece_size()):
        vocabulary.setdefault(pieces.id_to_piece(number), len(vocabulary))
    (folder / "vocab.json").write_text(json.dumps(vocabulary, ensure_ascii=False), "utf-8")
    tokenizer = M2M100Tokenizer(str(folder / "vocab.json"), str(model), src_lang="vi")
    network = M2M100ForConditionalGeneration(
        M2M100Config(
            vocab_size=len(tokenizer) + 8,
            d_model=32,
            encoder_layers=2,
            decoder_layers=2,
            encoder_attention_heads=4,
            decoder_attention_heads=4,
            encoder_ffn_dim=64,
            decoder_ffn_dim=64,
            max_position_embeddings=400,
            decoder_start_token_id=2,
        )
    )
    _randomise(network, 2)
    return _save(network, tokenizer, folder)


def nllb(folder: Path) -> Path:
    """Write a random NLLB: M2M100's network with its own tokeniser."""
    from transformers import M2M100Config, M2M100ForConditionalGeneration, NllbTokenizer

    vocabulary, merges = _byte_pairs()
    tokenizer = NllbTokenizer(vocab=vocabulary, merges=merges, src_lang="vie_Latn")
    network = M2M100ForConditionalGeneration(
        M2M100Config(
            vocab_size=len(tokenizer),
            d_model=32,
            encoder_layers=2,
            decoder_layers=2,
            encoder_attention_heads=4,
            decoder_attention_heads=4,
            encoder_ffn_dim=64,
            decoder_ffn_dim=64,
            max_position_embeddings=400,
            decoder_start_token_id=2,
        )
    )
    _randomise(network, 2)
    folder.mkdir(parents=True, exist_ok=True)
    return _save(network, tokenizer, folder)


def _byte_pairs() -> tuple[dict[str, int], list[tuple[str, str]]]:
    """Train a small BPE with SentencePiece's word mark."""
    from tokenizers import Tokenizer, models, pre_tokenizers, trainers

    trained = Tokenizer(models.BPE(unk_token="<unk>"))
    trained.pre_tokenizer = pre_tokenizers.Metaspace()
    trained.train_from_iterator(
        SENTENCES,
        trainers.BpeTrainer(
            vocab_size=420, special_tokens=["<s>", "<pad>", "</s>", "<unk>"], show_progress=False
        ),
    )
    content = json.loads(trained.to_str())["model"]
    return content["vocab"], [tuple(pair) for pair in content["merges"]]


def t5(folder: Path) -> Path:
    """Write a random T5 as MADLAD uses it: target tags in the vocabulary."""
    import sentencepiece
    from transformers import T5Config, T5ForConditionalGeneration, T5Tokenizer

    tags = [f"<2{code}>" for code in ("en", "fr", "es", "zh", "ru")]
    model = _hub_subwords(folder, "spiece.model", tags, pad_id=0, eos_id=1, unk_id=2, bos_id=-1)
    pieces = sentencepiece.SentencePieceProcessor(model_file=str(model))
    scored = [(pieces.id_to_piece(n), pieces.get_score(n)) for n in range(pieces.get_piece_size())]
    tokenizer = T5Tokenizer(vocab=scored, extra_ids=0)
    network = T5ForConditionalGeneration(
        T5Config(
            vocab_size=len(tokenizer),
            d_model=32,
            d_kv=8,
            d_ff=64,
            num_layers=2,
            num_heads=4,
            feed_forward_proj="gated-gelu",
            decoder_start_token_id=0,
            pad_token_id=0,
            eos_token_id=1,
        )
    )
    _randomise(network, 1, 1.5)
    return _save(network, tokenizer, folder)


def causal(folder: Path) -> Path:
    """Write a random Llama with a chat template."""
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
    from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

    trained = Tokenizer(models.BPE())
    trained.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    trained.decoder = decoders.ByteLevel()
    trained.train_from_iterator(
        SENTENCES,
        trainers.BpeTrainer(
            vocab_size=420,
            special_tokens=["<s>", "</s>", "<user>", "<assistant>"],
            initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
            show_progress=False,
        ),
    )
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=trained, bos_token="<s>", eos_token="</s>", pad_token="</s>"
    )
    tokenizer.chat_template = (
        "{{ bos_token }}{% for m in messages %}<user>{{ m['content'] }}{% endfor %}"
        "{% if add_generation_prompt %}<assistant>{% endif %}"
    )
    network = LlamaForCausalLM(
        LlamaConfig(
            vocab_size=len(tokenizer),
            hidden_size=32,
            intermediate_size=64,
            num_hidden_layers=2,
            num_attention_heads=4,
            max_position_embeddings=2048,
            bos_token_id=0,
            eos_token_id=1,
            pad_token_id=1,
        )
    )
    _randomise(network, 1, 1.5)
    folder.mkdir(parents=True, exist_ok=True)
    return _save(network, tokenizer, folder)
