"""The system calls that a tool is refused, as a table, and the filter that the kernel makes of it.

ffmpeg needs files, memory and threads. It needs no socket, no child and no say over other processes, so a
hostile file that takes it over gets none of these either, as root as well as an ordinary user, inside every
sandbox. `execve` stays allowed, for the tool itself starts by it; what there is to execute is the sandbox's
business.
"""

import os
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from platform import machine

EPERM, ENOSYS = 1, 38
# CLONE_THREAD: what tells a thread from a process
THREAD_FLAG = 0x00010000
# Calls that came to Linux after these lists were written do not exist for a tool
LAST_KNOWN = 462

# Which machine a number belongs to, as the kernel calls it, and the row of its numbers below
ARCHITECTURES = {"x86_64": (0xC000003E, 0), "aarch64": (0xC00000B7, 1)}
# On x86-64 a second set of numbers (x32) begins here; it would walk around the list
X32_BIT = 0x40000000

CLONE, CLONE3 = (56, 220), (435, 435)
# Asked about itself (0) a tool learns its limits; about another process it could lower those of the worker
PRLIMIT = (302, 261)

# name: (x86-64, aarch64); None where the machine does not have it
REFUSED: dict[str, tuple[int | None, int | None]] = {
    # Talking to others
    "socket": (41, 198),
    "socketpair": (53, 199),
    "io_uring_setup": (425, 425),
    "io_uring_enter": (426, 426),
    "io_uring_register": (427, 427),
    "mq_open": (240, 180),
    "msgget": (68, 186),
    "semget": (64, 190),
    # Memory that no limit counts
    "shmget": (29, 194),
    "memfd_create": (319, 279),
    "memfd_secret": (447, 447),
    # Children; clone without the flag of a thread is refused apart
    "fork": (57, None),
    "vfork": (58, None),
    "execveat": (322, 281),
    # Other processes
    "kill": (62, 129),
    "tkill": (200, 130),
    "tgkill": (234, 131),
    "rt_sigqueueinfo": (129, 138),
    "rt_tgsigqueueinfo": (297, 240),
    "pidfd_open": (434, 434),
    "pidfd_getfd": (438, 438),
    "pidfd_send_signal": (424, 424),
    "ptrace": (101, 117),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "process_madvise": (440, 440),
    "process_mrelease": (448, 448),
    "kcmp": (312, 272),
    "perf_event_open": (298, 241),
    # Namespaces and mounts
    "unshare": (272, 97),
    "setns": (308, 268),
    "mount": (165, 40),
    "umount2": (166, 39),
    "pivot_root": (155, 41),
    "chroot": (161, 51),
    "fsopen": (430, 430),
    "fsconfig": (431, 431),
    "fsmount": (432, 432),
    "fspick": (433, 433),
    "move_mount": (429, 429),
    "open_tree": (428, 428),
    "mount_setattr": (442, 442),
    # What Landlock does not watch about files: shortening by name, rights, owners, attributes, times
    "truncate": (76, 45),
    "chmod": (90, None),
    "fchmod": (91, 52),
    "fchmodat": (268, 53),
    "fchmodat2": (452, 452),
    "chown": (92, None),
    "lchown": (94, None),
    "fchown": (93, 55),
    "fchownat": (260, 54),
    "setxattr": (188, 5),
    "lsetxattr": (189, 6),
    "fsetxattr": (190, 7),
    "removexattr": (197, 14),
    "lremovexattr": (198, 15),
    "fremovexattr": (199, 16),
    "utime": (132, None),
    "utimes": (235, None),
    "futimesat": (261, None),
    "utimensat": (280, 88),
    "mknod": (133, None),
    "mknodat": (259, 33),
    "name_to_handle_at": (303, 264),
    "open_by_handle_at": (304, 265),
    # The kernel's large rooms, where most of its holes have been
    "bpf": (321, 280),
    "userfaultfd": (323, 282),
    "keyctl": (250, 219),
    "add_key": (248, 217),
    "request_key": (249, 218),
    "fanotify_init": (300, 262),
    "personality": (135, 92),
    "syslog": (103, 116),
    "quotactl": (179, 60),
    "quotactl_fd": (443, 443),
    "lookup_dcookie": (212, 18),
    # The machine itself
    "init_module": (175, 105),
    "finit_module": (313, 273),
    "delete_module": (176, 106),
    "kexec_load": (246, 104),
    "kexec_file_load": (320, 294),
    "reboot": (169, 142),
    "swapon": (167, 224),
    "swapoff": (168, 225),
    "acct": (163, 89),
    "iopl": (172, None),
    "ioperm": (173, None),
    "adjtimex": (159, 171),
    "clock_adjtime": (305, 266),
    "clock_settime": (227, 112),
    "settimeofday": (164, 170),
    "sethostname": (170, 161),
    "setdomainname": (171, 162),
    "vhangup": (153, 58),
}

