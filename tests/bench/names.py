"""What the parts of the benchmark share; light, so that a measured start imports nothing for it."""

from __future__ import annotations

from datetime import UTC, datetime

NOW = datetime(2026, 3, 20, 2, 0, tzinfo=UTC)
KEY_FILE = "bench.key"
PASSPHRASE = "毛竹 豆腐 山泉 木桥 稻田"
