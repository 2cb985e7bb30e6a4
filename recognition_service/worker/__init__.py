"""The worker: what must happen after a change, or at its time, without anybody."""
