"""The door of the VC-API that needs no key is never open to other machines."""

import runpy
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from recognition_service.app import create_app
from recognition_service.cli.errors import UnprotectedHostError
from recognition_service.cli.main import cli
from recognition_service.cli.serving import require_closed_doors
from recognition_service.config import ConfigurationError, read_config
from recognition_service.runtime.opening import open_runtime

WSGI = Path(__file__).parents[2] / "wsgi.py"


@pytest.fixture
def opened(monkeypatch, tmp_path):
    monkeypatch.setenv("VC_API_OPEN", "true")
    return read_config(tmp_path)


def test_the_door_is_shut_by_default(monkeypatch, tmp_path):
    monkeypatch.delenv("VC_API_OPEN", raising=False)
    config = read_config(tmp_path)
    assert config.vc_api_open is False
    require_closed_doors(config, "0.0.0.0")  # noqa: S104  # that nobody binds


def test_it_may_be_open_on_this_machine(opened):
    assert opened.vc_api_open is True
    for address in ("127.0.0.1", "127.8.8.8", "::1"):
        require_closed_doors(opened, address)


@pytest.mark.parametrize("address", ["0.0.0.0", "192.0.2.7", "::", "2001:db8::1"])  # noqa: S104
def test_it_is_refused_where_others_can_connect(opened, address):
    with pytest.raises(UnprotectedHostError, match="VC_API_OPEN"):
        require_closed_doors(opened, address)


@pytest.mark.usefixtures("opened")
def test_serving_ends_with_the_reason_and_leaves_nothing_behind(tmp_path):
    directory = tmp_path / "data"
    arguments = ["--data-dir", str(directory), "--host", "192.0.2.7", "--behind-proxy"]
    result = CliRunner().invoke(cli, ["serve", *arguments])
    assert result.exit_code != 0
    assert "VC_API_OPEN" in result.stderr
    assert not directory.exists()


@pytest.mark.usefixtures("opened")
def test_it_is_refused_where_a_proxy_lets_others_in(recognition, data_dir):
    result = recognition("serve", "--data-dir", data_dir, "--behind-proxy", exit_code=2)
    assert result.stderr.startswith("error: VC_API_OPEN lets anybody sign, and a proxy")


@pytest.fixture
def from_the_environment(monkeypatch, data_dir):
    """Load `wsgi.py` as a server does; who can connect is not told."""
    monkeypatch.setenv("RECOGNITION_DATA_DIR", str(data_dir))
    return lambda: runpy.run_path(str(WSGI))["app"]


def test_another_server_does_not_start_with_the_door_open(
    monkeypatch, from_the_environment
):
    monkeypatch.setenv("VC_API_OPEN", "true")
    with pytest.raises(ConfigurationError) as refused:
        from_the_environment()
    assert str(refused.value) == (
        "VC_API_OPEN lets anybody sign who reaches this server, and who that is "
        "cannot be known here. Unset it, or start the server with `recognition serve` "
        "or `recognition demo` on 127.0.0.1."
    )


def test_another_server_has_no_such_door(monkeypatch, from_the_environment):
    monkeypatch.delenv("VC_API_OPEN", raising=False)
    client = from_the_environment().test_client()
    assert client.get("/healthz").status_code == 200
    assert client.post("/credentials/issue", json={}).status_code == 404


def test_an_application_is_not_made_where_others_can_connect(opened, data_dir):
    runtime = open_runtime(
        replace(read_config(data_dir), vc_api_open=opened.vc_api_open)
    )
    with pytest.raises(ConfigurationError, match="VC_API_OPEN"):
        create_app(runtime)
    runtime.close()


def test_a_setting_that_is_neither_is_refused(monkeypatch, tmp_path):
    monkeypatch.setenv("VC_API_OPEN", "perhaps")
    with pytest.raises(ConfigurationError, match="VC_API_OPEN"):
        read_config(tmp_path)
