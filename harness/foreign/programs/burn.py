"""Burns CPU by itself, in a thread and in a child, and says what the kernel charged it for that."""
import os
import resource
import sys
import threading
import time


def burn(seconds):
    until = time.process_time() + seconds
    while time.process_time() < until:
        sum(range(1000))


seconds = float(sys.argv[1])
burn(seconds)
thread = threading.Thread(target=burn, args=(seconds,))
thread.start()
thread.join()
if os.fork() == 0:
    burn(seconds)
    os._exit(0)
os.wait()
uses = [resource.getrusage(whose) for whose in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
print("charged", sum(use.ru_utime + use.ru_stime for use in uses) * 1000, flush=True)
time.sleep(60)
