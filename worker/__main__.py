"""Door 2: machines. A worker for each queue in one process, so that long work never blocks short work."""

import asyncio
import ctypes
import logging
import os
import signal
from concurrent.futures import ThreadPoolExecutor

import procrastinate

from pitchreview import logs
from pitchreview.config import Settings
from pitchreview.queue import HOUSE_QUEUE, MEDIA_QUEUE, OPEN_QUEUE
from worker.tasks.registry import DEAD_AFTER_SECONDS, HEARTBEAT_SECONDS, make_app
from worker.workshop import Workshop, open_workshop

log = logging.getLogger(__name__)

HOUSE_SLOTS = 3
# After this many seconds a running task is told to stop; it ends its ffmpeg and goes back.
GRACE_SECONDS = 1
# glibc gives each thread a heap of its own, which keeps what it once took; two do for threads that wait
M_ARENA_MAX, HEAPS = -8, 2


def main(settings: Settings) -> None:
    """Work until told to stop."""
    logs.configure(settings)
    _share_heaps()
    workshop = open_workshop(settings)
    log.info("media tools: %s", workshop.tools.describe())
    try:
        asyncio.run(_work(workshop, media_slots(settings)))
    finally:
        workshop.bench.close()


def _share_heaps() -> None:
    """Another C library has no such function, and no such habit."""
    set_option = getattr(ctypes.CDLL(None), "mallopt", None)
    if set_option is not None:
        set_option(M_ARENA_MAX, HEAPS)


def media_slots(settings: Settings) -> int:
    """One encode uses about two cores."""
    return settings.media_slots or max(1, (os.cpu_count() or 1) // 2)


async def _work(workshop: Workshop, slots: int) -> None:
    loop = asyncio.get_running_loop()
    loop.set_default_executor(ThreadPoolExecutor(HOUSE_SLOTS + 2 * slots + 2, thread_name_prefix="task"))
    connector = procrastinate.PsycopgConnector(
        conninfo=workshop.settings.libpq_url, min_size=1, max_size=6, kwargs={"connect_timeout": 5}
    )
    app = make_app(connector, workshop)
    async with app.open_async():
        workers = [
            asyncio.create_task(_run(app, HOUSE_QUEUE, HOUSE_SLOTS)),
            asyncio.create_task(_run(app, OPEN_QUEUE, slots)),
            asyncio.create_task(_run(app, MEDIA_QUEUE, slots)),
        ]
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, _stop, workshop, workers)
        await asyncio.gather(*workers, return_exceptions=True)


async def _run(app: procrastinate.App, queue: str, slots: int) -> None:
    await app.run_worker_async(
        queues=[queue],
        name=queue,
        concurrency=slots,
        install_signal_handlers=False,
        shutdown_graceful_timeout=GRACE_SECONDS,
        update_heartbeat_interval=HEARTBEAT_SECONDS,
        stalled_worker_timeout=2 * DEAD_AFTER_SECONDS,
        delete_jobs="successful",
    )


def _stop(workshop: Workshop, workers: list["asyncio.Task[None]"]) -> None:
    log.info("stopping")
    workshop.stopping.set()
    for worker in workers:
        worker.cancel()


if __name__ == "__main__":
    main(Settings())
