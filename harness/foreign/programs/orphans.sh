# Grandchildren that nobody waits for: each is reparented, burns CPU, and says what it was charged.
for _ in 1 2 3; do
  (sh -c 'python3 -S -c "
import resource, time
until = time.process_time() + 0.3
while time.process_time() < until: sum(range(1000))
uses = [resource.getrusage(whose) for whose in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
print(\"charged\", sum(use.ru_utime + use.ru_stime for use in uses) * 1000, flush=True)
time.sleep(60)
" &')
done
sleep 60
