"""The psutil side of the comparisons. Prints its version; answers each command with a line.

sweep N       reads the same of all processes as snapshot.c; the nanoseconds of each of N sweeps
count         how many processes the last sweep found
suspend PID   stops a process and sets it running; the nanoseconds of both together
"""

import sys
import time

import psutil

FIELDS = ["pid", "ppid", "status", "create_time", "name"]


def nanos(action):
    start = time.perf_counter_ns()
    result = action()
    return time.perf_counter_ns() - start, result


def sweep():
    return len([process.info for process in psutil.process_iter(FIELDS)])


def suspend(pid):
    process = psutil.Process(pid)
    return nanos(lambda: (process.suspend(), process.resume()))[0]


print(psutil.__version__, flush=True)
found = 0
for line in sys.stdin:
    command, *arguments = line.split()
    if command == "sweep":
        times = []
        for _ in range(int(arguments[0])):
            taken, found = nanos(sweep)
            times.append(str(taken))
        print(*times, flush=True)
    elif command == "suspend":
        print(suspend(int(arguments[0])), flush=True)
    else:
        print(found, flush=True)
