"""How figures are published is a setting, within limits."""

import pytest

from recognition_service.config import ConfigurationError, read_config


def test_counts_from_five_on_and_quarters_are_shown_unless_something_else_is_said(
    tmp_path, monkeypatch
):
    monkeypatch.delenv("STATISTICS_THRESHOLD", raising=False)
    monkeypatch.delenv("STATISTICS_QUARTERS", raising=False)
    config = read_config(tmp_path)
    assert (config.statistics_threshold, config.statistics_quarters) == (5, True)


def test_the_threshold_can_be_raised_and_quarters_left_out(tmp_path, monkeypatch):
    monkeypatch.setenv("STATISTICS_THRESHOLD", "10")
    monkeypatch.setenv("STATISTICS_QUARTERS", "false")
    config = read_config(tmp_path)
    assert (config.statistics_threshold, config.statistics_quarters) == (10, False)


@pytest.mark.parametrize("threshold", ["2", "0", "-5", "many"])
def test_a_threshold_that_protects_nobody_is_refused(tmp_path, monkeypatch, threshold):
    monkeypatch.setenv("STATISTICS_THRESHOLD", threshold)
    with pytest.raises(ConfigurationError, match="STATISTICS_THRESHOLD"):
        read_config(tmp_path)
