"""The process that keeps the server: starts it, waits for it, and stops it after its last user.

It is started by the first user of a home, in a session of its own, and outlives that user if
others are there. Users hold `users.lock`, shared; the system lets go of it however they end, and
once the guardian can have it alone, nobody is left. Should the guardian itself be killed, the
kernel tells the server to shut down, and a user starts another guardian.
"""

from __future__ import annotations

import fcntl
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from fiel.platform.postgres.binaries import reachable_programs
from fiel.platform.postgres.cluster import check_version, make_cluster, write_settings
from fiel.platform.postgres.faults import Fault, ServerFailed
from fiel.platform.postgres.home import (
    Home,
    give_to,
    group_of,
    open_lock,
    try_lock,
    write_state,
)
from fiel.platform.postgres.owner import server_owner
from fiel.platform.postgres.phases import Phase
from fiel.platform.postgres.postmaster import (
    clear_stale_pid_file,
    end_former_servers,
    last_words,
    prune_logs,
    read_pid_file,
    start_postmaster,
    stop_postmaster,
)
from fiel.platform.postgres.socket_folder import make_socket_folder

# The exit code that says: another guardian is there already.
ANOTHER_IS_THERE = 3
_STARTS_TRIED = 5
_PRUNING_INTERVAL = 3600.0


class Guardian:
    """One server's keeper."""

    def __init__(self, home: Home, users_lock: int, *, durable: bool) -> None:
        self.home = home
        self.users_lock = users_lock
        self.durable = durable
        self.told_to_stop = False
        self.server: subprocess.Popen[bytes] | None = None
        self.socket_folder = Path()
        self.failed_starts = 0

    def say(self, phase: Phase, failure: ServerFailed | None = None) -> None:
        """Let the users know how the server is."""
        state = {
            "phase": phase,
            "guardian": os.getpid(),
            "server": self.server.pid if self.server else None,
            "socket_folder": str(self.socket_folder),
            "fault": failure.fault if failure else None,
            "parameters": failure.parameters if failure else {},
        }
        write_state(self.home, state)

    def keep(self) -> None:
        """Run the server until nobody uses it any more, or until told to stop."""
        self.prepare()
        self.start()
        pruned = -_PRUNING_INTERVAL
        while not self.is_over():
            if time.monotonic() - pruned > _PRUNING_INTERVAL:
                pruned = time.monotonic()
                prune_logs(self.home)
            if self.server is not None and self.server.poll() is not None:
                self.start_again()
            time.sleep(0.1)
        self.say(Phase.STOPPING)
        if self.server is not None:
            stop_postmaster(self.server)
        self.say(Phase.STOPPED)

    def prepare(self) -> None:
        """Make what is missing, and see a server of a former guardian off."""
        self.programs = reachable_programs()
        _act_as_owner(self.home)
        self.owner = server_owner(self.home)
        if not self.home.data.exists():
            self.say(Phase.PREPARING)
            make_cluster(self.home, self.programs, self.owner)
        check_version(self.home, self.programs)
        self.home.log.mkdir(mode=0o700, exist_ok=True)
        give_to(self.home.log, self.owner)
        end_former_servers(self.home)
        clear_stale_pid_file(self.home)
        write_settings(self.home, self.owner, durable=self.durable)
        self.socket_folder = make_socket_folder(self.home, self.owner)

    def start(self) -> None:
        """Start the server and wait until it takes connections, however long it recovers."""
        self.say(Phase.STARTING)
        self.server = start_postmaster(self.home, self.programs, self.owner, self.socket_folder)
        began = time.monotonic()
        told = 0
        while not self.is_over() and self.server.poll() is None:
            found = read_pid_file(self.home)
            if found and found.pid == self.server.pid and found.ready:
                self.failed_starts = 0
                self.say(Phase.READY)
                return
            waited = int(time.monotonic() - began)
            if waited > told:
                told = waited
                self.say(Phase.RECOVERING)
            time.sleep(0.01)

    def start_again(self) -> None:
        """The server ended though nobody asked it to: it was killed, or could not start."""
        self.failed_starts += 1
        if self.failed_starts > _STARTS_TRIED:
            raise ServerFailed(Fault.DOES_NOT_START, output=last_words(self.home))
        time.sleep(0.2 * (self.failed_starts - 1))
        end_former_servers(self.home)
        clear_stale_pid_file(self.home)
        self.start()

    def is_over(self) -> bool:
        """Whether the server is wanted no more."""
        return self.told_to_stop or try_lock(self.users_lock, fcntl.LOCK_EX)


def guard(data_home: Path, *, durable: bool) -> int:
    """Become the guardian of a home, unless it has one."""
    home = Home(data_home)
    guardian_lock = open_lock(home.guardian_lock)
    while not try_lock(guardian_lock, fcntl.LOCK_EX):
        # Users share it for a moment, to look whether it is free; only a guardian shares it not.
        if not try_lock(guardian_lock, fcntl.LOCK_SH):
            return ANOTHER_IS_THERE
        fcntl.flock(guardian_lock, fcntl.LOCK_UN)
        time.sleep(0.005)

    guardian = Guardian(home, open_lock(home.users_lock), durable=durable)
    guardian.say(Phase.STARTING)
    # The lock stays with the child; that this process ends says that it is held.
    if os.fork():
        os._exit(0)

    def stop(_signal: int, _frame: object) -> None:
        guardian.told_to_stop = True

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        guardian.keep()
    except ServerFailed as failure:
        guardian.say(Phase.FAILED, failure)
        return 1
    except (subprocess.SubprocessError, PermissionError) as failure:
        # What happens in a child before it becomes PostgreSQL is giving up root's rights.
        reason = ServerFailed(Fault.CANNOT_BECOME, reason=str(failure))
        guardian.say(Phase.FAILED, reason)
        return 1
    finally:
        # First this one: who comes next waits for the users' lock and then looks at this.
        fcntl.flock(guardian_lock, fcntl.LOCK_UN)
    return 0


def _act_as_owner(home: Home) -> None:
    """Root acts for the owner of a home, with no more rights than they have.

    Python itself may lie where only root can read: what is needed from here on is loaded already.
    """
    owner = home.folder.stat().st_uid
    if os.geteuid() == 0 and owner != 0:
        os.setgroups([])
        os.setgid(group_of(owner))
        os.setuid(owner)


if __name__ == "__main__":
    os.umask(0o077)
    os.chdir("/")
    sys.exit(guard(Path(sys.argv[1]), durable="--not-durable" not in sys.argv))
