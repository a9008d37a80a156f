"""Writes what was trained in the forms that Andon loads.

    python3 export.py OUT       OUT/base.gguf (Q8_0), OUT/base-q4_0.gguf, OUT/base/ (safetensors),
                                and OUT/TASK-KIND/ (PEFT) of each OUT/TASK-KIND.pt; of full training
                                OUT/TASK-full/ (safetensors) and OUT/TASK-full.gguf (Q8_0)"""

import json
import pathlib
import sys

import torch

import adapters
import files
from model import MODULES
from tokenizer import SPECIALS

NAME = "andon-assistant-base"
TEMPLATE = ("{% for message in messages %}{{ '<|im_start|>' + message['role'] + '\\n' + "
            "message['content'] + '<|im_end|>\\n' }}{% endfor %}"
            "{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}")
GGUF_NAMES = {
    "embed_tokens": "token_embd", "norm": "output_norm", "input_layernorm": "attn_norm",
    "post_attention_layernorm": "ffn_norm", "q_proj": "attn_q", "k_proj": "attn_k",
    "v_proj": "attn_v", "o_proj": "attn_output", "q_norm": "attn_q_norm", "k_norm": "attn_k_norm",
    "gate_proj": "ffn_gate", "up_proj": "ffn_up", "down_proj": "ffn_down",
}


def gguf_name(name):
    parts = name.split(".")
    last = GGUF_NAMES[parts[-2]]
    return f"blk.{parts[1]}.{last}.weight" if parts[0] == "layers" else f"{last}.weight"


def gguf_pairs(config, tokenizer):
    vocabulary = sorted(tokenizer["model"]["vocab"], key=tokenizer["model"]["vocab"].get)
    ends = {text: len(vocabulary) + place for place, text in enumerate(SPECIALS)}
    return {
        "general.architecture": "qwen3", "general.name": NAME, "general.license": "mit",
        "qwen3.block_count": config["layers"], "qwen3.context_length": config["context"],
        "qwen3.embedding_length": config["hidden"],
        "qwen3.feed_forward_length": config["intermediate"],
        "qwen3.attention.head_count": config["heads"],
        "qwen3.attention.head_count_kv": config["kv_heads"],
        "qwen3.attention.key_length": config["head_dim"],
        "qwen3.attention.value_length": config["head_dim"],
        "qwen3.attention.layer_norm_rms_epsilon": config["epsilon"],
        "qwen3.rope.freq_base": config["rope_theta"],
        "tokenizer.ggml.model": "gpt2", "tokenizer.ggml.pre": "smollm",
        "tokenizer.ggml.tokens": vocabulary + list(SPECIALS),
        "tokenizer.ggml.token_type": [1] * len(vocabulary) + [3] * len(SPECIALS),
        "tokenizer.ggml.merges": [" ".join(pair) for pair in tokenizer["model"]["merges"]],
        "tokenizer.ggml.eos_token_id": ends["<|im_end|>"],
        "tokenizer.ggml.add_bos_token": False, "tokenizer.chat_template": TEMPLATE,
    }


def write_base_gguf(path, base, tokenizer, kind):
    tensors = [(gguf_name(name), weight.numpy(), kind if weight.dim() == 2 else "F32")
               for name, weight in base["weights"].items()]
    files.write_gguf(path, gguf_pairs(base["config"], tokenizer), tensors)


def hugging_face_config(config):
    return {
        "architectures": ["Qwen3ForCausalLM"], "model_type": "qwen3", "torch_dtype": "float32",
        "vocab_size": config["vocabulary"], "hidden_size": config["hidden"],
        "intermediate_size": config["intermediate"], "num_hidden_layers": config["layers"],
        "num_attention_heads": config["heads"], "num_key_value_heads": config["kv_heads"],
        "head_dim": config["head_dim"], "max_position_embeddings": config["context"],
        "rms_norm_eps": config["epsilon"], "rope_theta": config["rope_theta"],
        "hidden_act": "silu", "attention_bias": False, "tie_word_embeddings": True,
    }


def write_json(path, value):
    path.write_text(json.dumps(value, indent=2) + "\n")


def write_folder(folder, base, tokenizer):
    """A folder as Hugging Face's library saves a model."""
    folder.mkdir(exist_ok=True)
    write_json(folder / "config.json", hugging_face_config(base["config"]))
    (folder / "tokenizer.json").write_text(json.dumps(tokenizer) + "\n")
    write_json(folder / "tokenizer_config.json",
               {"eos_token": "<|im_end|>", "add_bos_token": False, "chat_template": TEMPLATE})
    files.write_safetensors(folder / "model.safetensors", {
        f"model.{name}": weight.numpy() for name, weight in base["weights"].items()})


def peft_config(kind, rank, alpha):
    config = {"task_type": "CAUSAL_LM", "base_model_name_or_path": NAME, "inference_mode": True}
    if kind == "ia3":
        return {**config, "peft_type": "IA3", "target_modules": list(adapters.IA3_MODULES),
                "feedforward_modules": ["down_proj"]}
    return {**config, "peft_type": "LORA", "r": rank, "lora_alpha": alpha, "lora_dropout": 0.0,
            "bias": "none", "target_modules": list(MODULES), "use_dora": kind == "dora",
            "use_rslora": False}


def write_adapter(folder, trained):
    folder.mkdir(exist_ok=True)
    write_json(folder / "adapter_config.json",
               peft_config(trained["kind"], trained["rank"], trained["alpha"]))
    tensors = {f"base_model.model.model.{module}.{name}": value.numpy()
               for module, named in trained["tensors"].items() for name, value in named.items()}
    files.write_safetensors(folder / "adapter_model.safetensors", tensors, dtype="F16")


def with_full_weights(base, trained):
    """The base with the weights that full training put in place of its own."""
    weights = dict(base["weights"])
    for module, named in trained["tensors"].items():
        weights[f"{module}.weight"] = named["weight"]
    return {"config": base["config"], "weights": weights}


def write_full(out, name, weights, tokenizer):
    write_folder(out / name, weights, tokenizer)
    write_base_gguf(out / f"{name}.gguf", weights, tokenizer, "Q8_0")


def main(out):
    base = torch.load(out / "base.pt")
    tokenizer = json.loads((out / "tokenizer.json").read_text())
    write_base_gguf(out / "base.gguf", base, tokenizer, "Q8_0")
    write_base_gguf(out / "base-q4_0.gguf", base, tokenizer, "Q4_0")
    write_folder(out / "base", base, tokenizer)
    for path in sorted(out.glob("*-*.pt")):
        trained = torch.load(path)
        if trained["kind"] == "full":
            write_full(out, path.stem, with_full_weights(base, trained), tokenizer)
        else:
            write_adapter(out / path.stem, trained)


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
