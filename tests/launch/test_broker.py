"""The private broker answers on a private socket and comes back empty after a kill."""

import os
import shutil
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from redis import Redis

from launch import broker
from launch.broker import Broker
from launch.errors import LaunchError
from launch.folders import make_private, socket_folder
from launch.install import site_packages
from launch.supervisor import Supervisor

BINARIES = [broker.installed_in(site_packages(Path(sys.executable))), Path("redis-server")]


@pytest.fixture(params=BINARIES, ids=["valkey", "redis"])
def server(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Broker]:
    sockets = socket_folder(tmp_path)
    make_private(sockets)
    yield Broker(binary=request.param, sockets=sockets, log=tmp_path / "broker.log")
    shutil.rmtree(sockets)


def test_it_takes_messages_and_comes_back_after_a_kill(server: Broker, tmp_path: Path) -> None:
    with Supervisor(say=lambda _text: None, ledger=tmp_path / "ledger.json") as watch:
        watch.start(server.service())
        with Redis(unix_socket_path=str(server.socket)) as client:
            assert client.ping() is True
            assert client.config_get("save", "port", "appendonly") == {
                "save": "",
                "port": "0",
                "appendonly": "no",
            }
        assert server.socket.stat().st_mode & 0o077 == 0

        os.kill(watch.pids("broker")[0], signal.SIGKILL)
        while server.ready():
            time.sleep(0.01)
        watch.start(server.service())

        assert server.ready()


def test_it_is_not_ready_before_it_runs(server: Broker) -> None:
    assert not server.ready()


def test_a_machine_without_a_wheel_is_told_to_bring_its_own(tmp_path: Path) -> None:
    with pytest.raises(LaunchError) as raised:
        broker.installed_in(tmp_path)

    assert raised.value.mend == "set BROKER_URL to a Redis or Valkey server of yours."
