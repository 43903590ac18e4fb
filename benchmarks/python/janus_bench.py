"""Measures Python's janus: a thread sends elements to a coroutine, which sends them back.

Usage: python3 janus_bench.py [COUNT]
"""

import asyncio
import importlib.metadata
import platform
import statistics
import sys
import threading
import time

import janus

ROUNDS = 5


def stream(there, back, count, times):
    """Sends and takes in two threads, so that the queues are never in step."""

    def send():
        for i in range(count):
            there.put(i)

    sender = threading.Thread(target=send)
    start = time.perf_counter_ns()
    sender.start()
    for _ in range(count):
        back.get()
    times.append((time.perf_counter_ns() - start) / count)
    sender.join()


def ping_pong(there, back, count, times):
    """Sends each element when the last one has come back."""
    start = time.perf_counter_ns()
    for i in range(count):
        there.put(i)
        back.get()
    times.append((time.perf_counter_ns() - start) / count)


async def measure(work, capacity, count):
    there = janus.Queue(capacity)
    back = janus.Queue(capacity)
    times = []
    for _ in range(ROUNDS):
        thread = threading.Thread(target=work, args=(there.sync_q, back.sync_q, count, times))
        thread.start()
        for _ in range(count):
            await back.async_q.put(await there.async_q.get())
        thread.join()
    for queue in (there, back):
        queue.close()
        await queue.wait_closed()
    return statistics.median(times)


def main():
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 5_000
    print(f"Python {platform.python_version()}, janus {importlib.metadata.version('janus')}, ns per element")
    for work in (stream, ping_pong):
        for capacity in (1, 64, 1024):
            nanos = asyncio.run(measure(work, capacity, count))
            print(f"thread → coroutine → thread, {work.__name__}, capacity {capacity:<5} {nanos:>10,.0f}")


if __name__ == "__main__":
    main()
