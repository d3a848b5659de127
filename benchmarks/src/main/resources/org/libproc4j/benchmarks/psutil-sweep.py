"""The psutil side of the comparison of sweeps over /proc: the same commands as snapshot.c, the same answers."""

import sys
import time

import psutil

FIELDS = ["pid", "ppid", "status", "create_time", "name"]

print(psutil.__version__, flush=True)
found = 0
for line in sys.stdin:
    command, *arguments = line.split()
    if command == "sweep":
        nanos = []
        for _ in range(int(arguments[0])):
            start = time.perf_counter_ns()
            found = len([process.info for process in psutil.process_iter(FIELDS)])
            nanos.append(str(time.perf_counter_ns() - start))
        print(*nanos, flush=True)
    else:
        print(found, flush=True)
