"""What a process reads is counted in memory that its parent sees."""

import os

from gate.core.read_counter import Counter, ReadCount, count_in, count_read


def test_a_forked_process_counts_for_its_parent_and_a_reset_begins_again() -> None:
    counter = Counter()
    count_read(files=9, size=9)  # this process counts nowhere
    if not (process := os.fork()):
        count_in(counter)
        count_read(files=1, size=100)
        count_read(size=11)
        os._exit(0)
    os.waitpid(process, 0)
    assert counter.count == ReadCount(files=1, bytes=111)
    counter.reset()
    assert counter.count == ReadCount()
    assert ReadCount(1, 2) + ReadCount(10, 20) == ReadCount(11, 22)