# The three kinds of instruction we use, and what a filter may answer
_LOAD, _IF_EQUAL, _IF_ABOVE, _IF_ANY_BIT, _ANSWER = 0x20, 0x15, 0x25, 0x45, 0x06
_ALLOW, _KILL = 0x7FFF0000, 0x80000000
_REFUSE, _UNKNOWN = 0x00050000 | EPERM, 0x00050000 | ENOSYS
# Where the kernel tells number, machine and first argument (its lower half: both machines are little-endian)
_NUMBER, _MACHINE, _FIRST_ARGUMENT = 0, 4, 16

Instruction = tuple[int, int, int, int]


def program(architecture: str | None = None) -> bytes | None:
    """The filter for this machine as the kernel reads it; None for machines we have no numbers of."""
    known = ARCHITECTURES.get(architecture or machine())
    if known is None:
        return None
    return b"".join(struct.pack("=HBBI", *instruction) for instruction in _instructions(*known))


@contextmanager
def handed_over(wanted: bool) -> Iterator[int | None]:
    """The filter as something to read from, for one child (`pass_fds`); None when it is not wanted."""
    code = program() if wanted else None
    if code is None:
        yield None
        return
    reader, writer = os.pipe()
    try:
        os.write(writer, code)  # a pipe takes far more than the two kilobytes of a filter at once
        os.close(writer)
        yield reader
    finally:
        os.close(reader)


def _instructions(audit_number: int, row: int) -> Iterator[Instruction]:
    yield (_LOAD, 0, 0, _MACHINE)
    yield from _unless(audit_number, _KILL)
    yield (_LOAD, 0, 0, _NUMBER)
    yield from _when(_IF_ABOVE, X32_BIT - 1, _KILL)
    yield from _when(_IF_ABOVE, LAST_KNOWN, _UNKNOWN)
    # Its flags lie in memory, where no filter sees them: the C library then falls back to clone
    yield from _when(_IF_EQUAL, CLONE3[row], _UNKNOWN)
    for numbers in REFUSED.values():
        number = numbers[row]
        if number is not None:
            yield from _when(_IF_EQUAL, number, _REFUSE)
    # From here on a match asks for the first argument: skip the four that look at it
    yield (_IF_EQUAL, 0, 4, CLONE[row])
    yield (_LOAD, 0, 0, _FIRST_ARGUMENT)
    yield (_IF_ANY_BIT, 1, 0, THREAD_FLAG)
    yield (_ANSWER, 0, 0, _REFUSE)
    yield (_ANSWER, 0, 0, _ALLOW)
    yield (_IF_EQUAL, 0, 3, PRLIMIT[row])
    yield (_LOAD, 0, 0, _FIRST_ARGUMENT)
    yield (_IF_EQUAL, 1, 0, 0)
    yield (_ANSWER, 0, 0, _REFUSE)
    yield (_ANSWER, 0, 0, _ALLOW)


def _when(kind: int, value: int, answer: int) -> Iterator[Instruction]:
    yield (kind, 0, 1, value)
    yield (_ANSWER, 0, 0, answer)


def _unless(value: int, answer: int) -> Iterator[Instruction]:
    yield (_IF_EQUAL, 1, 0, value)
    yield (_ANSWER, 0, 0, answer)
