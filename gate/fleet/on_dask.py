"""Judging on the workers of a Dask scheduler (the extra `fleet`).

The scheduler gets batches of hundreds of targets, as it takes a millisecond for each task. A worker only starts
processes, so no target can end it. What it dies of otherwise costs its batch some repetition at most: the ledger says
what is done, and what the scheduler forgets or condemns is given out again.
"""

import time
from collections.abc import Sequence
from importlib import import_module
from typing import Any

from gate.core.errors import GateError, UnavailableError, UsageError
from gate.fleet.fleet_run import Judging, Reporting
from gate.fleet.target_run import FleetPlan, TargetOutcome, judge_batch

_BATCH = 200
_LEAST_BATCHES = 4
"""Batches for each worker, so that none waits for the last one long."""
_ROUNDS = 5
"""How often the scheduler may be lost before the run gives up; the ledger lets it go on later."""
_CONNECT_S = 30.0
_INSTALL = "Install the gate with its extra `fleet`"


def on_dask(address: str) -> Judging:
    """Return what judges on the workers of the scheduler at `address` (`HOST:PORT`).

    Raises UsageError if Dask is not installed.
    """
    dask = _dask()

    def judge(plan: FleetPlan, targets: Sequence[str], report: Reporting) -> None:
        ledger = plan.ledger()
        left = list(targets)
        seen: set[str] = set()

        def note(outcome: TargetOutcome) -> None:
            if outcome.target not in seen:
                seen.add(outcome.target)
                report(outcome)

        for number in range(_ROUNDS):
            why = "its workers were lost"
            try:
                with dask.Client(f"tcp://{address}", timeout=_CONNECT_S, set_as_default=False) as client:
                    _give_out(dask, client, plan, left, note)
            except (OSError, TimeoutError) as error:  # Dask's CommClosedError is an OSError
                why = type(error).__name__
            left = ledger.unfinished(target for target in left if target not in seen)
            if not left:
                return
            time.sleep(number)
        hint = "Start the same command again: what is finished is not repeated"
        raise UnavailableError(f"the scheduler was lost ({why})", path=address, hint=hint)

    return judge


def _dask() -> Any:
    try:
        return import_module("distributed")
    except ImportError as error:
        raise UsageError("--on dask:// needs the package distributed", hint=_INSTALL) from error


def _give_out(dask: Any, client: Any, plan: FleetPlan, targets: Sequence[str], report: Reporting) -> None:
    """Give all targets out once; batches that fail are left to the next round. Raises GateError of the store."""
    workers = max(1, len(client.nthreads()))
    size = max(1, min(_BATCH, len(targets) // (workers * _LEAST_BATCHES)))
    batches = [tuple(targets[start : start + size]) for start in range(0, len(targets), size)]
    futures = [client.submit(judge_batch, plan, batch, pure=False, retries=1) for batch in batches]
    for future in dask.as_completed(futures, loop=client.loop):
        if future.status == "finished":
            for outcome in future.result():
                report(outcome)
        elif isinstance(error := future.exception(), GateError):
            raise error
