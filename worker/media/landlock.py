"""The sandbox for hosts that forbid user namespaces: Landlock, set by a small program that becomes the tool.

Run by path as a script (`python -I -S -E landlock.py RULES -- TOOL ARGUMENTS`), because none of this may
happen between fork and exec of a program with threads. It starts with every run of a tool: it imports next
to nothing.

1. Die with the worker; gain no rights ever again; give up those of root.
2. See only what the rules name: `--run` a binary, `--see` libraries, `--read` a file, `--write` the job's
   folder, `--device` to read and write. No TCP, no signals to others, as far as the kernel knows how.
3. `--seccomp` a descriptor that holds the filter of system calls.
4. Become the tool, with an environment that knows nothing of ours.
"""

import ctypes
import os
import struct
import sys

# The numbers are the same on every machine
_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_CAPSET = {"x86_64": 126, "aarch64": 91}
_SET_PARENT_DEATH_SIGNAL, _SET_SECCOMP, _SET_NO_NEW_PRIVILEGES = 1, 22, 38
_SIGKILL = 9
_SECCOMP_FILTER = 2
_CAPABILITY_VERSION = 0x20080522
_ASK_FOR_VERSION = 1
_PATH_BENEATH = 1

_EXECUTE, _WRITE_FILE, _READ_FILE, _READ_DIR = 1 << 0, 1 << 1, 1 << 2, 1 << 3
_REMOVE_DIR, _REMOVE_FILE, _MAKE_DIR, _MAKE_REG = 1 << 4, 1 << 5, 1 << 7, 1 << 8
_REFER, _TRUNCATE, _IOCTL_DEV = 1 << 13, 1 << 14, 1 << 15
_ALL_OF_THE_FIRST = (1 << 13) - 1
_TCP = 0b11  # bind and connect
_SCOPES = 0b11  # abstract sockets and signals
NETWORK_SINCE, _SCOPES_SINCE = 4, 6

# The C library reserves 64 MB of address space for each thread, up to eight times the cores; it works as well
# with less, and the limit of memory can then be the same on every machine
ENVIRONMENT = {"MALLOC_ARENA_MAX": "4"}

_OF_FOLDERS_ALONE = _READ_DIR | _REMOVE_DIR | _REMOVE_FILE | _MAKE_DIR | _MAKE_REG | _REFER
_RIGHTS = {
    "--run": _READ_FILE | _EXECUTE,
    "--see": _READ_FILE | _READ_DIR | _EXECUTE,
    "--read": _READ_FILE,
    "--device": _READ_FILE | _WRITE_FILE,
    "--write": _READ_FILE | _WRITE_FILE | _TRUNCATE | _OF_FOLDERS_ALONE,
}

_libc = ctypes.CDLL(None, use_errno=True)


def version() -> int:
    """What this kernel's Landlock can do, as a number that grows; 0 where there is none."""
    return max(0, int(_libc.syscall(_CREATE_RULESET, None, ctypes.c_size_t(0), _ASK_FOR_VERSION)))


def confine(rules: list[tuple[str, str]]) -> None:
    """Let this process see what the rules name and nothing else, from here on and for all it becomes."""
    known = version()
    files = _files_watched_by(known)
    watched = struct.pack("=QQQ", files, _TCP * (known >= NETWORK_SINCE), _SCOPES * (known >= _SCOPES_SINCE))
    # Older kernels know a shorter structure; what they do not know is 0, but they refuse its length
    size = 8 if known < NETWORK_SINCE else 16 if known < _SCOPES_SINCE else 24
    ruleset = _call(_CREATE_RULESET, watched, ctypes.c_size_t(size), 0)
    for kind, path in rules:
        _allow(ruleset, path, _RIGHTS[kind] & files)
    _call(_RESTRICT_SELF, ruleset, 0)
    os.close(ruleset)


def _files_watched_by(known: int) -> int:
    newer = ((2, _REFER), (3, _TRUNCATE), (5, _IOCTL_DEV))
    return _ALL_OF_THE_FIRST | sum(right for since, right in newer if known >= since)


def _allow(ruleset: int, path: str, rights: int) -> None:
    if not os.path.isdir(path):
        rights &= ~_OF_FOLDERS_ALONE
    place = os.open(path, os.O_PATH | os.O_CLOEXEC)
    _call(_ADD_RULE, ruleset, _PATH_BENEATH, struct.pack("=Qi", rights, place), 0)
    os.close(place)


def _die_with(parent: int) -> None:
    _prctl(_SET_PARENT_DEATH_SIGNAL, _SIGKILL)
    if os.getppid() != parent:  # it died before we could ask for that
        sys.exit(1)


def _drop_capabilities() -> None:
    """With no new privileges to be had, not even root gets them back by becoming the tool."""
    _call(_CAPSET[os.uname().machine], struct.pack("=Ii", _CAPABILITY_VERSION, 0), bytes(24))


def _filter_calls(code: bytes) -> None:
    held = ctypes.create_string_buffer(code, len(code))
    _prctl(_SET_SECCOMP, _SECCOMP_FILTER, struct.pack("@HP", len(code) // 8, ctypes.addressof(held)))


def _prctl(option: int, value: int, more: bytes | int = 0) -> None:
    word = more if isinstance(more, bytes) else ctypes.c_ulong(more)
    if _libc.prctl(option, ctypes.c_ulong(value), word, ctypes.c_ulong(0), ctypes.c_ulong(0)) != 0:
        raise OSError(ctypes.get_errno(), "prctl")


def _call(number: int, *arguments: object) -> int:
    result = int(_libc.syscall(ctypes.c_long(number), *arguments))
    if result < 0:
        raise OSError(ctypes.get_errno(), "system call")
    return result


def main(words: list[str]) -> None:
    end = words.index("--")
    told = list(zip(words[:end:2], words[1:end:2], strict=True))
    rules, options = [rule for rule in told if rule[0] in _RIGHTS], dict(told)
    _die_with(int(options["--parent"]))
    _prctl(_SET_NO_NEW_PRIVILEGES, 1)
    code = b""
    if "--seccomp" in options:
        with open(int(options["--seccomp"]), "rb") as given:
            code = given.read()
    confine(rules)
    _drop_capabilities()
    if code:
        _filter_calls(code)
    tool = words[end + 1 :]
    os.execve(tool[0], tool, ENVIRONMENT)


if __name__ == "__main__":
    main(sys.argv[1:])
