"""Sessions of onnxruntime as we run them: one thread, because every core has a reading process of its own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import onnxruntime


def session(model: Path) -> Any:
    """An inference session on the CPU with one thread and no spinning."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    # Lines are of every width, and the arena keeps room for each it has seen.
    options.enable_cpu_mem_arena = False
    options.enable_mem_pattern = False
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
