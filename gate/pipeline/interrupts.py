"""An interrupt that is not lost: Python drops what is raised while an import or the garbage collector calls back."""

import signal

_came = False


def catch_interrupts() -> None:
    """From here on SIGTERM ends the process as Ctrl-C does; where SIGINT is ignored (`nohup … &`), it stays so."""
    signal.signal(signal.SIGTERM, _interrupt)
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, _interrupt)


def _interrupt(*_: object) -> None:
    global _came
    _came = True
    raise KeyboardInterrupt


def raise_if_lost() -> None:
    """Raise KeyboardInterrupt if one came before, and was dropped."""
    if _came:
        raise KeyboardInterrupt
