"""Run all benchmarks, one after the other, each in a process of its own."""

import subprocess
import sys

BENCHMARKS = (
    "bench_equivalence",
    "bench_answers",
    "bench_verification",
    "bench_sd_jwt",
    "bench_status",
    "bench_issuing",
    "bench_dual_certification",
    "bench_cohort",
    "bench_programme_report",
    "bench_clock",
    "bench_deadlines",
    "bench_impact",
    "bench_mutual_recognition",
    "bench_exchange",
    "bench_import",
    "bench_start",
)


def main() -> None:
    """Run them; stop at the first that fails."""
    for name in BENCHMARKS:
        print(f"\n== {name}\n", flush=True)
        subprocess.run([sys.executable, "-m", f"benchmarks.{name}"], check=True)  # noqa: S603  # our own modules


if __name__ == "__main__":
    main()
